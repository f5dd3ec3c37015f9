package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that a pass looks at.
 *
 * @param budget empty where there is to be none, and none of ours is known
 * @param pods those that our StatefulSet controls, by ordinal; more than wanted while it shrinks
 * @param held how many of them make up the network now: more than wanted while some are kept
 * @param views what the ready ones of these said, by ordinal
 * @param chain who has the tallest one
 * @param stalled ready ones that are below the tallest and have not grown for a while
 * @param refused why the StatefulSet's controller makes no pods, in its words; empty if it does, or
 *     says nothing
 * @param uncured those whom the last cure did not help, if it was of the first kind
 * @param judgements block of a taller chain that each of the stalled ones has judged invalid, by
 *     ordinal; empty: none; absent for one that has not been asked, or never answered
 * @param listedAnyway addresses that a node calls listed although its list does not show them, by
 *     ordinal
 * @param restingDials links that are being dialled, or rest after a try
 * @param restingReaches the same, of declared peers
 * @param round how many passes in a row have just changed the mesh: the next pass sees the effect
 */
public record Observation(
    BitcoinNetwork network,
    Child service,
    Child configMap,
    Child statefulSet,
    Optional<Budget> budget,
    SecretState secret,
    Map<Integer, Pod> pods,
    Held held,
    Map<Integer, NodeView> views,
    Chain chain,
    Set<Integer> stalled,
    Optional<String> refused,
    Set<Integer> uncured,
    Map<Integer, Optional<String>> judgements,
    Map<Integer, Set<String>> listedAnyway,
    Set<Dial> restingDials,
    Set<Reach> restingReaches,
    int round) {

  /**
   * A network's PodDisruptionBudget.
   *
   * @param withPolicy see {@link BudgetSupport#WITH_EVICTION_POLICY}
   * @param rival name of another one over the same pods, if that was looked for
   */
  public record Budget(Child child, boolean withPolicy, Optional<String> rival) {
    /** Why there is none, for people. Its network does without: that is no trouble of its own. */
    public Optional<String> remark() {
      return switch (child) {
        case Child.Foreign(String what, String owner) ->
            Optional.of(what + " is there already and belongs to " + owner + "; it is left alone");
        case Child.Unreadable(String why) -> Optional.of(why);
        case Child.Absent _, Child.Leftover _, Child.Ours _ ->
            rival.map(
                name ->
                    "PodDisruptionBudget "
                        + name
                        + " selects this network's pods, and two over one pod make its evictions"
                        + " fail: no other one is made");
      };
    }
  }

  /** Those that have judged a block of a taller chain invalid, with that block. */
  Map<Integer, String> judged() {
    var judged = new TreeMap<Integer, String>();
    judgements.forEach((ordinal, of) -> of.ifPresent(block -> judged.put(ordinal, block)));
    return judged;
  }

  /** Pods may have the ordinals below this: as many as the spec or the StatefulSet wants. */
  public static int ordinals(BitcoinNetwork network, Child statefulSet) {
    var present = statefulSet instanceof Child.Ours(var object) ? Children.replicas(object) : 0;
    return Math.max(network.spec().nodes(), present);
  }

  /**
   * A network's pods, by the ordinals in their names.
   *
   * @param network its name
   */
  public static Map<Integer, Pod> byOrdinal(String network, List<Pod> pods) {
    var byOrdinal = new HashMap<Integer, Pod>();
    for (var pod : pods) {
      Names.ordinal(network, pod.metadata().name()).ifPresent(n -> byOrdinal.put(n, pod));
    }
    return byOrdinal;
  }

  /** Ordinals of pods that the StatefulSet wants, and that are not there. */
  public static Set<Integer> missing(Child statefulSet, Chain chain) {
    var missing = new TreeSet<Integer>();
    if (statefulSet instanceof Child.Ours(var set)) {
      var wanted = set.content().path("spec").path("replicas").asInt();
      for (var ordinal = 0; ordinal < wanted; ordinal++) {
        if (!chain.there(ordinal)) {
          missing.add(ordinal);
        }
      }
    }
    return missing;
  }

  public Set<Integer> missing() {
    return missing(statefulSet, chain);
  }

  int nodes() {
    return held.nodes();
  }

  /** Who is linked with whom: nodes that are kept can be too many for a full mesh for a while. */
  Topology topology() {
    return nodes() > Topology.LARGEST_FULL_MESH ? Topology.SPARSE : network.spec().topology();
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

  /** The status keeps the address of a pod that can't be seen now. */
  String lastAddress(int ordinal) {
    return network.status().path("nodes").path(ordinal).path("ip").asText();
  }

  /** Addresses that are of a pod of this network, ready or not, seen or not. */
  Map<Integer, PeerAddress> live() {
    var live = new HashMap<Integer, PeerAddress>();
    pods.forEach(
        (ordinal, pod) -> {
          if (pod.live()) {
            live.put(ordinal, PeerAddress.ofPod(pod.status().podIP()));
          }
        });
    for (var ordinal : chain.unseen().keySet()) {
      var address = lastAddress(ordinal);
      if (!address.isEmpty() && !live.containsValue(PeerAddress.ofPod(address))) {
        live.put(ordinal, PeerAddress.ofPod(address));
      }
    }
    return live;
  }
}
