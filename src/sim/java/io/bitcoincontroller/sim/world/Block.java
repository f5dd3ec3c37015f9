package io.bitcoincontroller.sim.world;

import java.util.Locale;

/**
 * A block, and with it the chain below it.
 *
 * @param height 0 for the genesis block
 * @param minedAt nanoseconds
 * @param number no two blocks have the same
 */
public record Block(long height, long minedAt, long number) {
  /** All networks are of regtest, and so begin with the same block. */
  public static final Block GENESIS = new Block(0, 0, 0);

  /** For the trace. */
  String words() {
    return "block " + number + " at height " + height;
  }

  String hash() {
    return String.format(Locale.ROOT, "%064x", number);
  }
}
