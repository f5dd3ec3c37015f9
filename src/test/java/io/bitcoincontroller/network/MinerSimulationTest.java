package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.api.Batch.Purpose;
import io.bitcoincontroller.api.MiningSpec;
import io.bitcoincontroller.api.MiningStatus;
import io.bitcoincontroller.plan.Mining;
import io.bitcoincontroller.plan.MiningSide;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Controllers that crash, are slow and disagree about the time; calls that are lost before or after
 * they are carried out; nodes that hang and go on later; people who mine by hand on the tallest
 * chain. In the end, the chain has exactly the blocks that were wanted, but for those that a person
 * mined away.
 */
final class MinerSimulationTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int RUNS = Integer.getInteger("runs", 60);
  private static final int INITIAL = 45;
  private static final int STEPS = 150;

  /** One controller process. */
  private static final class Candidate {
    final Duration skew;
    Optional<Miner> miner = Optional.empty();

    Candidate(Duration skew) {
      this.skew = skew;
    }
  }

  private final long seed = Long.getLong("seed", System.nanoTime());
  private Random random = new Random(seed);
  private MinerWorld world = new MinerWorld(random, 3);
  private Instant now = START;
  private Optional<String> asked = Optional.empty();
  private long askedInAll;
  private final List<Candidate> processes = new ArrayList<>();

  private void begin(long number) {
    random = new Random(seed + number);
    world = new MinerWorld(random, 3);
    now = START;
    asked = Optional.empty();
    askedInAll = 0;
    processes.clear();
    for (var i = 0; i < 2; i++) {
      var process = new Candidate(Duration.ofMillis(random.nextInt(4_000) - 2_000));
      processes.add(process);
      restart(process);
    }
  }

  private void restart(Candidate process) {
    process.miner = Optional.of(new Miner(() -> now.plus(process.skew), random));
  }

  private static final MiningSpec SPEC =
      new MiningSpec(Optional.of(INTERVAL), List.of(), MinerWorld.NOBODY, INITIAL, 0);

  private List<MiningSide> sides() {
    var tallest = tallest();
    var kept = world.nodes.stream().anyMatch(node -> mayKeep(node, tallest));
    for (var i = 0; i < world.nodes.size(); i++) {
      var node = world.nodes.get(i);
      if (kept ? mayKeep(node, tallest) : !node.hangs && node.height() >= tallest) {
        return List.of(new MiningSide(0, OptionalInt.of(i), tallest, "", false));
      }
    }
    return List.of(new MiningSide(0, OptionalInt.empty(), tallest, "all hang", false));
  }

  private long tallest() {
    return world.nodes.stream().mapToLong(MinerWorld.Node::height).max().orElse(0);
  }

  private boolean mayKeep(MinerWorld.Node node, long tallest) {
    return !node.hangs
        && node.height() >= tallest
        && Mining.tips(world.recorded).contains(node.tip);
  }

  /** One pass: what it has seen may be outdated by the time at which it acts. */
  private Optional<Duration> pass(Candidate process) {
    var begin = new Mining(Optional.of(SPEC), asked, world.recorded, sides(), false, Map.of(), now);
    try {
      return process
          .miner
          .orElseThrow()
          .mine(begin, MinerWorld.NOBODY, "" + world.version, world.calls);
    } catch (MinerWorld.Crash e) {
      restart(process);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void step() {
    assertEquals(0, world.proposals, "what nodes proposed in the last step is not given back");
    now = now.plusMillis(random.nextInt(3_000));
    var process = processes.get(random.nextInt(10) == 0 ? 1 : 0);
    world.other = Optional.empty();
    if (random.nextInt(8) == 0) {
      var another = processes.get(1 - processes.indexOf(process));
      world.other = Optional.of(() -> pass(another));
    }
    if (random.nextInt(25) == 0) {
      processes.add(processes.removeFirst()); // another one leads
    }
    if (random.nextInt(12) == 0) {
      world.nodes.stream()
          .filter(node -> !node.hangs && node.height() >= tallest())
          .findFirst()
          .ifPresent(world::mineByHand);
    }
    for (var node : world.nodes) {
      if (node.hangs && random.nextInt(6) == 0) {
        world.wake(node);
      }
    }
    if (isAnswered() && random.nextInt(15) == 0) {
      var count = 1 + random.nextInt(50);
      asked = Optional.of(count + ":" + askedInAll);
      askedInAll += count;
    }
    pass(process);
  }

  private boolean isAnswered() {
    return asked
        .map(
            value ->
                world
                    .recorded
                    .request()
                    .equals(
                        Optional.of(
                            new MiningStatus.Request(
                                value, Long.parseLong(value.substring(0, value.indexOf(':')))))))
        .orElse(true);
  }

  private void calm() {
    world.trouble = 0;
    world.other = Optional.empty();
    world.nodes.forEach(world::wake);
    for (var i = 0; i < 40; i++) {
      now = now.plus(Duration.ofSeconds(1));
      pass(processes.getFirst());
      world.spread();
    }
  }

  @Test
  void whateverHappensTheChainHasTheBlocksThatWereWanted() {
    System.out.println("MinerSimulationTest: -Dseed=" + seed);
    var mined = 0;
    var lost = 0;
    for (var run = 0; run < RUNS; run++) {
      play(run);
      mined += world.mined().getOrDefault(Purpose.INTERVAL, 0);
      lost += world.lostToAPerson().size();
    }
    System.out.println(
        "MinerSimulationTest: " + mined + " blocks of intervals; " + lost + " times a person won");
  }

  /**
   * A node hangs with the last block of a batch. A person mines another one of that height
   * elsewhere. The node wakes up, so that the batch is counted, and hangs again: the person's chain
   * goes on.
   */
  @Test
  void aPersonsBlockBesideACountedOneMayWin() {
    play(59622120736457L - seed);
    assertEquals(Map.of(Purpose.INITIAL, 1), world.lostToAPerson());
  }

  private void play(long run) {
    begin(run);
    world.trouble = 4 + random.nextInt(30);
    for (var i = 0; i < STEPS; i++) {
      step();
    }
    calm();
    var mined = world.mined();
    var lost = world.lostToAPerson();
    var said = "seed " + seed + ", run " + run + ": " + mined + lost + ", " + world.recorded;
    assertTrue(isAnswered(), said);
    assertEquals(INITIAL, sum(Purpose.INITIAL, mined, lost), said);
    assertEquals(askedInAll, sum(Purpose.REQUEST, mined, lost), said);
    var intervals = Duration.between(START, now).dividedBy(INTERVAL);
    assertTrue(
        mined.getOrDefault(Purpose.INTERVAL, 0) <= intervals + 1, said + ", of " + intervals);
  }

  private static long sum(Purpose purpose, Map<Purpose, Integer> one, Map<Purpose, Integer> other) {
    return one.getOrDefault(purpose, 0) + (long) other.getOrDefault(purpose, 0);
  }

  @Test
  void withoutTroubleEachIntervalHasItsBlockAndCostsOneWrite() {
    begin(0);
    while (world.recorded.initialBlocks() < INITIAL) {
      pass(processes.getFirst());
    }
    pass(processes.getFirst());
    var writes = world.writes;
    for (var second = 0; second < 1_000; second++) {
      now = now.plus(Duration.ofSeconds(1));
      pass(processes.getFirst());
    }
    assertEquals(Map.of(Purpose.INITIAL, INITIAL, Purpose.INTERVAL, 100), world.mined());
    assertEquals(100, world.writes - writes);
  }

  /** A pass that comes late does not move the ones after it. */
  @Test
  void latenessDoesNotAddUp() {
    begin(0);
    for (var i = 0; i < 10; i++) {
      pass(processes.getFirst());
    }
    var first = world.recorded.next().orElseThrow();
    for (var i = 0; i < 50; i++) {
      now = world.recorded.next().orElseThrow().plusMillis(random.nextInt(9_000));
      var look = pass(processes.getFirst());
      var next = world.recorded.next().orElseThrow();
      assertEquals(0, Duration.between(first, next).toMillis() % INTERVAL.toMillis());
      assertEquals(Optional.of(Duration.between(now.plus(processes.getFirst().skew), next)), look);
    }
  }
}
