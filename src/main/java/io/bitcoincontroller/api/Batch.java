package io.bitcoincontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Blocks that are mined together. It is written before the blocks are sent, so that whoever comes
 * next can ask a node whether they were.
 *
 * @param side of a partition, on which they are mined
 * @param count how many blocks
 * @param node ordinal of the node that was last asked to take them
 * @param height of the last one
 * @param time of the last try
 * @param parent hash of the block before those of the last try; empty before the first one
 * @param hashes of all blocks that were ever made for this batch: the first {@code count} of them
 *     to be in the chain are the batch
 * @param done all of them are in the chain, and counted; never true of a block of the interval
 */
public record Batch(
    Purpose purpose,
    int side,
    int count,
    int node,
    long height,
    Instant time,
    String parent,
    List<String> hashes,
    boolean done) {
  /** Why they are mined. */
  public enum Purpose {
    INITIAL,
    INTERVAL,
    REQUEST
  }

  /** They take a bitcoind 60 ms, and their hashes a kilobyte of the status. */
  public static final int MOST_BLOCKS = 20;

  /** Each try adds a hash or more. */
  private static final int MOST_HASHES = 100;

  /** Not made yet. */
  public static Batch planned(Purpose purpose, int side, int count, int node) {
    return new Batch(purpose, side, count, node, 0, Instant.EPOCH, "", List.of(), false);
  }

  /**
   * With the blocks of one more try.
   *
   * @param inChain hashes that are known to be in the chain: they are never forgotten
   */
  public Batch tried(
      int by, long lastHeight, Instant at, String on, List<String> made, Set<String> inChain) {
    var all = new ArrayList<>(hashes);
    all.addAll(made);
    for (var i = 0; i < all.size() && all.size() > MOST_HASHES; ) {
      if (inChain.contains(all.get(i))) {
        i++;
      } else {
        all.remove(i);
      }
    }
    return new Batch(purpose, side, count, by, lastHeight, at, on, List.copyOf(all), false);
  }

  public Batch asDone() {
    return new Batch(purpose, side, count, node, height, time, parent, hashes, true);
  }

  /** Empty if we can't have written it: then somebody has edited it. */
  static Optional<Batch> read(JsonNode batch) {
    var count = batch.path("count").asInt();
    if (count < 1 || count > MOST_BLOCKS || batch.path("hashes").size() > MOST_HASHES) {
      return Optional.empty();
    }
    var hashes = new ArrayList<String>();
    batch.path("hashes").forEach(hash -> hashes.add(hash.asText()));
    return Optional.of(
        new Batch(
            MiningStatus.word(Purpose.values(), batch.path("purpose").asText(), Purpose.INTERVAL),
            batch.path("side").asInt(),
            count,
            batch.path("node").asInt(),
            batch.path("height").asLong(),
            MiningStatus.time(batch.path("time").asText()).orElse(Instant.EPOCH),
            batch.path("parent").asText(""),
            List.copyOf(hashes),
            batch.path("done").asBoolean()));
  }

  JsonNode json() {
    var batch =
        JsonNodeFactory.instance
            .objectNode()
            .put("purpose", MiningStatus.word(purpose))
            .put("side", side)
            .put("count", count)
            .put("node", node)
            .put("height", height)
            .put("time", time.toString())
            .put("parent", parent)
            .put("done", done);
    var list = batch.putArray("hashes");
    hashes.forEach(list::add);
    return batch;
  }
}
