package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.Overheard.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The controller is killed at each request of a network's story, to the API server or to a node:
 * when it has come and is dropped, and, if it changes anything, when it is answered. Its successor
 * brings the network to where it would be anyway.
 */
@Execution(ExecutionMode.CONCURRENT)
final class CrashTest {
  /** A crash is half work and half waiting. */
  private static final int LANES = 4;

  /** The story had 55 to 75 requests; far fewer would mean that they are not seen. */
  private static final int FEWEST = 40;

  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger crashes = new AtomicInteger();
  private final AtomicInteger last = new AtomicInteger();
  private final AtomicBoolean atEnd = new AtomicBoolean();

  @Test
  void whateverRequestItDiesAtItsSuccessorBringsTheNetworkToTheSameEnd(@TempDir Path folder)
      throws Exception {
    var start = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var lanes = new ArrayList<Future<Integer>>();
      for (var lane = 0; lane < LANES; lane++) {
        lanes.add(threads.submit(lane(folder.resolve("lane-" + lane))));
      }
      for (var lane : lanes) {
        lane.get();
      }
    }
    var took = Duration.ofNanos(System.nanoTime() - start);
    System.out.println(
        "CrashTest: " + crashes + " crashes at " + last + " requests, " + took.toSeconds() + " s");
    assertTrue(last.get() >= FEWEST, () -> last + " requests");
  }

  private Callable<Integer> lane(Path folder) {
    return () -> {
      try (var lane = new CrashLane(folder)) {
        while (!atEnd.get()) {
          crash(lane, next.incrementAndGet());
        }
        return 0;
      } catch (Exception | AssertionError e) {
        atEnd.set(true);
        throw e;
      }
    };
  }

  private void crash(CrashLane lane, int number) throws Exception {
    var request = lane.crashAt(number, Moment.SEEN);
    if (request.isEmpty()) {
      atEnd.set(true);
      return;
    }
    last.accumulateAndGet(number, Math::max);
    crashes.incrementAndGet();
    if (!request.get().reads() && lane.crashAt(number, Moment.ANSWERED).isPresent()) {
      crashes.incrementAndGet();
    }
  }
}
