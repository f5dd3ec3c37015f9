package io.bitcoincontroller.workqueue;

import io.bitcoincontroller.timing.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What random workers and event handlers did to a queue, and how it looked after each step. Time is
 * a number, and one thread makes the steps of all: the seed is the interleaving.
 */
final class QueueHistory {
  static final long FIRST = 4;
  static final long CAP = 100;

  /** Shortly before monotonic time overflows. */
  static final long BEGIN = Long.MAX_VALUE - 200;

  private static final int KEYS = 6;
  private static final int STEPS = 300;

  enum Op {
    ADD,
    ADD_AFTER,
    ADD_RATE_LIMITED,
    FORGET,
    GET,
    DONE,
    TIME_PASSES,
    SHUT_DOWN,
    DRAIN
  }

  /**
   * The inside of the queue.
   *
   * @param delayed with the time at which each is due, the first to be so first
   */
  record Look(
      List<Integer> waiting,
      Set<Integer> dirty,
      List<Integer> running,
      Map<Integer, Long> delayed,
      Map<Integer, Integer> failures) {}

  /**
   * One step.
   *
   * @param key -1 where there is none
   * @param delay of ADD_AFTER
   * @param drained of DRAIN: its answer
   */
  record Step(
      Op op, int key, long delay, boolean drained, boolean afterShutDown, long now, Look after) {
    boolean isGet() {
      return op == Op.GET && key >= 0;
    }
  }

  private final SplittableRandom random;
  private final WorkQueue<Integer> queue;
  private final List<Step> steps = new ArrayList<>();
  private long now = BEGIN;
  private boolean shutDown;

  private QueueHistory(long seed) {
    random = new SplittableRandom(seed);
    var backoff = new Backoff(Duration.ofNanos(FIRST), Duration.ofNanos(CAP), 0);
    queue = new WorkQueue<>(() -> now, new RetryLimits(backoff, 1_000_000, 1_000_000), random);
  }

  /** Shows the histories of so many seeds, or the one of {@code -Dseed}, to a check. */
  static void ofSeeds(long seeds, Consumer<List<Step>> check) throws InterruptedException {
    var one = Optional.ofNullable(Long.getLong("seed"));
    for (var seed = one.orElse(0L); seed < one.map(s -> s + 1).orElse(seeds); seed++) {
      try {
        check.accept(of(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("run again with -Dseed=" + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static List<Step> of(long seed) throws InterruptedException {
    var history = new QueueHistory(seed);
    while (history.steps.size() < STEPS) {
      history.step();
    }
    return history.steps;
  }

  private void step() throws InterruptedException {
    int key = random.nextInt(KEYS);
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> {
        queue.add(key);
        record(Op.ADD, key, 0, false);
      }
      case 5, 6, 7, 8, 9 -> get();
      case 10, 11, 12, 13 -> done();
      case 14, 15 -> {
        long delay = random.nextInt(-2, 40);
        queue.addAfter(key, Duration.ofNanos(delay));
        record(Op.ADD_AFTER, key, delay, false);
      }
      case 16 -> {
        queue.addRateLimited(key);
        record(Op.ADD_RATE_LIMITED, key, 0, false);
      }
      case 17 -> {
        queue.forget(key);
        record(Op.FORGET, key, 0, false);
      }
      case 18 -> {
        now += random.nextInt(40);
        record(Op.TIME_PASSES, -1, 0, false);
      }
      default -> end();
    }
  }

  /** A get that would wait is not made. */
  private void get() throws InterruptedException {
    if (queue.len() > 0 || shutDown) {
      record(Op.GET, queue.get().orElse(-1), 0, false);
    }
  }

  private void done() {
    var running = QueueView.of(queue, KEYS).processing().first();
    if (!running.isEmpty()) {
      int key = running.get(random.nextInt(running.size())).key();
      queue.done(key);
      record(Op.DONE, key, 0, false);
    }
  }

  private void end() throws InterruptedException {
    if (shutDown) {
      record(Op.DRAIN, -1, 0, queue.shutDownWithDrain(Duration.ZERO));
    } else if (random.nextInt(10) == 0) {
      queue.shutDown();
      record(Op.SHUT_DOWN, -1, 0, false);
      shutDown = true;
    }
  }

  private void record(Op op, int key, long delay, boolean drained) {
    steps.add(new Step(op, key, delay, drained, shutDown, now, look()));
  }

  private Look look() {
    var view = QueueView.of(queue, KEYS);
    var delayed = new LinkedHashMap<Integer, Long>();
    view.delayed().first().forEach(timed -> delayed.put(timed.key(), now + timed.time().toNanos()));
    var failures = new HashMap<Integer, Integer>();
    for (var key = 0; key < KEYS; key++) {
      failures.put(key, QueueView.failures(queue, key));
    }
    return new Look(
        view.queue().first(),
        new HashSet<>(view.dirty().first()),
        view.processing().first().stream().map(QueueView.Timed::key).toList(),
        delayed,
        failures);
  }
}
