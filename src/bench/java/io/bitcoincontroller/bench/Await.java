package io.bitcoincontroller.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what no event reports, and looks often enough to measure milliseconds. */
final class Await {
  private static final Duration STEP = Duration.ofNanos(500_000);

  private Await() {}

  interface Condition {
    boolean holds() throws Exception;
  }

  static void until(String what, Duration bound, Condition condition) throws Exception {
    var end = System.nanoTime() + bound.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + bound + ": " + what);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
