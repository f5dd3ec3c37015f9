package io.bitcoincontroller.plan;

import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.desired.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The nodes among which a block travels: all of a network, or those on one side of a partition.
 *
 * @param miner the first of the named nodes that can mine; empty if none can
 * @param height of the tallest chain here
 * @param why for people, if there is no miner
 * @param soon a named node answers, and only has to fetch blocks
 */
public record MiningSide(int number, OptionalInt miner, long height, String why, boolean soon) {
  /**
   * The sides that have a named node, in the order in which they are named.
   *
   * @param named ordinals, the preferred one first; empty: all
   * @param sideOf the side of each ordinal
   * @param mined hashes of the blocks that were mined last: of two chains of one height, theirs
   *     goes on if a named node has it
   */
  static List<MiningSide> of(
      Observation seen,
      Rollout rollout,
      List<Integer> named,
      IntUnaryOperator sideOf,
      Set<String> mined) {
    var preferred = named.isEmpty() ? IntStream.range(0, seen.nodes()).boxed().toList() : named;
    var members = new LinkedHashMap<Integer, List<Integer>>();
    for (var ordinal : preferred) {
      if (ordinal < seen.network().spec().nodes()) {
        members.computeIfAbsent(sideOf.applyAsInt(ordinal), _ -> new ArrayList<>()).add(ordinal);
      }
    }
    return members.entrySet().stream()
        .map(side -> of(side.getKey(), side.getValue(), seen, rollout, sideOf, mined))
        .toList();
  }

  private static MiningSide of(
      int number,
      List<Integer> preferred,
      Observation seen,
      Rollout rollout,
      IntUnaryOperator sideOf,
      Set<String> mined) {
    var heights = new TreeMap<>(seen.chain().heights());
    heights.keySet().removeIf(ordinal -> sideOf.applyAsInt(ordinal) != number);
    var height = heights.values().stream().mapToLong(each -> each).max().orElse(0);
    // if no named node has that chain, nobody would mine ever again
    var kept =
        preferred.stream()
            .filter(ordinal -> heights.getOrDefault(ordinal, -1L) == height)
            .anyMatch(ordinal -> mined.contains(tip(ordinal, seen)));
    var why = new ArrayList<String>();
    var soon = false;
    for (var ordinal : preferred) {
      var obstacle =
          obstacle(ordinal, height, seen, rollout)
              .or(
                  () ->
                      kept && !mined.contains(tip(ordinal, seen))
                          ? Optional.of("has another chain than the one that was mined last")
                          : Optional.empty());
      if (obstacle.isEmpty()) {
        return new MiningSide(number, OptionalInt.of(ordinal), height, "", false);
      }
      why.add(Names.pod(seen.network().metadata().name(), ordinal) + " " + obstacle.get());
      soon |= seen.views().get(ordinal) instanceof NodeView.Answered;
    }
    var rest = why.size() > 2 ? " and " + (why.size() - 2) + " more can't either" : "";
    var said = String.join("; ", why.subList(0, Math.min(why.size(), 2)));
    return new MiningSide(number, OptionalInt.empty(), height, said + rest, soon);
  }

  private static String tip(int ordinal, Observation seen) {
    return seen.views().get(ordinal) instanceof NodeView.Answered(NodeInfo info)
        ? info.bestBlockHash()
        : "";
  }

  private static Optional<String> obstacle(
      int ordinal, long height, Observation seen, Rollout rollout) {
    if (!seen.ready(ordinal)) {
      return Optional.of("is not ready");
    }
    if (!(seen.views().get(ordinal) instanceof NodeView.Answered(NodeInfo info))) {
      return Optional.of("does not answer");
    }
    if (info.height() < height) {
      return Optional.of("has " + info.height() + " of " + height + " blocks");
    }
    return rollout.mayTake(ordinal, seen)
        ? Optional.of("is about to be replaced")
        : Optional.empty();
  }
}
