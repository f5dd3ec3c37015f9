package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Spec;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of a StatefulSet's pods, from 0. Only as many are looked at as a network may have:
 * anybody may name a pod as he likes, and scale a StatefulSet to two thousand million.
 */
public final class Ordinals {
  private Ordinals() {}

  /** Pods may have the ordinals below this: as many as the spec or the StatefulSet wants. */
  public static int end(BitcoinNetwork network, Child statefulSet) {
    var present = statefulSet instanceof Child.Ours(var object) ? Children.replicas(object) : 0;
    return Math.min(Math.max(network.spec().nodes(), present), Spec.MOST_NODES);
  }

  /** A network's pods, by the ordinals in their names; others are left out. */
  public static Map<Integer, Pod> of(BitcoinNetwork network, List<Pod> pods) {
    var byOrdinal = new HashMap<Integer, Pod>();
    for (var pod : pods) {
      Names.ordinal(network.metadata().name(), pod.metadata().name())
          .filter(ordinal -> ordinal < Spec.MOST_NODES)
          .ifPresent(ordinal -> byOrdinal.put(ordinal, pod));
    }
    return byOrdinal;
  }
}
