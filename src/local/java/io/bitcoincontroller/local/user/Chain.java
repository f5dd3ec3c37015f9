package io.bitcoincontroller.local.user;

import com.fasterxml.jackson.databind.JsonNode;

/** The blocks of one node, by its own word. */
public record Chain(String pod, long height, String bestBlock) {
  /**
   * Reads an answer of bitcoind.
   *
   * @param info of getblockchaininfo
   */
  public static Chain of(String pod, JsonNode info) {
    return new Chain(pod, info.path("blocks").asLong(-1), info.path("bestblockhash").asText());
  }
}
