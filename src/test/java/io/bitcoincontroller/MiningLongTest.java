package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
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
 * Mining at two seconds across ten changes of the leader: seven that hand the Lease over, and three
 * that are killed, whose Lease has to end first. For ten minutes: {@code -Dmining.seconds=600}.
 */
@EnabledIfSystemProperty(named = "mining.seconds", matches = "[0-9]+")
final class MiningLongTest {
  private static final int CHANGES = 10;
  private static final int INTERVAL_SECONDS = 2;

  private final Deque<ControllerProgram> candidates = new ArrayDeque<>();

  private void addCandidate(Stage stage) throws Exception {
    var started =
        stage.startController(
            "--leader-elect=true",
            "--leader-elect-lease-duration=10s",
            "--leader-elect-renew-deadline=8s",
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
      var begin = network.status().path("mining");
      var start = Instant.parse(begin.path("nextBlockTime").asText());
      var withoutLeader = 0.0;
      for (var change = 1; change <= CHANGES; change++) {
        awaitBlock(stage, network, start.plusSeconds(seconds * change / (CHANGES + 1)));
        withoutLeader += change(stage, change % 3 == 0);
      }
      awaitBlock(stage, network, start.plusSeconds(seconds));
      var end = network.status().path("mining");
      var passed = Duration.between(start, Instant.parse(end.path("nextBlockTime").asText()));
      var blocks = end.path("lastBlockHeight").asLong() - begin.path("lastBlockHeight").asLong();
      judge(network, passed, blocks, withoutLeader);
      assertEquals(end.path("lastBlockHeight").asLong(), heights(network), "no other blocks");
    }
  }

  private static void judge(Network network, Duration passed, long blocks, double withoutLeader) {
    assertEquals(0, passed.toMillis() % (INTERVAL_SECONDS * 1000), "whole intervals");
    var intervals = passed.toSeconds() / INTERVAL_SECONDS;
    var missed = intervals - blocks;
    System.out.printf(
        "MiningLongTest: %s: %d intervals, %d blocks, %d missed; %.1f s without a leader%n",
        network.name(), intervals, blocks, missed, withoutLeader);
    assertTrue(missed >= 0, "more blocks than intervals");
    assertTrue(missed <= CHANGES + withoutLeader / INTERVAL_SECONDS, "too many are missing");
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

  /**
   * Ends the leader.
   *
   * @return seconds without one, if its Lease had to end
   */
  private double change(Stage stage, boolean killed) throws Exception {
    var leader = candidates.remove();
    var at = System.nanoTime();
    leader.signal(killed ? "KILL" : "TERM");
    awaitLeading(stage);
    var took = (System.nanoTime() - at) / 1e9;
    System.out.printf("MiningLongTest: %s, %.1f s%n", killed ? "killed" : "ended", took);
    addCandidate(stage);
    return killed ? took : 0;
  }
}
