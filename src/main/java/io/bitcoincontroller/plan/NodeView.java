package io.bitcoincontroller.plan;

import io.bitcoincontroller.bitcoind.NodeInfo;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The answer of a ready pod's bitcoind when this pass read it. */
public sealed interface NodeView {
  /** How many blocks each node has that answered, by ordinal. */
  static Map<Integer, Long> heights(Map<Integer, NodeView> views) {
    var heights = new TreeMap<Integer, Long>();
    views.forEach(
        (ordinal, view) -> {
          if (view instanceof Answered(NodeInfo info)) {
            heights.put(ordinal, info.height());
          }
        });
    return heights;
  }

  /** The lowest ordinal of the nodes with the most blocks; empty if none answered. */
  static Optional<Integer> tallest(Map<Integer, NodeView> views) {
    return heights(views).entrySet().stream()
        .min(Comparator.comparingLong(each -> -each.getValue()))
        .map(Map.Entry::getKey);
  }

  record Answered(NodeInfo info) implements NodeView {}

  /**
   * Nobody has called it since it started, and a bitcoind starts with an empty list: this pass adds
   * what is wanted, and the next one reads the node. Should its list not be empty after all, "add"
   * does no harm.
   */
  record New() implements NodeView {}

  /** It has other credentials than we: the Secret changed, or the pod is of an older revision. */
  record Unauthorized() implements NodeView {}

  /**
   * It said nothing that can be used.
   *
   * @param why for people: still starting, no answer in time, connection refused
   */
  record Silent(String why) implements NodeView {}
}
