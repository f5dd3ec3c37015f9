package io.bitcoincontroller.controller;

import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.PassNumber;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Makes passes over keys, each on its own thread, and interrupts one that is not over at its
 * deadline. Safe for many threads.
 *
 * <p>An interrupt that comes late finds the thread of its pass ended, and never hits the next one.
 */
final class Passes<K> {
  /** A pass that waits for a permit at its deadline is looked at again after this. */
  private static final Duration LOOK = Duration.ofMillis(10);

  private final Reconciler<K> reconciler;
  private final Duration deadline;
  private final Ticker ticker;
  private final BooleanSupplier stopping;
  private final Log log;

  Passes(
      Reconciler<K> reconciler,
      Duration deadline,
      Ticker ticker,
      BooleanSupplier stopping,
      Log log) {
    this.reconciler = reconciler;
    this.deadline = deadline;
    this.ticker = ticker;
    this.stopping = stopping;
    this.log = log;
  }

  Duration deadline() {
    return deadline;
  }

  /**
   * Makes one, and returns when it has ended, whatever happens.
   *
   * @throws TimeoutException if it was interrupted at its deadline
   * @throws ExecutionException with what it threw
   * @throws InterruptedException if this thread was interrupted, and so the pass
   */
  Outcome make(K key, Permits.Held permit)
      throws InterruptedException, TimeoutException, ExecutionException {
    var pass = new FutureTask<>(() -> reconciler.reconcile(key, permit));
    var end = ticker.nanos() + deadline.toNanos();
    var thread = Thread.ofVirtual().name("reconcile " + key).start(PassNumber.carried(pass));
    try {
      return outcome(pass, end, permit);
    } catch (InterruptedException | TimeoutException e) {
      log.warn("a pass is interrupted", "key", key, "stopping", stopping.getAsBoolean());
      throw e;
    } finally {
      end(thread);
    }
  }

  /** The end is put off by what the pass waited for a permit. */
  private Outcome outcome(FutureTask<Outcome> pass, long end, Permits.Held permit)
      throws InterruptedException, TimeoutException, ExecutionException {
    while (true) {
      try {
        var left = end + permit.waited() - ticker.nanos();
        return pass.get(Math.max(left, LOOK.toNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (end + permit.waited() - ticker.nanos() <= 0) {
          throw e;
        }
      }
    }
  }

  /** The key may go to another worker only after the pass has really ended, whenever that is. */
  private static void end(Thread pass) {
    pass.interrupt();
    var interrupted = false;
    while (pass.isAlive()) {
      try {
        pass.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
