package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.Map;

/**
 * Which nodes have the tallest chain that is known of. Where it lies in the pods, the last of them
 * must not go: nobody could give it to the others. Pure.
 *
 * @param pods all that are there and can be seen, by ordinal
 * @param unseen those that are there and can't be
 * @param views what the ready ones said in this pass
 * @param heights what each last told; nothing of one that was never heard of
 * @param tallest of all pods that are there, also of those that say nothing now
 * @param reported how many nodes the network's status has entries of
 */
record Chain(
    Map<Integer, Pod> pods,
    Map<Integer, Unseen> unseen,
    Map<Integer, NodeView> views,
    Map<Integer, Long> heights,
    long tallest,
    int reported) {
  /** The user's way out where a chain is not worth the wait, or can't be had again. */
  private static final String AT_ONCE = Names.annotation("roll-out");

  static final String WAY_OUT = " (to wait for no blocks: annotation " + AT_ONCE + "=at-once)";

  static Chain of(
      BitcoinNetwork network,
      Map<Integer, Pod> pods,
      Map<Integer, Unseen> unseen,
      Map<Integer, NodeView> views,
      Map<Integer, Long> heights) {
    var tallest = heights.values().stream().mapToLong(height -> height).max().orElse(0);
    var reported = network.status().path("nodes").size();
    return new Chain(pods, unseen, views, heights, tallest, reported);
  }

  /**
   * Whether pods may go without regard to the blocks in them: volumes keep what is in them, or the
   * user said so. Asked of the stored StatefulSet: the spec may wish for volumes that it can't get.
   */
  static boolean free(BitcoinNetwork network, StoredObject statefulSet) {
    return Children.storage(statefulSet.content()).isPresent() || atOnce(network);
  }

  static boolean atOnce(BitcoinNetwork network) {
    return network.metadata().annotations().getOrDefault(AT_ONCE, "").equals("at-once");
  }

  /** Ready, so that others can fetch the tallest chain from it. */
  boolean holds(int ordinal) {
    return ready(ordinal)
        && !(views.get(ordinal) instanceof NodeView.Silent)
        && heights.getOrDefault(ordinal, -1L) >= tallest;
  }

  /** It may have blocks that it has not told of. */
  boolean unheard(int ordinal) {
    if (unseen.containsKey(ordinal)) {
      return true;
    }
    if (!ready(ordinal)) {
      return forgotten(ordinal);
    }
    var view = views.get(ordinal);
    // a pod of the older credentials will never answer: what it told last has to do
    return view instanceof NodeView.Unauthorized
        ? !heights.containsKey(ordinal)
        : !(view instanceof NodeView.Answered);
  }

  /**
   * An earlier process kept it while the network shrank, and what it had told went with that
   * process: the status has entries of wanted nodes only. One that has an entry told what stands
   * there, or nothing; and one that can't even start would be waited for in vain.
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
   * Its controller counts more pods than are known here: the watch of pods is behind, or in
   * trouble. Of these nobody knows what they have.
   */
  boolean lacksSome(StoredObject statefulSet) {
    return statefulSet.content().at("/status/replicas").asInt() > pods.size() + unseen.size();
  }

  /**
   * Whether one holder has the blocks of another one: two chains may be of one height. Of those
   * that refuse our credentials only the height is known.
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

  boolean ready(int ordinal) {
    var pod = pods.get(ordinal);
    return pod != null && pod.ready();
  }
}
