package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Two controllers, of which one leads: it is frozen in the middle of its work, killed, or ended,
 * and the other takes over. A round mostly waits for leases to end: several are played at a time,
 * and other tests run beside them.
 */
@Execution(ExecutionMode.CONCURRENT)
final class TakeoverTest {
  /** Of ten times, the median: one alone may fall into a moment in which the machine is busy. */
  private static final Duration AFTER_TERM = Duration.ofSeconds(3);

  private static final int LANES = 3;

  /** A new network takes eleven requests: each round freezes the leader at another one. */
  private static final int ROUNDS = 10;

  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger heard = new AtomicInteger();

  @Test
  void tenTimesEachWithShortTimes(@TempDir Path folder) throws Exception {
    var afterTerm = new ArrayList<Duration>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var lanes = new ArrayList<Future<List<Duration>>>();
      for (var lane = 0; lane < LANES; lane++) {
        lanes.add(threads.submit(lane(folder.resolve("lane-" + lane))));
      }
      for (var lane : lanes) {
        afterTerm.addAll(lane.get());
      }
    }
    assertEquals(ROUNDS, afterTerm.size());
    var median = afterTerm.stream().sorted().toList().get(ROUNDS / 2);
    assertTrue(median.compareTo(AFTER_TERM) < 0, afterTerm::toString);
    assertTrue(heard.get() > ROUNDS / 2, () -> "only " + heard + " frozen leaders woke up in time");
  }

  /** Takes the next round until there is none. */
  private Callable<List<Duration>> lane(Path folder) {
    var flags =
        List.of(
            "--leader-elect-lease-duration=10s",
            "--leader-elect-renew-deadline=8s",
            "--leader-elect-retry-period=200ms");
    return () -> {
      try (var lane = new TakeoverLane(folder, flags)) {
        lane.begin();
        for (var round = next.getAndIncrement(); round < ROUNDS; round = next.getAndIncrement()) {
          lane.play("short-" + round, 1 + round);
        }
        heard.addAndGet(lane.heard());
        return lane.afterTerm();
      } finally {
        next.set(ROUNDS);
      }
    };
  }

  @Test
  void onceEachWithTheTimesOfEveryDay(@TempDir Path folder) throws Exception {
    try (var lane = new TakeoverLane(folder, List.of())) {
      lane.begin();
      lane.play("real", 7);
      assertEquals(1, lane.heard());
    }
  }
}
