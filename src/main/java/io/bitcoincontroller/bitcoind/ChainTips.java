package io.bitcoincontroller.bitcoind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** What a node knows of chains other than its best one. */
public final class ChainTips {
  /** A node remembers every fork for ever; the tallest come first. */
  private static final int MOST = 100;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private ChainTips() {}

  /**
   * The tips of chains that hold a block which the node has judged invalid, or was told to.
   *
   * @param tips result of {@code getchaintips}
   * @return hashes, tallest first
   */
  public static List<String> judgedInvalid(JsonNode tips) {
    return StreamSupport.stream(tips.spliterator(), false)
        .limit(MOST)
        .filter(tip -> tip.path("status").asText().equals("invalid"))
        .map(tip -> tip.path("hash").asText())
        .filter(hash -> HASH.matcher(hash).matches())
        .toList();
  }

  /**
   * Whether a block is one of a node's best chain.
   *
   * @param header result of {@code getblockheader}; of a block beside the chain it says -1
   *     confirmations
   */
  public static boolean isInBestChain(JsonNode header) {
    return header.path("confirmations").asLong() > 0;
  }
}
