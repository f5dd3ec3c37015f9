package io.bitcoincontroller.blocks;

/** New coins per block on regtest. */
public final class Subsidy {
  /** Bitcoin Core, {@code kernel/chainparams.cpp}: nSubsidyHalvingInterval. */
  private static final long HALVING = 150;

  private static final long FIRST = 5_000_000_000L;

  /** From this height on there are no new coins: half of one satoshi is nothing. */
  public static final long END = HALVING * (Long.SIZE - Long.numberOfLeadingZeros(FIRST));

  private Subsidy() {}

  /** In satoshis. */
  public static long at(long height) {
    var halvings = height / HALVING;
    return halvings < Long.SIZE ? FIRST >> halvings : 0;
  }
}
