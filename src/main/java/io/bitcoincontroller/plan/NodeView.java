package io.bitcoincontroller.plan;

import io.bitcoincontroller.bitcoind.NodeInfo;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a ready pod's bitcoind said when it was read in this pass. */
public sealed interface NodeView {
  /** How many blocks each of those has that answered, by ordinal. */
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

  /** The lowest ordinal of those that have the most blocks; empty if none answered. */
  static Optional<Integer> tallest(Map<Integer, NodeView> views) {
    return heights(views).entrySet().stream()
        .min(Comparator.comparingLong(each -> -each.getValue()))
        .map(Map.Entry::getKey);
  }

  record Answered(NodeInfo info) implements NodeView {}

  /**
   * The credentials that we have are not its own: it may be of an older revision, or they changed.
   */
  record Unauthorized() implements NodeView {}

  /**
   * Nothing usable.
   *
   * @param why for people: still starting, no answer in time, connection refused
   */
  record Silent(String why) implements NodeView {}
}
