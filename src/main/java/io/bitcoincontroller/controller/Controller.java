package io.bitcoincontroller.controller;

import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.observe.PassNumber;
import io.bitcoincontroller.timing.Ticker;
import io.bitcoincontroller.workqueue.WorkQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * The workers around one queue and one reconciler. Starts once and stops once.
 *
 * <p>A pass that waits for others has no worker. No more passes are at work than there are workers,
 * but up to a thousand are in hand.
 */
public final class Controller<K> {
  /**
   * How a controller works.
   *
   * @param workers how many passes are at work at a time, 1 to 1000; a pass that waits for others
   *     is not counted
   * @param deadline for one pass, without the time in which it waits for a worker; then it is
   *     interrupted and counts as failed
   * @param period the longest time between two looks at a key that is well
   */
  public record Settings(int workers, Duration deadline, Duration period) {
    public static final Settings DEFAULT =
        new Settings(10, Duration.ofMinutes(1), Duration.ofSeconds(30));

    public Settings {
      if (workers < 1 || workers > 1000) {
        throw new IllegalArgumentException("workers must be 1 to 1000, not " + workers);
      }
      if (!deadline.isPositive() || !period.isPositive()) {
        throw new IllegalArgumentException("not a time: " + deadline + ", " + period);
      }
    }
  }

  /** At work or waiting: those that wait cost memory. */
  private static final int PASSES_IN_HAND = 1000;

  /** How often a pass is looked at that waits for a permit at its deadline. */
  private static final Duration LOOK = Duration.ofMillis(10);

  /** The time in which interrupted passes may clean up. */
  private static final Duration LAST_GRACE = Duration.ofSeconds(1);

  /** Looks are spread over the last fifth of the period: networks don't march in step. */
  private static final double SPREAD = 0.2;

  private final String name;
  private final WorkQueue<K> queue;
  private final Reconciler<K> reconciler;
  private final Settings settings;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final Log log;
  private final ControllerMetrics metrics;
  private final LastSaid<K> lastSaid = new LastSaid<>();

  /** How many passes were begun, and so the number of the last. */
  private final AtomicLong passes = new AtomicLong();

  private final Permits permits;
  private final Semaphore inHand = new Semaphore(PASSES_IN_HAND);

  /** One for each pass in hand. */
  private final Set<Thread> workers = ConcurrentHashMap.newKeySet();

  /** Takes keys and begins passes; empty until started. */
  private Optional<Thread> taker = Optional.empty();

  private volatile boolean stopping;

  /**
   * Starts nothing yet.
   *
   * @param name of the kind of keys, for metrics
   * @param random safe for many threads
   */
  public Controller(
      String name,
      WorkQueue<K> queue,
      Reconciler<K> reconciler,
      Settings settings,
      Ticker ticker,
      RandomGenerator random,
      Log log,
      Metrics metrics) {
    this.name = name;
    this.queue = queue;
    this.reconciler = reconciler;
    this.settings = settings;
    this.ticker = ticker;
    this.random = random;
    this.log = log;
    this.permits = new Permits(settings.workers(), ticker);
    this.metrics = new ControllerMetrics(metrics, name, settings.workers(), permits::taken, queue);
  }

  /** Does nothing after {@link #stop}. */
  public synchronized void start() {
    if (stopping) {
      return;
    }
    if (taker.isPresent()) {
      throw new IllegalStateException("a controller starts once: " + name);
    }
    taker = Optional.of(Thread.ofVirtual().name("taker").start(this::takeKeys));
  }

  /**
   * Takes no new work, waits for the work in hand, and interrupts what is not finished within the
   * bound. Queued keys stay undone: the next process looks at all keys anyway.
   *
   * @return whether nothing is running any more, at most a second after the bound; false if a pass
   *     ignores its interrupt, and then a lease must not be released
   */
  public boolean stop(Duration bound) throws InterruptedException {
    var taker = noMoreWork();
    if (taker.isPresent() && !queue.shutDownWithDrain(bound)) {
      taker.get().interrupt();
      workers.forEach(Thread::interrupt);
    }
    var running = new ArrayList<>(workers);
    taker.ifPresent(running::add);
    var end = ticker.nanos() + LAST_GRACE.toNanos();
    var allEnded = true;
    for (var thread : running) {
      allEnded &= thread.join(Duration.ofNanos(Math.max(end - ticker.nanos(), 0)));
    }
    return allEnded;
  }

  private synchronized Optional<Thread> noMoreWork() {
    stopping = true;
    queue.shutDown();
    return taker;
  }

  private void takeKeys() {
    try {
      for (var next = next(); next.isPresent(); next = next()) {
        begin(next.get());
      }
    } catch (InterruptedException e) {
      // interrupt means stop, and this is the top of the thread
    }
  }

  /** A key stays in the queue until a pass over it could begin. */
  private Optional<K> next() throws InterruptedException {
    if (!stopping) {
      inHand.acquire();
      permits.awaitFree();
    }
    return queue.get();
  }

  /** Passes that came back from a wait while the queue was empty get their permits first. */
  private void begin(K key) throws InterruptedException {
    if (stopping) {
      queue.done(key);
      return;
    }
    try {
      var permit = permits.take();
      var work = PassNumber.given(passes.incrementAndGet(), () -> work(key, permit));
      var worker = Thread.ofVirtual().name("worker " + key).unstarted(work);
      workers.add(worker);
      worker.start();
    } catch (InterruptedException e) {
      queue.done(key);
      throw e;
    }
  }

  private void work(K key, Permits.Held permit) {
    try {
      handle(key, permit);
    } catch (InterruptedException e) {
      // interrupt means stop, and this is the top of the thread
    } finally {
      permit.end();
      queue.done(key);
      leaveRest();
      inHand.release();
      workers.remove(Thread.currentThread());
    }
  }

  /** A key that changed during its last pass is queued when nobody takes keys any more. */
  private void leaveRest() {
    try {
      for (var next = rest(); next.isPresent(); next = rest()) {
        queue.done(next.get());
      }
    } catch (InterruptedException e) {
      // interrupt means stop, and this is the top of the thread: nobody waits for the queue then
    }
  }

  private Optional<K> rest() throws InterruptedException {
    return stopping ? queue.get() : Optional.empty();
  }

  private void handle(K key, Permits.Held permit) throws InterruptedException {
    var started = ticker.nanos();
    try {
      settle(key, pass(key, permit));
    } catch (TimeoutException e) {
      failed(key, "not finished after " + settings.deadline().toSeconds() + " s");
    } catch (ExecutionException e) {
      threw(key, Objects.requireNonNull(e.getCause()));
    } finally {
      metrics.time.observe(ticker.nanos() - started);
    }
  }

  /**
   * Each pass has a thread of its own, so an interrupt that comes late finds that thread ended and
   * never hits the next pass.
   */
  private Outcome pass(K key, Permits.Held permit)
      throws InterruptedException, TimeoutException, ExecutionException {
    var pass = new FutureTask<>(() -> reconciler.reconcile(key, permit));
    var end = ticker.nanos() + settings.deadline().toNanos();
    var thread = Thread.ofVirtual().name("reconcile " + key).start(PassNumber.carried(pass));
    try {
      return outcome(pass, end, permit);
    } catch (InterruptedException | TimeoutException e) {
      log.warn("a pass is interrupted", "key", key, "stopping", stopping);
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

  private void settle(K key, Outcome outcome) {
    switch (outcome) {
      case Outcome.Synced() -> {
        metrics.success.increment();
        well(key);
        lookLater(key);
      }
      case Outcome.Gone() -> {
        metrics.success.increment();
        well(key);
      }
      case Outcome.LookAgainAfter(var delay) -> {
        metrics.requeueAfter.increment();
        well(key);
        queue.addAfter(key, delay);
        lookLater(key);
      }
      case Outcome.NotNow(var delay) -> {
        metrics.requeueAfter.increment();
        queue.addAfter(key, delay);
        lookLater(key);
      }
      case Outcome.RetryBecause(var reason, var look) -> {
        metrics.requeue.increment();
        trouble(key, "will be tried again", reason);
        queue.addRateLimited(key);
        look.ifPresent(delay -> queue.addAfter(key, delay));
        lookLater(key);
      }
      case Outcome.InvalidBecause(var reason) -> {
        metrics.error.increment();
        metrics.errors.increment();
        metrics.terminalErrors.increment();
        trouble(key, "can't be done as it is written", reason);
        queue.forget(key);
        lookLater(key);
      }
    }
  }

  private void well(K key) {
    queue.forget(key);
    if (lastSaid.clear(key)) {
      log.info("works again", "key", key);
    }
  }

  private void lookLater(K key) {
    var part = 1 - SPREAD * random.nextDouble();
    queue.addAfter(key, Duration.ofNanos((long) (settings.period().toNanos() * part)));
  }

  private void trouble(K key, String what, String reason) {
    if (lastSaid.isNew(key, reason)) {
      log.warn(what, "key", key, "reason", reason);
    } else {
      log.debug(what, "key", key, "reason", reason);
    }
  }

  private void threw(K key, Throwable thrown) {
    if (!(thrown instanceof IOException || thrown instanceof InterruptedException)) {
      metrics.panics.increment();
      if (lastSaid.isNew(key, thrown.toString())) {
        log.bug("a pass failed", thrown, "key", key);
      }
    }
    failed(key, thrown.toString());
  }

  private void failed(K key, String reason) {
    metrics.error.increment();
    metrics.errors.increment();
    trouble(key, "failed, will be tried again", reason);
    queue.addRateLimited(key);
    lookLater(key);
  }
}
