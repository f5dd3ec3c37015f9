package io.bitcoincontroller.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The eight invariants of {@link WorkQueueInvariantsTest} with real threads on one queue: here the
 * machine interleaves. {@code -Dseed} gives the threads the same random numbers again.
 */
@Timeout(120)
class WorkQueueThreadsTest {
  private static final int KEYS = 20;
  private static final int WORKERS = 8;
  private static final int ADDERS = 4;
  private static final int ADDS = 5_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final RetryLimits QUICK =
      new RetryLimits(new Backoff(Duration.ofNanos(1000), Duration.ofMillis(2), 0.5), 10_000, 100);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final WorkQueue<Integer> queue = new WorkQueue<>(Ticker.SYSTEM, QUICK, new Random(seed));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicIntegerArray withWorkers = new AtomicIntegerArray(KEYS);

  WorkQueueThreadsTest() {
    System.out.println("WorkQueueThreadsTest: -Dseed=" + seed);
  }

  @AfterEach
  void end() {
    queue.shutDown();
    threads.close();
  }

  private List<Future<Integer>> start(int count, Callable<Integer> task) {
    var started = new ArrayList<Future<Integer>>();
    for (var n = 0; n < count; n++) {
      started.add(threads.submit(task));
    }
    return started;
  }

  /** The adders, one after the other numbered from 0, each doing the same so many times. */
  private List<Future<Integer>> adders(int times, BiConsumer<Random, Integer> add) {
    var started = new ArrayList<Future<Integer>>();
    for (var adder = 0; adder < ADDERS; adder++) {
      var random = new Random(seed + adder);
      started.add(
          threads.submit(
              () -> {
                for (var n = 0; n < times; n++) {
                  add.accept(random, random.nextInt(KEYS));
                }
                return times;
              }));
    }
    return started;
  }

  private List<Future<Integer>> together(int times, Runnable add) {
    return adders(times, (random, key) -> add.run());
  }

  private static int sum(List<Future<Integer>> futures)
      throws InterruptedException, ExecutionException {
    var sum = 0;
    for (var future : futures) {
      sum += future.get();
    }
    return sum;
  }

  /** A worker's whole life; returns its number of runs. */
  private Callable<Integer> worker(IntConsumer work) {
    return () -> {
      var runs = 0;
      for (var next = queue.get(); next.isPresent(); next = queue.get()) {
        int key = next.get();
        assertEquals(1, withWorkers.incrementAndGet(key), "workers with key " + key);
        work.accept(key);
        withWorkers.decrementAndGet(key);
        queue.done(key);
        runs++;
      }
      return runs;
    };
  }

  private void awaitNothingDelayed() {
    while (QueueView.delayed(queue) > 0) {
      assertFalse(Thread.interrupted(), "waited in vain");
      LockSupport.parkNanos(100_000);
    }
  }

  /** Each run sees all that was added before it began; the last one of a key sees all. */
  @Test
  void invariants1And3AKeyIsNeverWithTwoWorkersAndNoAddIsLost() throws Exception {
    var world = new AtomicIntegerArray(KEYS);
    var seen = new AtomicIntegerArray(KEYS);
    var workers = start(WORKERS, worker(key -> seen.set(key, world.get(key))));
    var adders =
        adders(
            ADDS,
            (random, key) -> {
              world.incrementAndGet(key);
              addSomehow(random, key);
            });
    sum(adders);
    awaitNothingDelayed();
    assertTrue(queue.shutDownWithDrain(PATIENCE));
    assertTrue(sum(workers) <= ADDERS * ADDS, "runs");
    for (var key = 0; key < KEYS; key++) {
      assertEquals(world.get(key), seen.get(key), "key " + key);
    }
  }

  private void addSomehow(Random random, int key) {
    switch (random.nextInt(20)) {
      case 0 -> queue.addAfter(key, Duration.ofNanos(random.nextInt(5_000_000)));
      case 1 -> queue.addRateLimited(key);
      case 2 -> {
        queue.forget(key);
        queue.add(key);
      }
      default -> queue.add(key);
    }
  }

  @Test
  void invariants2And4AddsDuringProcessingGiveOneMoreRunAndDuplicatesCollapse() throws Exception {
    for (var round = 0; round < 200; round++) {
      sum(together(10, () -> queue.add(1)));
      assertEquals(1, queue.len(), "added by all, and waiting");
      assertEquals(Optional.of(1), queue.get());
      var during = together(10, () -> queue.add(1));
      assertEquals(0, queue.len(), "with a worker");
      sum(during);
      assertEquals(0, queue.len(), "with a worker");
      queue.done(1);
      assertEquals(1, queue.len());
      assertEquals(Optional.of(1), queue.get());
      queue.done(1);
      assertEquals(0, queue.len());
    }
  }

  @Test
  void invariant5TheEarliestOfSeveralDelayedAddsWinsAndNoneFiresEarly() throws Exception {
    var earliest = new AtomicLongArray(KEYS);
    var runs = new AtomicIntegerArray(KEYS);
    for (var key = 0; key < KEYS; key++) {
      earliest.set(key, Long.MAX_VALUE);
    }
    var workers =
        start(
            WORKERS,
            worker(
                key -> {
                  assertTrue(System.nanoTime() >= earliest.get(key), "early: " + key);
                  runs.incrementAndGet(key);
                }));
    // read before the queue reads it, the clock can only make the earliest time earlier
    var adders =
        adders(
            200,
            (random, key) -> {
              var delay = random.nextInt(10) == 0 ? random.nextLong(20_000_000) : 1L << 42;
              earliest.accumulateAndGet(key, System.nanoTime() + delay, Math::min);
              queue.addAfter(key, Duration.ofNanos(delay));
            });
    sum(adders);
    for (var key = 0; key < KEYS; key++) {
      while (earliest.get(key) < System.nanoTime() + (1L << 40) && runs.get(key) == 0) {
        assertFalse(Thread.interrupted(), "waited in vain");
        LockSupport.parkNanos(100_000);
      }
    }
    queue.shutDown();
    sum(workers);
  }

  @Test
  void invariant6FailuresGrowTheDelayAndForgetResetsIt() throws Exception {
    sum(together(100, () -> queue.addRateLimited(1)));
    assertEquals(100 * ADDERS, QueueView.failures(queue, 1), "each is counted once");
    sum(together(100, () -> queue.forget(1)));
    assertEquals(0, QueueView.failures(queue, 1));
    queue.addRateLimited(1);
    assertEquals(1, QueueView.failures(queue, 1));
  }

  @Test
  void invariant7DrainWaitsForWorkInHandAndRefusesNewWork() throws Exception {
    var inHand = new AtomicInteger();
    var runs = new AtomicInteger();
    var drained = new AtomicBoolean();
    var workers =
        start(
            WORKERS,
            worker(
                _ -> {
                  inHand.incrementAndGet();
                  assertFalse(drained.get(), "a run after the drain");
                  LockSupport.parkNanos(50_000);
                  runs.incrementAndGet();
                  inHand.decrementAndGet();
                }));
    var adders = adders(ADDS, this::addSomehow);
    while (runs.get() < 10) {
      assertFalse(Thread.interrupted(), "waited in vain");
      LockSupport.parkNanos(100_000);
    }
    assertTrue(queue.shutDownWithDrain(PATIENCE));
    drained.set(true);
    assertEquals(0, inHand.get());
    assertEquals(0, QueueView.delayed(queue));
    sum(adders);
    assertEquals(runs.get(), sum(workers));
    assertEquals(0, queue.len());
  }

  /** All others are asked for again while they are worked on, so that some always wait. */
  @Test
  void invariant8NoWaitingKeyStarves() throws Exception {
    var colds = new AtomicInteger();
    for (var key = 1; key < KEYS; key++) {
      queue.add(key);
    }
    var workers =
        start(
            2,
            worker(
                key -> {
                  if (key == 0) {
                    colds.incrementAndGet();
                  } else {
                    queue.add(key);
                  }
                }));
    for (var round = 1; round <= 1_000; round++) {
      queue.add(0);
      while (colds.get() < round) {
        assertFalse(Thread.interrupted(), "waited in vain");
        Thread.onSpinWait();
      }
    }
    queue.shutDown();
    sum(workers);
  }
}
