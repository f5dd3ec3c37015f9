package io.bitcoincontroller.local.demo;

import com.fasterxml.jackson.databind.JsonNode;

/** What one node says of its blocks. */
record Chain(String pod, long height, String bestBlock) {
  /**
   * Reads an answer of bitcoind.
   *
   * @param info of getblockchaininfo
   */
  static Chain of(String pod, JsonNode info) {
    return new Chain(pod, info.path("blocks").asLong(-1), info.path("bestblockhash").asText());
  }
}
