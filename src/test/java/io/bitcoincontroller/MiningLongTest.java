package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mining at two seconds across ten leaders that hand their Lease over, of which each costs one
 * interval at most, and three that are killed, whose Lease has to end first: that costs its time.
 * For ten minutes: {@code -Dmining.seconds=600}.
 */
@EnabledIfSystemProperty(named = "mining.seconds", matches = "[0-9]+")
final class MiningLongTest {
  private static final int HANDED_OVER = 10;
  private static final int KILLED = 3;
  private static final int INTERVAL_SECONDS = 2;
  private static final int LEASE_SECONDS = 3;

  /** The next leader counts from the last sign of life that it has seen. */
  private static final int MOST_MISSED_BY_A_KILL =
      Math.ceilDiv(LEASE_SECONDS + 1, INTERVAL_SECONDS) + 1;

  private final Deque<ControllerProgram> candidates = new ArrayDeque<>();

  private void addCandidate(Stage stage) throws Exception {
    var started =
        stage.startController(
            "--leader-elect=true",
            "--leader-elect-lease-duration=" + LEASE_SECONDS + "s",
            "--leader-elect-renew-deadline=2s",
            "--leader-elect-retry-period=200ms");
    stage.await(
        "its caches are warm",
        () ->
            started.get("/readyz").statusCode() == 200
                ? new Seen.Good("")
                : new Seen.NotYet("ready", started.lastWords()));
    candidates.add(started);
  }

  private void awaitLeading(Stage stage) throws InterruptedException {
    var program = candidates.getFirst();
    stage.await(
        "it leads",
        () ->
            program.lines().stream().anyMatch(line -> line.contains(" leading "))
                ? new Seen.Good("")
                : new Seen.NotYet("leading", program.lastWords()));
  }

  @Test
  void eachIntervalHasItsBlockAcrossTenChangesOfTheLeader(@TempDir Path folder) throws Exception {
    var seconds = Long.getLong("mining.seconds", 600);
    try (var stage = new Stage(folder)) {
      addCandidate(stage);
      awaitLeading(stage);
      addCandidate(stage);
      var network = stage.create("long", "{nodes: 3, mining: {interval: 2s, nodes: [0, 1]}}");
      stage.awaitComplete(network, 3);
      awaitBlock(stage, network, Instant.EPOCH);
      var begin = Mined.now(network);
      var start = begin.next();
      var changes = HANDED_OVER + KILLED;
      var missed = 0L;
      for (var change = 1; change <= changes; change++) {
        awaitBlock(stage, network, start.plusSeconds(seconds * change / (changes + 1)));
        var isKilled = change % 4 == 0;
        var before = Mined.now(network);
        change(stage, isKilled);
        awaitBlock(stage, network, Instant.now());
        var cost = before.missedUntil(Mined.now(network));
        missed += cost;
        System.out.printf(
            "MiningLongTest: a leader %s, %d intervals missed%n",
            isKilled ? "was killed" : "handed over", cost);
        assertTrue(cost <= (isKilled ? MOST_MISSED_BY_A_KILL : 1), "too many are missing");
      }
      awaitBlock(stage, network, start.plusSeconds(seconds));
      var end = Mined.now(network);
      System.out.printf(
          "MiningLongTest: %d intervals, %d blocks%n",
          begin.intervalsUntil(end), end.height() - begin.height());
      assertEquals(missed, begin.missedUntil(end), "only a change of the leader costs an interval");
      assertEquals(end.height(), heights(network), "no other blocks");
    }
  }

  /** As the status has it. */
  private record Mined(Instant next, long height) {
    static Mined now(Network network) throws IOException, InterruptedException {
      var mining = network.status().path("mining");
      return new Mined(
          Instant.parse(mining.path("nextBlockTime").asText()),
          mining.path("lastBlockHeight").asLong());
    }

    long intervalsUntil(Mined later) {
      var passed = Duration.between(next, later.next()).toMillis();
      assertEquals(0, passed % (INTERVAL_SECONDS * 1000), "whole intervals");
      return passed / (INTERVAL_SECONDS * 1000);
    }

    long missedUntil(Mined later) {
      var missed = intervalsUntil(later) - (later.height() - height);
      assertTrue(missed >= 0, "more blocks than intervals");
      return missed;
    }
  }

  private static long heights(Network network) throws Exception {
    var heights = new HashSet<Long>();
    for (var node = 0; node < 3; node++) {
      heights.add(network.bitcoinCli(network.podName(node), "getblockcount").asLong());
    }
    return new ArrayList<>(heights).stream().mapToLong(each -> each).max().orElseThrow();
  }

  /** Waits for a block of the interval after that time. */
  private static void awaitBlock(Stage stage, Network network, Instant after)
      throws InterruptedException {
    var waited = false;
    while (!waited) {
      try {
        stage.await(
            "a block after " + after,
            () -> {
              var mining = network.status().path("mining");
              var last = mining.path("lastBlockTime").asText();
              var isThere = !last.isEmpty() && Instant.parse(last).isAfter(after);
              return isThere ? new Seen.Good("") : new Seen.NotYet("later", mining.toString());
            });
        waited = true;
      } catch (AssertionError e) {
        if (Instant.now().isAfter(after.plusSeconds(30))) {
          throw e;
        }
      }
    }
  }

  private void change(Stage stage, boolean isKilled) throws Exception {
    candidates.remove().signal(isKilled ? "KILL" : "TERM");
    awaitLeading(stage);
    addCandidate(stage);
  }
}
