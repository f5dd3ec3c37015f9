package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.Batch;
import io.bitcoincontroller.api.Batch.Purpose;
import io.bitcoincontroller.api.MiningStatus;
import io.bitcoincontroller.api.MiningStatus.State;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.plan.Mining.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which blocks are mined when, and by which node. */
final class MiningTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static Mining of(World world, IntUnaryOperator sideOf) {
    var seen = world.seen();
    return Mining.of(seen, Plan.of(seen), sideOf, NOW);
  }

  private static World world(String mining) {
    return new World("nodes: 4, mining: {" + mining + "}").meshed();
  }

  private static MiningStatus due(Mining mining, Instant at) {
    return mining.recorded().nextAt(at);
  }

  private static Step.Mine mines(Mining mining, MiningStatus recorded) {
    return assertInstanceOf(Step.Mine.class, mining.after(recorded, Map.of(), NOW).next());
  }

  private static Step.Rest rests(Mining mining, MiningStatus recorded) {
    return assertInstanceOf(Step.Rest.class, mining.after(recorded, Map.of(), NOW).next());
  }

  @Test
  void aNetworkWithoutMiningIsNoConcern() {
    assertFalse(Mining.concerns(World.network("nodes: 3")));
    assertTrue(Mining.concerns(World.network("nodes: 3, mining: {}")));
    assertFalse(Mining.concerns(world("interval: 5s").deleting().network));
  }

  @Test
  void theFirstBlockIsAnIntervalAwayAndTheNextOnesAreWholeIntervalsApart() {
    var mining = of(world("interval: 1m30s"), _ -> 0);
    var first = rests(mining, mining.recorded());
    assertEquals(Optional.of(Duration.ofSeconds(90)), first.look());
    assertEquals(Optional.of(NOW.plusSeconds(90)), first.status().next());
    var late = mines(mining, due(mining, NOW.minusSeconds(200)));
    assertEquals(Optional.of(NOW.plusSeconds(70)), late.status().next());
    assertEquals(1, late.jobs().size());
    assertEquals(0, late.jobs().getFirst().node());
    assertEquals(1, late.jobs().getFirst().count());
  }

  @Test
  void aShorterIntervalDoesNotWaitForTheEndOfALongerOne() {
    var mining = of(world("interval: 5s"), _ -> 0);
    var rest = rests(mining, due(mining, NOW.plusSeconds(3000)));
    assertEquals(Optional.of(NOW.plusSeconds(5)), rest.status().next());
  }

  @Test
  void theNextOfTheListMinesIfTheFirstCannot() {
    var world = world("interval: 5s, nodes: [9, 3, 1]");
    assertEquals(3, miner(world));
    world.views.put(3, new NodeView.Silent("no answer in time"));
    assertEquals(1, miner(world));
    world.views.put(0, World.node(List.of(), List.of(), 102));
    var mining = of(world, _ -> 0);
    var rest = rests(mining, due(mining, NOW));
    assertEquals(State.WAITING, rest.status().state());
    assertEquals(
        "no block is mined: net-sts-3 does not answer; net-sts-1 has 101 of 102 blocks",
        rest.status().message());
    assertEquals(Optional.of(NOW), rest.status().next(), "it is still due");
    assertEquals(Optional.of(Duration.ofSeconds(1)), rest.look());
  }

  private static int miner(World world) {
    var mining = of(world, _ -> 0);
    return mines(mining, due(mining, NOW)).jobs().getFirst().node();
  }

  @Test
  void aListOfNodesThatAreNotThereIsReported() {
    var mining = of(world("interval: 5s, nodes: [7]"), _ -> 0);
    assertEquals(
        "no block is mined: spec.mining.nodes names no node of the network",
        rests(mining, due(mining, NOW)).status().message());
  }

  /** A chain of the same height without the last mined block would lose it. */
  @Test
  void theChainThatWasMinedLastGoesOn() {
    var world = world("interval: 5s, nodes: [0, 1]");
    var other = new NodeInfo(List.of(), List.of(), 101, "other", false);
    world.views.put(0, new NodeView.Answered(other));
    assertEquals(0, miner(world, Set.of()));
    assertEquals(0, miner(world, Set.of("other")));
    assertEquals(0, miner(world, Set.of("lower")));
    assertEquals(1, miner(world, Set.of("hash-101")));
  }

  @Test
  void aNamedNodeMinesIfNoneHasTheChainThatWasMinedLast() {
    var world = world("interval: 5s, nodes: [0]");
    var other = new NodeInfo(List.of(), List.of(), 101, "other", false);
    world.views.put(0, new NodeView.Answered(other));
    assertEquals(0, miner(world, List.of(0), Set.of("hash-101")));
  }

  private static int miner(World world, Set<String> mined) {
    return miner(world, List.of(0, 1), mined);
  }

  private static int miner(World world, List<Integer> named, Set<String> mined) {
    var seen = world.seen();
    var sides = MiningSide.of(seen, Plan.of(seen).rollout(), named, _ -> 0, mined);
    return sides.getFirst().miner().orElseThrow();
  }

  @Test
  void onEachSideWithANamedNodeOneMines() {
    var world = world("interval: 5s, nodes: [2, 0, 3]");
    var mining = of(world, ordinal -> ordinal / 2);
    var jobs = mines(mining, due(mining, NOW)).jobs();
    assertEquals(List.of(2, 0), jobs.stream().map(Mining.Job::node).toList());
    assertEquals(List.of(1, 0), jobs.stream().map(job -> job.batch().side()).toList());
    mining = of(world("interval: 5s, nodes: [3]"), ordinal -> ordinal / 2);
    assertEquals(1, mines(mining, due(mining, NOW)).jobs().size());
  }

  @Test
  void initialBlocksComeInBatchesAndNotTwice() {
    var mining = of(world("interval: 5s, initialBlocks: 50"), _ -> 0);
    var job = mines(mining, mining.recorded()).jobs().getFirst();
    assertEquals(Batch.MOST_BLOCKS, job.count());
    assertEquals(Purpose.INITIAL, job.batch().purpose());
    var done = mining.recorded().counting(job.batch()).counting(job.batch());
    assertEquals(10, mines(mining, done).jobs().getFirst().count());
    var all = done.counting(Batch.planned(Purpose.INITIAL, 0, 10, 0));
    assertEquals(50, rests(mining, all).status().initialBlocks());
  }

  /** A status is its user's as well. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 21, 2_000_000, Integer.MAX_VALUE})
  void aBatchThatWeCanNotHaveWrittenCountsAsNeverWritten(int count) {
    var world = world("initialBlocks: 3");
    var batch = Batch.planned(Purpose.INITIAL, 0, 3, 2);
    var recorded = of(world, _ -> 0).recorded().withBatches(List.of(batch)).json().orElseThrow();
    assertEquals(List.of(batch), MiningStatus.read(recorded).batches());
    ((ObjectNode) recorded.at("/batches/0")).put("count", count);
    assertEquals(List.of(), MiningStatus.read(recorded).batches());
  }

  @Test
  void whatWasBegunIsAskedForFirstAndFinished() {
    var mining = of(world("initialBlocks: 3"), _ -> 0);
    var batch =
        Batch.planned(Purpose.INITIAL, 0, 3, 2)
            .tried(2, 104, NOW, "p", List.of("a", "b", "c"), Set.of());
    var recorded = mining.recorded().withBatches(List.of(batch));
    var ask = new Step.Ask(0, List.of("a", "b", "c"));
    assertEquals(ask, mining.after(recorded, Map.of(), NOW).next());
    var some = Map.of("a", true, "b", false, "c", false);
    var rest = assertInstanceOf(Step.Mine.class, mining.after(recorded, some, NOW).next());
    assertEquals(List.of(new Mining.Job(0, batch, 2)), rest.jobs());
    var every = Map.of("a", true, "b", true, "c", true);
    var done = assertInstanceOf(Step.Rest.class, mining.after(recorded, every, NOW).next());
    assertEquals(3, done.status().initialBlocks());
    assertTrue(done.status().batches().getFirst().done());
    assertEquals(done.status(), rests(mining, done.status()).status());
  }

  @Test
  void untilHeightEndsTheBlocksOfTheIntervalAndTheInitialOnes() {
    var mining = of(world("interval: 5s, initialBlocks: 50, untilHeight: 104"), _ -> 0);
    assertEquals(3, mines(mining, mining.recorded()).jobs().getFirst().count());
    mining = of(world("interval: 5s, untilHeight: 101"), _ -> 0);
    var rest = rests(mining, due(mining, NOW));
    assertEquals(State.STOPPED, rest.status().state());
    assertEquals(Optional.empty(), rest.look());
  }

  @Test
  void theStatusSaysEarlyWhenNewCoinsEnd() {
    var words = MiningWords.coins(0, NOW, Duration.ofSeconds(10));
    assertTrue(words.endsWith("at height 4950, about 2026-01-01T13:44:00Z"), words);
    assertTrue(MiningWords.coins(4949, NOW, Duration.ofSeconds(10)).contains("no new coins"));
    assertEquals("1h30m", MiningWords.of(Duration.ofMinutes(90)));
    assertEquals("24h", MiningWords.of(Duration.ofHours(24)));
  }

  @Test
  void theStatusIsReadAsItWasWritten() {
    var batch =
        Batch.planned(Purpose.REQUEST, 1, 2, 3)
            .tried(3, 7, NOW, "p", List.of("a"), Set.of())
            .tried(0, 8, NOW, "q", List.of("b"), Set.of("a"));
    var status =
        new MiningStatus(
                State.WAITING, "why", Optional.of(NOW), 5, Optional.empty(), List.of(batch))
            .asked(Optional.of("2"))
            .counting(batch);
    assertEquals(status, MiningStatus.read(status.json().orElseThrow()));
    assertEquals(Optional.of(new MiningStatus.Request("2", 2)), status.request());
    assertEquals(
        MiningStatus.NONE, MiningStatus.read(World.yaml("{state: 7, nextBlockTime: soon}")));
    assertEquals(Optional.empty(), MiningStatus.NONE.json());
  }

  @Test
  void whatIsOffRemembersTheInitialBlocksAlone() {
    var mining = of(new World("nodes: 1"), _ -> 0);
    var before = mining.recorded().counting(Batch.planned(Purpose.INITIAL, 0, 9, 0)).nextAt(NOW);
    var off = rests(mining, before).status();
    assertEquals(9, off.initialBlocks());
    assertEquals(Optional.empty(), off.next());
    assertEquals(off, rests(mining, off).status());
    assertEquals(MiningStatus.NONE, rests(mining, MiningStatus.NONE.nextAt(NOW)).status());
  }
}
