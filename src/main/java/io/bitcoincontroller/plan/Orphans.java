package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import java.util.List;
import java.util.Optional;

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
   */
  public static Optional<Child> inTheWay(BitcoinNetwork network, List<Pod> pods) {
    if (Chain.atOnce(network)) {
      return Optional.empty();
    }
    var wanted = network.spec().nodes();
    return Ordinals.of(
            network,
            pods.stream().filter(pod -> pod.metadata().controllerOwner().isEmpty()).toList())
        .keySet()
        .stream()
        .filter(ordinal -> ordinal >= wanted)
        .max(Integer::compare)
        .map(
            last ->
                new Child.Foreign(
                    "Pod " + Names.pod(network.metadata().name(), last),
                    "no StatefulSet, and a new one of "
                        + wanted
                        + " nodes would delete it with its blocks (set spec.nodes to "
                        + (last + 1)
                        + " first, to keep it)"));
  }
}
