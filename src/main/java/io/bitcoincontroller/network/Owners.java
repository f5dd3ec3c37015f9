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

/** Which network an event is about, and whether it is worth a pass; pure. */
public final class Owners {
  /** Labels that are read of anything. */
  private static final Set<String> READ =
      Set.of(
          "app",
          "app.kubernetes.io/instance",
          "app.kubernetes.io/managed-by",
          "app.kubernetes.io/name",
          "controller-revision-hash");

  private static final Pattern CHILD =
      Pattern.compile("(.{1,48})-(?:svc|conf|pdb|sts|sts-[0-9]{1,9})");

  private Owners() {}

  /**
   * The network of an object with our labels. Labels, not owner references: a pod's owner is the
   * StatefulSet. Whether the object really is the network's is judged by UID, in the pass.
   */
  public static Optional<ObjectKey> keyOf(KubeObject object) {
    var metadata = object.metadata();
    return Names.network(metadata.labels()).map(name -> new ObjectKey(metadata.namespace(), name));
  }

  /**
   * What the cache keeps of a Service, ConfigMap or StatefulSet: of one that no network controls,
   * so much as it takes to say whose it is. Everybody may put our labels on what is large.
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

  /** As {@link #kept(StoredObject)}, of a pod, which a StatefulSet controls. */
  public static Pod kept(Pod pod) {
    var metadata = pod.metadata().only(READ::contains, _ -> false);
    return metadata.controllerOwner().filter(o -> o.kind().equals("StatefulSet")).isPresent()
        ? pod.with(metadata)
        : Pod.only(metadata);
  }

  /** The network that an object of this name would be part of: of one that can't be read. */
  public static Optional<ObjectKey> keyOfName(ObjectKey object) {
    var name = CHILD.matcher(object.name());
    return name.matches()
        ? Optional.of(new ObjectKey(object.namespace(), name.group(1)))
        : Optional.empty();
  }

  /** A network's own status does not concern it: each mined block would start a pass. */
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
   * Of a StatefulSet, all but what its controller counts: the pods tell the same, and sooner. Which
   * change it has taken up, and which revision that is, only it can tell.
   */
  public static boolean childConcerns(Change<StoredObject> child) {
    return differs(
        child,
        (before, after) ->
            before.content().path("spec").equals(after.content().path("spec"))
                && same(before, after, "/status/observedGeneration")
                && same(before, after, "/status/updateRevision")
                && before.metadata().labels().equals(after.metadata().labels())
                && before.metadata().annotations().equals(after.metadata().annotations())
                && before.metadata().ownerReferences().equals(after.metadata().ownerReferences()));
  }

  /**
   * Of a pod, what decides whether and where its bitcoind can be reached, or why not, its last
   * words included: but that a container is tried again, and fails as before, changes nothing.
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
