package io.bitcoincontroller.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real threads on one queue: what is seen of the world in each run is all that was added before it
 * began, at the latest in the last run.
 */
class WorkQueueThreadsTest {
  private static final int KEYS = 20;
  private static final int WORKERS = 8;
  private static final int ADDERS = 4;
  private static final int ADDS = 5_000;

  private static final RetryLimits QUICK =
      new RetryLimits(new Backoff(Duration.ofNanos(1000), Duration.ofMillis(2), 0.5), 10_000, 100);

  private final WorkQueue<Integer> queue = new WorkQueue<>(Ticker.SYSTEM, QUICK, new Random(1));

  /** What there is to be seen of each key; an adder counts up and then adds. */
  private final AtomicIntegerArray world = new AtomicIntegerArray(KEYS);

  private final AtomicIntegerArray seen = new AtomicIntegerArray(KEYS);
  private final AtomicIntegerArray withWorkers = new AtomicIntegerArray(KEYS);

  @Test
  @Timeout(120)
  void noAddIsLostAndNoKeyIsWithTwoWorkers() throws Exception {
    var seed = Long.getLong("seed", System.nanoTime());
    System.out.println("WorkQueueThreadsTest: -Dseed=" + seed);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var workers = new ArrayList<Future<Integer>>();
      for (var worker = 0; worker < WORKERS; worker++) {
        workers.add(threads.submit(this::work));
      }
      var adders = new ArrayList<Future<Integer>>();
      for (var adder = 0; adder < ADDERS; adder++) {
        adders.add(threads.submit(adder(new Random(seed + adder))));
      }
      results(adders);
      while (queue.numbers().delayed() > 0) {
        assertFalse(Thread.interrupted(), "waited in vain");
        LockSupport.parkNanos(100_000);
      }
      assertTrue(queue.shutDownWithDrain(Duration.ofMinutes(1)));
      assertTrue(results(workers).stream().mapToInt(n -> n).sum() <= ADDERS * ADDS, "runs");
    }
    for (var key = 0; key < KEYS; key++) {
      assertEquals(world.get(key), seen.get(key), "key " + key);
    }
  }

  private Integer work() throws InterruptedException {
    var runs = 0;
    for (var next = queue.get(); next.isPresent(); next = queue.get()) {
      int key = next.get();
      assertEquals(1, withWorkers.incrementAndGet(key), "workers with key " + key);
      seen.set(key, world.get(key));
      Thread.onSpinWait();
      withWorkers.decrementAndGet(key);
      queue.done(key);
      runs++;
    }
    return runs;
  }

  private Callable<Integer> adder(Random random) {
    return () -> {
      for (var i = 0; i < ADDS; i++) {
        int key = random.nextInt(KEYS);
        world.incrementAndGet(key);
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
      return ADDS;
    };
  }

  private static List<Integer> results(List<Future<Integer>> futures)
      throws InterruptedException, ExecutionException {
    var results = new ArrayList<Integer>();
    for (var future : futures) {
      results.add(future.get());
    }
    return results;
  }
}
