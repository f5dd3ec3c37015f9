package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.mesh.Sides;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The nodes that have the tallest known chain. If the blocks lie in the pods, the last pod that has
 * them must not go: nobody could give them to the others. Where the network is in several {@link
 * Sides}, each has a tallest chain of its own: a node can fetch no other.
 *
 * @param pods all that are there and can be seen, by ordinal
 * @param unseen those that are there and can't be seen
 * @param views what the ready ones said in this pass
 * @param heights the height that each last reported; no entry for a pod that never did
 * @param tallest the greatest of these
 * @param sides with all nodes that are there
 * @param tallestOfSides the greatest height on a node's side; no entry where that is {@code
 *     tallest}
 * @param reported how many nodes have an entry in the network's status
 * @param released those whose blocks the StatefulSet's controller takes away by what is stored. It
 *     may have begun, and the cache shows that later
 */
public record Chain(
    Map<Integer, Pod> pods,
    Map<Integer, Unseen> unseen,
    Map<Integer, NodeView> views,
    Map<Integer, Long> heights,
    long tallest,
    Sides sides,
    Map<Integer, Long> tallestOfSides,
    int reported,
    Set<Integer> released) {
  /** For users who don't want to wait for blocks, or whose blocks can't be had again. */
  private static final String AT_ONCE = Names.annotation("roll-out");

  /** So many, as people read it. */
  static String blocks(long number) {
    return number + (number == 1 ? " block" : " blocks");
  }

  static final String WAY_OUT = " (to wait for no blocks: annotation " + AT_ONCE + "=at-once)";

  /** Why a pod waits while a StatefulSet is {@link #behind}. */
  static final String BEHIND =
      "the StatefulSet's controller has not taken up the last change: no pod goes before";

  public static Chain of(
      BitcoinNetwork network,
      Child statefulSet,
      Map<Integer, Pod> pods,
      Map<Integer, Unseen> unseen,
      Map<Integer, NodeView> views,
      Map<Integer, Long> heights) {
    var tallest = heights.values().stream().mapToLong(height -> height).max().orElse(0);
    var reported = network.status().path("nodes").size();
    var nodes = IntStream.of(network.spec().nodes(), end(pods), end(unseen)).max().orElse(0);
    var sides = Sides.of(network.spec().wiring(), nodes);
    var tallestOfSides = new HashMap<Integer, Long>();
    for (var side : sides.all()) {
      var most = side.stream().mapToLong(node -> heights.getOrDefault(node, 0L)).max().orElse(0);
      if (most < tallest) {
        side.forEach(node -> tallestOfSides.put(node, most));
      }
    }
    return new Chain(
        pods,
        unseen,
        views,
        heights,
        tallest,
        sides,
        Map.copyOf(tallestOfSides),
        reported,
        released(statefulSet, pods));
  }

  private static Set<Integer> released(Child statefulSet, Map<Integer, Pod> pods) {
    if (!(statefulSet instanceof Child.Ours(StoredObject stored))) {
      return Set.of();
    }
    var replicas = Children.replicas(stored);
    var partition = Children.partition(stored);
    var revision = stored.content().at("/status/updateRevision").asText();
    var released = new HashSet<Integer>();
    pods.forEach(
        (ordinal, pod) -> {
          var isReplaced = ordinal >= partition && !Rollout.revision(pod).equals(revision);
          if (ordinal >= replicas || (isReplaced && !pod.keepsBlocks())) {
            released.add(ordinal);
          }
        });
    return Set.copyOf(released);
  }

  private static int end(Map<Integer, ?> byOrdinal) {
    return byOrdinal.keySet().stream().mapToInt(ordinal -> ordinal + 1).max().orElse(0);
  }

  /** The height of the tallest chain that this node can have. */
  long tallest(int ordinal) {
    return tallestOfSides.getOrDefault(ordinal, tallest);
  }

  /**
   * Whether pods may go without regard to their blocks: volumes keep the blocks, or the user said
   * so.
   */
  boolean free(BitcoinNetwork network, StoredObject statefulSet) {
    return atOnce(network) || onVolumes(statefulSet);
  }

  /**
   * Whether all blocks are on volumes. The spec may name some that the StatefulSet does not have,
   * and it may have taken over pods that do without: each pod has to show its own.
   */
  boolean onVolumes(StoredObject statefulSet) {
    return Children.storage(statefulSet.content()).isPresent()
        && unseen.isEmpty()
        && !lacksSome(statefulSet)
        && !behind(statefulSet)
        && pods.values().stream().allMatch(Pod::keepsBlocks);
  }

  static boolean atOnce(BitcoinNetwork network) {
    return network.metadata().annotations().getOrDefault(AT_ONCE, "").equals("at-once");
  }

  /** Whether others on its side can fetch the tallest chain there from this node. */
  boolean holds(int ordinal) {
    var view = views.get(ordinal);
    return ready(ordinal)
        && !(view instanceof NodeView.Silent || view instanceof NodeView.New)
        && heights.getOrDefault(ordinal, -1L) >= tallest(ordinal);
  }

  /** The same, and it is not about to be taken away. */
  boolean keeps(int ordinal) {
    return holds(ordinal) && !released.contains(ordinal);
  }

  /** Whether a node keeps the blocks of another one, which has the tallest chain of its side. */
  boolean hasBlocksOf(int ordinal, int other) {
    return sides.of(other).contains(ordinal)
        ? keeps(ordinal) && onOneTip(ordinal, other)
        : !released.contains(ordinal)
            && views.get(ordinal) instanceof NodeView.Answered(NodeInfo here)
            && views.get(other) instanceof NodeView.Answered(NodeInfo there)
            && here.bestBlockHash().equals(there.bestBlockHash());
  }

  /** Whether it may have blocks that it never reported. */
  boolean unheard(int ordinal) {
    if (unseen.containsKey(ordinal)) {
      return true;
    }
    if (!ready(ordinal)) {
      return forgotten(ordinal);
    }
    var view = views.get(ordinal);
    // a pod with the older credentials will never answer: its last report has to do
    return view instanceof NodeView.Unauthorized
        ? !heights.containsKey(ordinal)
        : !(view instanceof NodeView.Answered);
  }

  /**
   * An earlier process kept this pod while the network shrank, and forgot its height when it ended:
   * the status has entries for wanted nodes only. A pod with an entry reported what stands there,
   * or nothing. A pod that can't even start would be waited for in vain.
   */
  private boolean forgotten(int ordinal) {
    var pod = pods.get(ordinal);
    return pod != null
        && pod.status().phase().equals("Running")
        && pod.trouble().isEmpty()
        && !heights.containsKey(ordinal)
        && ordinal >= reported;
  }

  /**
   * Whether the StatefulSet counts more pods than are known here: one of the two watches is behind.
   * Nobody knows which blocks the others have.
   */
  boolean lacksSome(StoredObject statefulSet) {
    return counted(statefulSet) > known();
  }

  /** The same for people. */
  String lacking(StoredObject statefulSet) {
    return "the StatefulSet counts "
        + counted(statefulSet)
        + " pods, and "
        + known()
        + " can be seen";
  }

  /**
   * Whether the StatefulSet's controller still acts by an older one, which may let any pod go. Of a
   * new one it may not have taken over the pods.
   */
  static boolean behind(StoredObject statefulSet) {
    return statefulSet.content().at("/status/observedGeneration").asLong()
        < statefulSet.metadata().generation();
  }

  private static int counted(StoredObject statefulSet) {
    return statefulSet.content().at("/status/replicas").asInt();
  }

  private int known() {
    return pods.size() + unseen.size();
  }

  /**
   * Whether two holders have the same last block: two chains may be of one height. A node that does
   * not answer counts as having the same.
   */
  boolean onOneTip(int one, int other) {
    return !(views.get(one) instanceof NodeView.Answered(NodeInfo here))
        || !(views.get(other) instanceof NodeView.Answered(NodeInfo there))
        || here.height() != there.height()
        || here.bestBlockHash().equals(there.bestBlockHash());
  }

  boolean there(int ordinal) {
    return pods.containsKey(ordinal) || unseen.containsKey(ordinal);
  }

  /** Whether it is there, and nobody has deleted it. */
  boolean stays(int ordinal) {
    var pod = pods.get(ordinal);
    return there(ordinal) && (pod == null || !pod.metadata().deleting());
  }

  boolean ready(int ordinal) {
    var pod = pods.get(ordinal);
    return pod != null && pod.ready();
  }
}
