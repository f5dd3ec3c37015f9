package io.bitcoincontroller.network;

import io.bitcoincontroller.bitcoind.NodeInfo;

/** What a ready pod's bitcoind said when it was read in this pass. */
sealed interface NodeView {
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
