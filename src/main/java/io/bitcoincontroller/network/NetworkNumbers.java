package io.bitcoincontroller.network;

import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.plan.NodeView;
import io.bitcoincontroller.plan.Observation;
import io.bitcoincontroller.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The numbers that one pass found, for monitoring.
 *
 * @param conditions those that were looked at
 * @param found empty if the spec is not valid, or can't be read: no pass is made then
 */
record NetworkNumbers(List<Condition> conditions, Optional<Found> found) {
  /**
   * What a whole pass found.
   *
   * @param lowest height of the nodes that answered; empty if none did
   * @param highest the same
   * @param bestBlocks how many different ones the nodes have that answered
   * @param linksWanted those between nodes that can be reached now
   */
  record Found(
      int nodesWanted,
      int nodesReady,
      OptionalLong lowest,
      OptionalLong highest,
      long bestBlocks,
      int linksWanted,
      int linksUp,
      boolean rolloutWaits) {}

  /** Of a network whose spec is not valid, or can't be read. */
  static NetworkNumbers notReady(String reason) {
    return new NetworkNumbers(
        List.of(new Condition(Condition.READY, false, reason, "")), Optional.empty());
  }

  /**
   * Of a pass.
   *
   * @param status as this pass is going to report it
   */
  static NetworkNumbers of(Plan plan, Observation seen, Status status) {
    var heights = NodeView.heights(seen.views()).values();
    var bestBlocks =
        seen.views().values().stream()
            .filter(NodeView.Answered.class::isInstance)
            .map(view -> ((NodeView.Answered) view).info())
            .map(NodeInfo::bestBlockHash)
            .distinct()
            .count();
    return new NetworkNumbers(
        status.conditions(),
        Optional.of(
            new Found(
                status.nodes().size(),
                status.readyReplicas(),
                status.height(),
                heights.stream().mapToLong(height -> height).max(),
                bestBlocks,
                plan.mesh().links().wanted().size(),
                plan.mesh().links().up().size(),
                plan.rolloutWaits())));
  }

  /** Whether this condition is true; false as well if it was not looked at. */
  boolean holds(String type) {
    return conditions.stream().anyMatch(c -> c.type().equals(type) && c.holds());
  }
}
