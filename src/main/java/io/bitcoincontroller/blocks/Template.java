package io.bitcoincontroller.blocks;

import java.util.List;

/**
 * The next block, as a node proposes it.
 *
 * @param parent hash of the last block
 * @param height of the next block
 * @param time of the next block at the earliest, and not before the node's own clock; seconds since
 *     1970
 * @param transactions each after those whose outputs it spends
 */
public record Template(String parent, long height, long time, List<Transaction> transactions) {
  /**
   * A transaction that waits for a block.
   *
   * @param data all of it, in hex
   * @param txid its hash without signatures, as people see it
   * @param hash its whole hash, as people see it
   * @param fee in satoshis
   */
  public record Transaction(String data, String txid, String hash, long fee) {}

  Template withoutTransactions() {
    return new Template(parent, height, time, List.of());
  }

  /** The next one after that block; its time is later, as it has to be. */
  Template after(Block block) {
    return new Template(block.hash(), height + 1, time + 1, List.of());
  }
}
