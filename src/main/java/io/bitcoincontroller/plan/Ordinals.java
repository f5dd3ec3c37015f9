package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The numbers of a StatefulSet's pods, from 0. */
public final class Ordinals {
  private Ordinals() {}

  /** Pods may have the ordinals below this: as many as the spec or the StatefulSet wants. */
  public static int end(BitcoinNetwork network, Child statefulSet) {
    var present = statefulSet instanceof Child.Ours(var object) ? Children.replicas(object) : 0;
    return Math.max(network.spec().nodes(), present);
  }

  /** A network's pods, by the ordinals in their names; a pod without one is left out. */
  public static Map<Integer, Pod> of(BitcoinNetwork network, List<Pod> pods) {
    var byOrdinal = new HashMap<Integer, Pod>();
    for (var pod : pods) {
      Names.ordinal(network.metadata().name(), pod.metadata().name())
          .ifPresent(ordinal -> byOrdinal.put(ordinal, pod));
    }
    return byOrdinal;
  }
}
