package io.bitcoincontroller.controller;

import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.observe.PassNumber;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import io.bitcoincontroller.workqueue.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
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

  /** The time in which interrupted passes may clean up. */
  private static final Duration LAST_GRACE = Duration.ofSeconds(1);

  private final String name;
  private final WorkQueue<K> queue;
  private final Ticker ticker;
  private final ControllerMetrics metrics;
  private final Passes<K> passes;
  private final Aftermath<K> aftermath;
  private final PassRecord<K> record;

  /** How many passes were begun, and so the number of the last. */
  private final AtomicLong begun = new AtomicLong();

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
      Metrics metrics,
      Recorder recorder) {
    this.name = name;
    this.queue = queue;
    this.ticker = ticker;
    this.permits = new Permits(settings.workers(), ticker);
    this.metrics = new ControllerMetrics(metrics, name, settings.workers(), permits::taken, queue);
    this.passes = new Passes<>(reconciler, settings.deadline(), ticker, () -> stopping, log);
    this.record = new PassRecord<>(recorder);
    this.aftermath = new Aftermath<>(queue, settings.period(), random, this.metrics, record, log);
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
      var work = PassNumber.given(begun.incrementAndGet(), () -> work(key, permit));
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
    record.begun(key, queue.causes(key), queue.waited(key));
    try {
      aftermath.settle(key, passes.make(key, permit));
    } catch (TimeoutException e) {
      aftermath.failed(key, "not finished after " + passes.deadline().toSeconds() + " s");
    } catch (ExecutionException e) {
      aftermath.threw(key, Objects.requireNonNull(e.getCause()));
    } finally {
      metrics.time.observe(ticker.nanos() - started);
    }
  }
}
