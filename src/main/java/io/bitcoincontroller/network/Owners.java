package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.cache.Change;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/** Finds the network that a change of the cache is about, and whether it needs a pass. */
public final class Owners {
  /** The labels that any part of this controller reads. */
  private static final Set<String> READ =
      Set.of(
          "app",
          "app.kubernetes.io/instance",
          "app.kubernetes.io/managed-by",
          "app.kubernetes.io/name",
          "controller-revision-hash");

  private static final Pattern CHILD = Pattern.compile("(.{1,48})-(?:svc|pdb|sts|sts-[0-9]{1,9})");

  private Owners() {}

  /**
   * The network that an object's labels name. Owner references would not do: a pod's owner is the
   * StatefulSet. The pass judges by UID whether the object is really the network's.
   *
   * @return empty if the labels are not ours
   */
  public static Optional<ObjectKey> keyOf(KubeObject object) {
    var metadata = object.metadata();
    return Names.network(metadata.labels()).map(name -> new ObjectKey(metadata.namespace(), name));
  }

  /**
   * The part of a Service, StatefulSet or budget that the cache keeps. If no network controls the
   * object, this is just enough to say whose it is: anybody may put our labels on large objects.
   */
  public static StoredObject kept(StoredObject child) {
    var ours =
        child
            .metadata()
            .controllerOwner()
            .filter(owner -> owner.kind().equals(BitcoinNetwork.RESOURCE.kind()))
            .filter(owner -> owner.apiVersion().startsWith(BitcoinNetwork.RESOURCE.group() + "/"));
    return ours.isPresent() ? child : child.only(child.metadata().only(READ::contains, _ -> false));
  }

  /** The same for a pod, which a StatefulSet has to control. */
  public static Pod kept(Pod pod) {
    var metadata = pod.metadata().only(READ::contains, _ -> false);
    return metadata.controllerOwner().filter(o -> o.kind().equals("StatefulSet")).isPresent()
        ? pod.with(metadata)
        : Pod.only(metadata);
  }

  /** The network to which an unreadable object belongs, going by its name. */
  public static Optional<ObjectKey> keyOfName(ObjectKey object) {
    var name = CHILD.matcher(object.name());
    return name.matches()
        ? Optional.of(new ObjectKey(object.namespace(), name.group(1)))
        : Optional.empty();
  }

  /** Whether a network changed but for its status: each mined block would start a pass. */
  public static boolean concerns(Change<StoredObject> network) {
    return differs(
        network,
        (before, after) ->
            before.metadata().generation() == after.metadata().generation()
                && before.metadata().labels().equals(after.metadata().labels())
                && before.metadata().annotations().equals(after.metadata().annotations())
                && before.metadata().deleting() == after.metadata().deleting());
  }

  /**
   * Whether a child changed. The counts in a StatefulSet's status are left out: events of pods show
   * the same, and sooner; a pass that waits for a count looks again by itself. Only the controller
   * shows which change it has taken up, and which revisions there are.
   */
  public static boolean childConcerns(Change<StoredObject> child) {
    return differs(
        child,
        (before, after) ->
            before.content().path("spec").equals(after.content().path("spec"))
                && same(before, after, "/status/observedGeneration")
                && same(before, after, "/status/updateRevision")
                && same(before, after, "/status/currentRevision")
                && before.metadata().labels().equals(after.metadata().labels())
                && before.metadata().annotations().equals(after.metadata().annotations())
                && before.metadata().ownerReferences().equals(after.metadata().ownerReferences()));
  }

  /**
   * Whether a pod changed in what a pass uses: is it ready, at which address, whose is it, and why
   * does it not start. A container that is tried again and fails as before is no change.
   */
  public static boolean podConcerns(Change<Pod> pod) {
    return differs(
        pod,
        (before, after) ->
            before.ready() == after.ready()
                && before.live() == after.live()
                && before.status().podIP().equals(after.status().podIP())
                && (after.trouble().isEmpty() || before.trouble().equals(after.trouble()))
                && before.metadata().ownerReferences().equals(after.metadata().ownerReferences())
                && before.metadata().labels().equals(after.metadata().labels()));
  }

  private static boolean same(StoredObject before, StoredObject after, String field) {
    return before.content().at(field).equals(after.content().at(field));
  }

  private static <T extends KubeObject> boolean differs(
      Change<T> change, BiPredicate<T, T> sameForUs) {
    return change.before().isEmpty()
        || change.after().isEmpty()
        || !sameForUs.test(change.before().get(), change.after().get());
  }
}
