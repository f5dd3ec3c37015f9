package io.bitcoincontroller.controller;

import io.bitcoincontroller.controller.PassRecord.Delay;
import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.workqueue.WorkQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What follows a pass: it is counted, the log says what is new about it, and the key is queued for
 * its next look. The recorder hears of the end last: then it knows what comes next. Safe for many
 * threads.
 */
final class Aftermath<K> {
  /** Looks are spread over the last fifth of the period: networks don't march in step. */
  private static final double SPREAD = 0.2;

  private final WorkQueue<K> queue;
  private final Duration period;
  private final RandomGenerator random;
  private final ControllerMetrics metrics;
  private final PassRecord<K> record;
  private final Log log;
  private final LastSaid<K> lastSaid = new LastSaid<>();

  /**
   * @param period the longest time between two looks
   * @param random safe for many threads
   */
  Aftermath(
      WorkQueue<K> queue,
      Duration period,
      RandomGenerator random,
      ControllerMetrics metrics,
      PassRecord<K> record,
      Log log) {
    this.queue = queue;
    this.period = period;
    this.random = random;
    this.metrics = metrics;
    this.record = record;
    this.log = log;
  }

  /** After a pass that ended by itself. */
  void settle(K key, Outcome outcome) {
    var delays = new ArrayList<Delay>();
    try {
      follow(key, outcome, delays);
    } finally {
      record.ended(key, outcome, delays);
    }
  }

  private void follow(K key, Outcome outcome, List<Delay> delays) {
    switch (outcome) {
      case Outcome.Synced() -> {
        metrics.success.increment();
        well(key);
        delays.add(lookLater(key));
      }
      case Outcome.Gone() -> {
        metrics.success.increment();
        well(key);
      }
      case Outcome.LookAgainAfter(var delay) -> {
        metrics.requeueAfter.increment();
        well(key);
        delays.add(lookAgain(key, delay));
        delays.add(lookLater(key));
      }
      case Outcome.NotNow(var delay, _) -> {
        metrics.requeueAfter.increment();
        delays.add(lookAgain(key, delay));
        delays.add(lookLater(key));
      }
      case Outcome.RetryBecause(var reason, var look) -> {
        metrics.requeue.increment();
        trouble(key, "will be tried again", reason);
        delays.add(retry(key, reason));
        look.ifPresent(delay -> delays.add(lookAgain(key, delay)));
        delays.add(lookLater(key));
      }
      case Outcome.InvalidBecause(var reason) -> {
        metrics.error.increment();
        metrics.errors.increment();
        metrics.terminalErrors.increment();
        trouble(key, "can't be done as it is written", reason);
        queue.forget(key);
        delays.add(lookLater(key));
      }
    }
  }

  private void well(K key) {
    queue.forget(key);
    if (lastSaid.clear(key)) {
      log.info("works again", "key", key);
    }
  }

  private Delay lookLater(K key) {
    var part = 1 - SPREAD * random.nextDouble();
    return after(key, Duration.ofNanos((long) (period.toNanos() * part)), Cause.Kind.PERIOD);
  }

  private Delay lookAgain(K key, Duration delay) {
    return after(key, delay, Cause.Kind.LOOK_AGAIN);
  }

  private Delay after(K key, Duration delay, Cause.Kind why) {
    var cause = Cause.of(why);
    queue.addAfter(key, delay, cause);
    return new Delay(delay, cause);
  }

  private Delay retry(K key, String reason) {
    var cause = Cause.of(Cause.Kind.RETRY, 0, reason);
    return new Delay(queue.addRateLimited(key, cause), cause);
  }

  private void trouble(K key, String what, String reason) {
    if (lastSaid.isNew(key, reason)) {
      log.warn(what, "key", key, "reason", reason);
    } else {
      log.debug(what, "key", key, "reason", reason);
    }
  }

  /** After a pass that ended in this. */
  void threw(K key, Throwable thrown) {
    if (!(thrown instanceof IOException || thrown instanceof InterruptedException)) {
      metrics.panics.increment();
      if (lastSaid.isNew(key, thrown.toString())) {
        log.bug("a pass failed", thrown, "key", key);
      }
    }
    failed(key, thrown.toString());
  }

  void failed(K key, String reason) {
    var delays = new ArrayList<Delay>();
    metrics.error.increment();
    metrics.errors.increment();
    try {
      trouble(key, "failed, will be tried again", reason);
      delays.add(retry(key, reason));
      delays.add(lookLater(key));
    } finally {
      record.failed(key, reason, delays);
    }
  }
}
