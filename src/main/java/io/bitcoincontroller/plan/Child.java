package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;

/** The object that has the name of one of our children, if there is one, and whose it is. */
public sealed interface Child {
  /**
   * There is none. The API server said so itself, since our cache does not show what others made;
   * or the network is new, and its POST will tell.
   */
  record Absent() implements Child {}

  /** Controlled by this very network, by UID. */
  record Ours(StoredObject object) implements Child {}

  /**
   * A child of a deleted network of the same name: the garbage collector is about to take it.
   *
   * @param what kind and name, for people
   */
  record Leftover(String what) implements Child {}

  /**
   * Somebody else's: never touched.
   *
   * @param what kind and name, for people
   * @param owner whose it is, for people
   */
  record Foreign(String what, String owner) implements Child {}

  /**
   * There is no StatefulSet, and a new one would delete a pod of the one before it, with its
   * blocks.
   *
   * @param pod its name
   * @param nodes as many as the spec has to want for the pod to stay; perhaps more than it may
   */
  record Orphaned(String pod, int nodes) implements Child {}

  /**
   * The API server did not say; the next pass asks again.
   *
   * @param why what was asked, and the answer, for people
   */
  record Unreadable(String why) implements Child {}

  /** Decides by the controller in its owner references. */
  static Child of(BitcoinNetwork network, Resource<?> resource, StoredObject found) {
    if (found.metadata().ownedBy(network.metadata().uid())) {
      return new Ours(found);
    }
    var what = resource.kind() + " " + found.metadata().name();
    if (isLeftover(network, found.metadata())) {
      return new Leftover(what);
    }
    var owner =
        found
            .metadata()
            .controllerOwner()
            .map(o -> o.kind() + " " + o.name() + " (UID " + o.uid() + ")")
            .orElse("nobody that this controller knows");
    return new Foreign(what, owner);
  }

  /** Whether a network of the same name and another UID controls it. */
  static boolean isLeftover(BitcoinNetwork network, Meta object) {
    return object
        .controllerOwner()
        .filter(owner -> owner.kind().equals(BitcoinNetwork.RESOURCE.kind()))
        .filter(owner -> owner.name().equals(network.metadata().name()))
        .filter(owner -> !owner.uid().equals(network.metadata().uid()))
        .isPresent();
  }
}
