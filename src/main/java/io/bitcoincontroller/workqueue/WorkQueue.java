package io.bitcoincontroller.workqueue;

import io.bitcoincontroller.observe.Histogram;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.recorder.Causes;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * The queue as workers and event handlers share it: one lock and one clock around {@link Pending},
 * {@link Delayed} and {@link Failures}.
 *
 * <p>It has no thread of its own. Every call first moves the delayed keys whose time has come, so
 * nobody can tell that they were not moved on time; and of the workers that wait in {@link #get},
 * one waits only until the next deadline.
 *
 * <p>Size: each key is in each set at most once, so the queue is bounded by the number of different
 * keys; callers that {@link #forget} what is gone leak nothing.
 *
 * @param <K> a value with equals and hashCode, such as the name of an object
 */
public final class WorkQueue<K> {
  /** Longer delays and bounds are cut to this: no sum overflows. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private final Ticker ticker;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  /** There is something to take, or a new earliest deadline, or the end. */
  private final Condition wakeUp = lock.newCondition();

  private final Condition idle = lock.newCondition();

  final Pending<K> pending = new Pending<>();
  final Delayed<K> delayed = new Delayed<>();
  final Failures<K> failures;
  private long retries;

  /** One of the waiting workers minds the earliest deadline; the others wait to be woken. */
  private boolean deadlineMinded;

  /**
   * An empty queue.
   *
   * @param random for the jitter of retries; used by one thread at a time
   */
  public WorkQueue(Ticker ticker, RetryLimits limits, RandomGenerator random) {
    this.ticker = ticker;
    this.random = random;
    this.failures = new Failures<>(limits.backoff(), limits.bucket(ticker.nanos()));
  }

  /** As {@link #add(Object, Cause)}, without saying why. */
  public Added add(K key) {
    return add(key, Cause.of(Cause.Kind.ASKED));
  }

  /** Asks for a look at this key, soon. Ignored after shutdown. */
  public Added add(K key, Cause cause) {
    lock.lock();
    try {
      return enqueue(key, cause, moveDue());
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #addAfter(Object, Duration, Cause)}, without saying why. */
  public void addAfter(K key, Duration delay) {
    addAfter(key, delay, Cause.of(Cause.Kind.ASKED));
  }

  /**
   * Asks for a look at this key after the delay, or earlier if one was already asked for. Ignored
   * after shutdown.
   *
   * @param delay zero or less: now; cut to a year
   */
  public void addAfter(K key, Duration delay, Cause cause) {
    var nanos = nanos(delay);
    change(now -> delay(key, cause, now, nanos));
  }

  /** As {@link #addRateLimited(Object, Cause)}, without saying why. */
  public Duration addRateLimited(K key) {
    return addRateLimited(key, Cause.of(Cause.Kind.ASKED));
  }

  /**
   * Asks for another look at a key that failed, after its back-off; counts the failure. Ignored
   * after shutdown.
   *
   * @return the back-off
   */
  public Duration addRateLimited(K key, Cause cause) {
    return read(
        now -> {
          if (pending.isShutDown()) {
            return Duration.ZERO;
          }
          retries++;
          var nanos = failures.add(key, now, random.nextDouble());
          delay(key, cause, now, nanos);
          return Duration.ofNanos(nanos);
        });
  }

  /** The key has succeeded, or will not be tried again: its next failure is its first. */
  public void forget(K key) {
    change(_ -> failures.forget(key));
  }

  /**
   * Waits for a key. Whoever gets one must call {@link #done} when the work on it has ended.
   *
   * @return empty once the queue is shut down and nothing is left in it
   */
  public Optional<K> get() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        var now = moveDue();
        var key = pending.get(now);
        if (key.isPresent() || pending.isShutDown()) {
          return key;
        }
        if (deadlineMinded || delayed.isEmpty()) {
          wakeUp.await();
        } else {
          deadlineMinded = true;
          try {
            var _ = wakeUp.awaitNanos(delayed.earliest() - now);
          } finally {
            deadlineMinded = false;
          }
        }
      }
    } finally {
      // the worker that leaves may be the one that minded the deadline
      if (!deadlineMinded && !delayed.isEmpty()) {
        wakeUp.signal();
      }
      lock.unlock();
    }
  }

  /**
   * The work on this key has ended, well or badly. If the key was added meanwhile, it is queued.
   *
   * @throws IllegalStateException if the caller has not got this key
   */
  public void done(K key) {
    change(
        now -> {
          if (pending.done(key, now)) {
            wakeUp.signal();
          }
          if (pending.isIdle()) {
            idle.signalAll();
          }
        });
  }

  /** Why this key was queued that a worker has now. */
  public Causes causes(K key) {
    return read(
        _ -> {
          var since = pending.processing().get(key);
          return since == null ? Causes.NONE : since.causes();
        });
  }

  /** How long this key was in the queue, that a worker has now. */
  public Duration waited(K key) {
    return read(
        _ -> {
          var since = pending.processing().get(key);
          return since == null ? Duration.ZERO : Duration.ofNanos(since.waited());
        });
  }

  /** Keys that wait for a worker. */
  public int len() {
    return read(_ -> pending.depth());
  }

  /**
   * Refuses all further adds and drops the delayed keys. As in client-go, it still hands out the
   * queued ones, and then {@link #get} returns empty to all; a worker in a hurry calls {@link
   * #done} at once.
   */
  public void shutDown() {
    change(
        _ -> {
          pending.shutDown();
          delayed.clear();
          wakeUp.signalAll();
        });
  }

  /**
   * {@link #shutDown}, then waits until all that was queued or in processing is done.
   *
   * @return whether that was so within the bound
   */
  public boolean shutDownWithDrain(Duration bound) throws InterruptedException {
    shutDown();
    lock.lockInterruptibly();
    try {
      var left = nanos(bound);
      while (!pending.isIdle() && left > 0) {
        left = idle.awaitNanos(left);
      }
      return pending.isIdle();
    } finally {
      lock.unlock();
    }
  }

  public QueueNumbers numbers() {
    return read(
        now -> {
          var running =
              pending.processing().values().stream().mapToLong(since -> now - since.nanos());
          var summary = running.summaryStatistics();
          return new QueueNumbers(
              pending.adds(),
              retries,
              Duration.ofNanos(summary.getSum()),
              Duration.ofNanos(Math.max(summary.getMax(), 0)));
        });
  }

  /** How long keys waited, from add to get. */
  public Histogram queued() {
    return pending.queued();
  }

  /** How long the work on keys took, from get to done. */
  public Histogram worked() {
    return pending.worked();
  }

  private static long nanos(Duration duration) {
    return duration.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : duration.toNanos();
  }

  private void change(LongConsumer act) {
    lock.lock();
    try {
      act.accept(moveDue());
    } finally {
      lock.unlock();
    }
  }

  <T> T read(LongFunction<T> act) {
    lock.lock();
    try {
      return act.apply(moveDue());
    } finally {
      lock.unlock();
    }
  }

  /** Queues the keys whose time has come, as of that time; returns now. */
  private long moveDue() {
    var now = ticker.nanos();
    for (var due = delayed.takeDue(now); due.isPresent(); due = delayed.takeDue(now)) {
      enqueue(due.get().key(), due.get().cause(), due.get().deadline());
    }
    return now;
  }

  private Added enqueue(K key, Cause cause, long now) {
    var added = pending.add(key, cause, now);
    if (added == Added.QUEUED) {
      wakeUp.signal();
    }
    return added;
  }

  private void delay(K key, Cause cause, long now, long nanos) {
    if (pending.isShutDown()) {
      return;
    }
    if (nanos <= 0) {
      enqueue(key, cause, now);
    } else if (delayed.add(key, cause, now + nanos)) {
      // all: the one that minds the deadline must be among them
      wakeUp.signalAll();
    }
  }
}
