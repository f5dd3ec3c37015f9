package io.bitcoincontroller.local.kubelet;

import io.bitcoincontroller.local.kubelet.Probe.Streak;
import io.bitcoincontroller.timing.Ticker;
import java.util.concurrent.TimeUnit;

/** Runs one probe of one container, over and over, until it is interrupted. */
final class Prober {
  /** Runs the probe's command once. */
  interface Attempt {
    /** True if the command ended in time with exit code 0. */
    boolean succeeds(Probe probe) throws InterruptedException;
  }

  /** Told whenever enough results in a row agree, also if nothing is new. */
  interface Verdict {
    /** Returns false to end the probing. */
    boolean take(boolean success) throws InterruptedException;
  }

  private final Probe probe;
  private final Attempt attempt;
  private final Ticker ticker;

  Prober(Probe probe, Attempt attempt, Ticker ticker) {
    this.probe = probe;
    this.attempt = attempt;
    this.ticker = ticker;
  }

  /** At a fixed rate; after an attempt that took longer than the period, the next is at once. */
  void run(Verdict verdict) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(probe.initialDelay().toNanos());
    var streak = Streak.NONE;
    var more = true;
    while (more) {
      var begun = ticker.nanos();
      streak = streak.next(attempt.succeeds(probe));
      var result = streak.verdict(probe);
      more = result.isEmpty() || verdict.take(result.get());
      if (more) {
        TimeUnit.NANOSECONDS.sleep(begun + probe.period().toNanos() - ticker.nanos());
      }
    }
  }
}
