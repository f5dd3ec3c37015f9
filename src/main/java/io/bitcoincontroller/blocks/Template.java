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

  /**
   * A later one, without transactions.
   *
   * @param further so many blocks above this one
   */
  Template after(int further, String last, long at) {
    return new Template(last, height + further, at, List.of());
  }
}
