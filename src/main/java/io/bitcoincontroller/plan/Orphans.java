package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Pods of a network whose StatefulSet was deleted without them ({@code kubectl delete sts
 * --cascade=orphan}). A new StatefulSet takes over the pods that it wants, and deletes the others,
 * whatever blocks they have.
 */
public final class Orphans {
  private Orphans() {}

  /**
   * The pod that keeps a new StatefulSet from being made, since that would delete it.
   *
   * @param pods all with the network's labels
   * @param unreadable ordinals of those that are there and can't be seen
   */
  public static Optional<Child> inTheWay(
      BitcoinNetwork network, List<Pod> pods, Set<Integer> unreadable) {
    if (Chain.atOnce(network)) {
      return Optional.empty();
    }
    var name = network.metadata().name();
    var seen =
        pods.stream()
            .filter(Orphans::isOne)
            .flatMap(pod -> Names.ordinal(name, pod.metadata().name()).stream());
    return Stream.concat(seen, unreadable.stream())
        .filter(ordinal -> ordinal >= network.spec().nodes())
        .max(Integer::compare)
        .<Child>map(last -> new Child.Orphaned(Names.pod(name, last), last + 1));
  }

  /**
   * Those that the new StatefulSet has not taken over yet, by ordinal. Until then they are seen as
   * nobody's, and afterwards it may take them away at once.
   *
   * @param pods all with the network's labels
   */
  public static Map<Integer, Unseen> notTakenOver(
      BitcoinNetwork network, Child statefulSet, List<Pod> pods) {
    var left = new HashMap<Integer, Unseen>();
    if (statefulSet instanceof Child.Ours(StoredObject stored)) {
      var uid = stored.metadata().uid();
      var others = pods.stream().filter(pod -> isOne(pod) && !pod.metadata().ownedBy(uid)).toList();
      Ordinals.of(network, others)
          .forEach(
              (ordinal, pod) ->
                  left.put(
                      ordinal, new Unseen("belongs to no StatefulSet yet", pod.metadata().uid())));
    }
    return left;
  }

  /**
   * Whether a StatefulSet of this name had the pod. The cache may show an owner that is gone: pods
   * and StatefulSets come by two watches. If the pod goes with its owner, its end starts a pass.
   */
  public static boolean isOne(Pod pod) {
    return !pod.metadata().deleting()
        && pod.metadata()
            .controllerOwner()
            .map(owner -> owner.kind().equals("StatefulSet"))
            .orElse(true);
  }
}
