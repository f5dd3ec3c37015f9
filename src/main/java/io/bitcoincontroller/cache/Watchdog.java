package io.bitcoincontroller.cache;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The second thread of a reflector: ends a stream that went silent, and warns when the copy goes
 * stale and nobody knows why.
 */
final class Watchdog implements Runnable {
  private final Wire<?> wire;
  private final Health health;
  private final Duration round;
  private final BooleanSupplier stopping;
  private final WatchLog log;
  private boolean warned;

  /**
   * @param round the time between two looks
   */
  Watchdog(Wire<?> wire, Health health, Duration round, BooleanSupplier stopping, WatchLog log) {
    this.wire = wire;
    this.health = health;
    this.round = round;
    this.stopping = stopping;
    this.log = log;
  }

  @Override
  public void run() {
    while (!stopping.getAsBoolean()) {
      try {
        Thread.sleep(round);
        wire.endIfOverdue();
        warnIfStale();
      } catch (InterruptedException e) {
        return; // nobody but Reflector.stop() has this thread
      } catch (Throwable e) {
        log.bug(e);
      }
    }
  }

  private void warnIfStale() {
    var why = health.unexplainedStaleness();
    if (!why.isEmpty() && !warned) {
      log.warn("watch may be out of date", "why", why);
    }
    warned = !why.isEmpty();
  }
}
