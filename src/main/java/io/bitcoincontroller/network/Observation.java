package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.PeerAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * All that a pass looks at.
 *
 * @param pods those that our StatefulSet controls, by ordinal; more than wanted while it shrinks
 * @param views what the ready ones said, by ordinal
 * @param heights how high each pod's chain was when it last told, ready or not, by ordinal
 * @param stalled ready ones that are below the tallest and have not grown for a while
 * @param uncured those whom the last cure did not help, if it was of the first kind
 * @param judged block of a taller chain that each of the stalled ones has judged invalid, by
 *     ordinal
 * @param listedAnyway addresses that a node calls listed although its list does not show them, by
 *     ordinal
 * @param altered hash of the pod template that the API server stores otherwise than it was applied;
 *     empty if none
 * @param mayDial false for a link that is being dialled, or rests after a try
 * @param mayReach the same for a declared peer
 * @param round how many passes in a row have just changed the mesh: their effect shows in the next
 *     one
 */
record Observation(
    BitcoinNetwork network,
    Child service,
    Child configMap,
    Child statefulSet,
    SecretState secret,
    Map<Integer, Pod> pods,
    Map<Integer, NodeView> views,
    Map<Integer, Long> heights,
    Set<Integer> stalled,
    Set<Integer> uncured,
    Map<Integer, String> judged,
    Map<Integer, Set<String>> listedAnyway,
    Optional<String> altered,
    Predicate<Dial> mayDial,
    Predicate<Reach> mayReach,
    int round) {

  static Map<Integer, Pod> byOrdinal(String network, List<Pod> pods) {
    var byOrdinal = new HashMap<Integer, Pod>();
    for (var pod : pods) {
      Names.ordinal(network, pod.metadata().name()).ifPresent(n -> byOrdinal.put(n, pod));
    }
    return byOrdinal;
  }

  int nodes() {
    return network.spec().nodes();
  }

  boolean ready(int ordinal) {
    var pod = pods.get(ordinal);
    return ordinal < nodes() && pod != null && pod.ready();
  }

  /**
   * Nodes that refuse our credentials but are ready to be dialled: pods of an older revision, while
   * a changed Secret rolls out.
   */
  Set<Integer> deaf() {
    var deaf = new TreeSet<Integer>();
    views.forEach(
        (ordinal, view) -> {
          if (view instanceof NodeView.Unauthorized) {
            deaf.add(ordinal);
          }
        });
    return deaf;
  }

  /** Addresses that are of a pod of this network, ready or not. */
  Map<Integer, PeerAddress> live() {
    var live = new HashMap<Integer, PeerAddress>();
    pods.forEach(
        (ordinal, pod) -> {
          if (pod.live()) {
            live.put(ordinal, PeerAddress.ofPod(pod.status().podIP()));
          }
        });
    return live;
  }
}
