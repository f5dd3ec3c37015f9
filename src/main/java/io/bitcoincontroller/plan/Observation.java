package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Spec;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.Partitioned;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.Sides;
import io.bitcoincontroller.mesh.Topology;
import io.bitcoincontroller.mesh.Wiring;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that a pass looks at: one network, as it was when the pass began.
 *
 * @param oldConfigMap that of an older version, if it is time to delete it and one may be there
 * @param budget empty if the network is to have none, and none of ours is known
 * @param pods those that our StatefulSet controls, by ordinal; more than wanted while it shrinks
 * @param held how many of the pods make up the network now: more than wanted while some are kept
 * @param views what the ready ones of these said, by ordinal
 * @param chain which nodes have the tallest chain
 * @param stalled ordinals of nodes that are below the tallest and have not grown for a while
 * @param refused why the StatefulSet's controller makes no pods, in its words; empty if it does, or
 *     says nothing
 * @param leaveTaller ordinals of pods that next lose their connections with taller nodes, because
 *     it did not help to lose the others: see {@link Heights}
 * @param judgements by ordinal, the block of the tallest chain that a node judged invalid; empty:
 *     none. No entry: not asked, or never answered
 * @param reorgs that were found out in this pass, after sides were joined
 * @param listedAnyway by ordinal, addresses that a node calls listed although its list does not
 *     show them
 * @param rounds which nodes' bitcoinds dial by themselves, or have begun to
 * @param restingDials links that are being dialled, or rest after a try
 * @param restingReaches the same, of declared peers
 * @param round how many passes in a row have just changed the mesh: the next pass sees the effect
 * @param asRendered what the last pass had nothing to write for; empty if it wrote. It saves work,
 *     and decides nothing
 */
public record Observation(
    BitcoinNetwork network,
    Child service,
    Child statefulSet,
    Optional<Child> oldConfigMap,
    Optional<Budget> budget,
    SecretState secret,
    Map<Integer, Pod> pods,
    Held held,
    Map<Integer, NodeView> views,
    Chain chain,
    Set<Integer> stalled,
    Optional<String> refused,
    Set<Integer> leaveTaller,
    Map<Integer, Optional<String>> judgements,
    List<Reorg> reorgs,
    Map<Integer, Set<String>> listedAnyway,
    Rounds.Seen rounds,
    Set<Dial> restingDials,
    Set<Reach> restingReaches,
    int round,
    Optional<AsRendered> asRendered) {

  /**
   * A network's PodDisruptionBudget.
   *
   * @param withPolicy whether the cluster knows {@code unhealthyPodEvictionPolicy}
   * @param rival name of another budget over the same pods; only looked for if there is none of
   *     ours
   */
  public record Budget(Child child, boolean withPolicy, Optional<String> rival) {
    /** Why there is none, for people. The network does without. */
    public Optional<String> remark() {
      return switch (child) {
        case Child.Foreign(String what, String owner) ->
            Optional.of(what + " is there already and belongs to " + owner + "; it is left alone");
        case Child.Unreadable(String why) -> Optional.of(why);
        case Child.Absent _, Child.Leftover _, Child.Orphaned _, Child.Ours _ ->
            rival.map(
                name ->
                    "PodDisruptionBudget "
                        + name
                        + " selects this network's pods, and two over one pod make its evictions"
                        + " fail: no other one is made");
      };
    }
  }

  /** The nodes that judged a block of the tallest chain invalid, with that block. */
  Map<Integer, String> judged() {
    var judged = new TreeMap<Integer, String>();
    judgements.forEach((ordinal, of) -> of.ifPresent(block -> judged.put(ordinal, block)));
    return judged;
  }

  /** Ordinals of the pods that the StatefulSet wants and that are not there. */
  public static Set<Integer> missing(Child statefulSet, Chain chain) {
    var missing = new TreeSet<Integer>();
    if (statefulSet instanceof Child.Ours(var set)) {
      var wanted = Math.min(Children.replicas(set), Spec.MOST_NODES);
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

  /** Who lists whom, with regard to the partition. */
  public Wiring wiring() {
    return Partitioned.of(topology(), network.spec().partition());
  }

  /** Those of the nodes that make up the network now. */
  Sides sides() {
    return Sides.of(wiring(), nodes());
  }

  /** For a while, kept nodes can be too many for a full mesh. */
  Wiring topology() {
    var wanted = network.spec().topology();
    return wanted == Topology.FULL_MESH && nodes() > Topology.LARGEST_FULL_MESH
        ? Topology.SPARSE
        : wanted;
  }

  boolean ready(int ordinal) {
    var pod = pods.get(ordinal);
    return ordinal < nodes() && pod != null && pod.ready();
  }

  /**
   * Nodes that refuse our credentials, and that others can dial: pods of an older revision, while a
   * changed Secret rolls out.
   */
  Set<Integer> passive() {
    var passive = new TreeSet<Integer>();
    views.forEach(
        (ordinal, view) -> {
          if (view instanceof NodeView.Unauthorized) {
            passive.add(ordinal);
          }
        });
    return passive;
  }

  /** The address in the status, which stays there while the pod can't be seen. */
  String lastAddress(int ordinal) {
    return network.status().path("nodes").path(ordinal).path("ip").asText();
  }

  /** The addresses of this network's pods, by ordinal, whether they are ready and seen or not. */
  public Map<Integer, PeerAddress> live() {
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
