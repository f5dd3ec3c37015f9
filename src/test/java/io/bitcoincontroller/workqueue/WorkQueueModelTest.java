package io.bitcoincontroller.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.timing.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random steps of several workers and event handlers, interleaved by a seed, on the queue and on a
 * reference so naive that it can be believed. After every step both must look the same.
 *
 * <p>A failing seed can be run alone: {@code -Dseed=<it>}.
 */
class WorkQueueModelTest {
  private static final int SEEDS = 2_000;
  private static final int STEPS = 300;
  private static final Backoff BACKOFF = new Backoff(Duration.ofNanos(4), Duration.ofNanos(100), 0);

  @Test
  @Timeout(120)
  void theQueueIsWhatTheNaiveReferenceIs() throws InterruptedException {
    var one = Optional.ofNullable(Long.getLong("seed"));
    for (var seed = one.orElse(0L); seed < one.map(s -> s + 1).orElse((long) SEEDS); seed++) {
      try {
        new Run(seed).go();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("run again with -Dseed=" + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /** The queue and its reference, and random steps on both. */
  private static final class Run {
    private final SplittableRandom random;
    private final Reference reference = new Reference();
    private final WorkQueue<Integer> queue;
    private final List<String> story = new ArrayList<>();

    Run(long seed) {
      random = new SplittableRandom(seed);
      queue =
          new WorkQueue<>(
              () -> reference.now, new RetryLimits(BACKOFF, 1_000_000, 1_000_000), random);
    }

    void go() throws InterruptedException {
      for (var step = 0; step < STEPS; step++) {
        step();
        compare();
      }
    }

    private void step() throws InterruptedException {
      int key = random.nextInt(6);
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4 -> {
          story.add("add " + key);
          reference.add(key);
          queue.add(key);
        }
        case 5, 6, 7, 8, 9 -> get();
        case 10, 11, 12, 13 -> done();
        case 14, 15 -> {
          int delay = random.nextInt(-2, 40);
          story.add("addAfter " + key + " " + delay);
          reference.addAfter(key, delay);
          queue.addAfter(key, Duration.ofNanos(delay));
        }
        case 16 -> {
          story.add("addRateLimited " + key);
          reference.addRateLimited(key);
          queue.addRateLimited(key);
        }
        case 17 -> {
          story.add("forget " + key);
          reference.failures.remove(key);
          queue.forget(key);
        }
        case 18 -> {
          reference.pass(random.nextInt(40));
          story.add("it is " + reference.now);
        }
        default -> {
          if (random.nextInt(10) == 0) {
            story.add("shutDown");
            reference.shutDown();
            queue.shutDown();
          }
        }
      }
    }

    /** A get that would wait is not made: the real threads' test has those. */
    private void get() throws InterruptedException {
      if (reference.waiting.isEmpty() && !reference.shutDown) {
        return;
      }
      var expected = reference.get();
      story.add("get " + expected);
      assertEquals(expected, queue.get(), story::toString);
    }

    private void done() {
      if (reference.running.isEmpty()) {
        return;
      }
      var key = reference.running.get(random.nextInt(reference.running.size()));
      story.add("done " + key);
      reference.done(key);
      queue.done(key);
    }

    private void compare() {
      var view = queue.view(Integer.MAX_VALUE);
      assertEquals(reference.waiting, view.queue().first(), story::toString);
      assertEquals(
          reference.running,
          view.processing().first().stream().map(QueueView.Timed::key).toList(),
          story::toString);
      var dirty = new ArrayList<>(reference.waiting);
      dirty.addAll(reference.again);
      assertEquals(
          dirty.stream().sorted().toList(),
          view.dirty().first().stream().sorted().toList(),
          story::toString);
      assertEquals(reference.later(), view.delayed().first(), story::toString);
      assertEquals(reference.waiting.size(), queue.len());
      for (var key = 0; key < 6; key++) {
        assertEquals(reference.failures.getOrDefault(key, 0), queue.failures(key));
      }
    }
  }

  /** Lists, and a clock that goes one nanosecond at a time and looks at everything each time. */
  private static final class Reference {
    private record Later(int key, long at, int order) {}

    final List<Integer> waiting = new ArrayList<>();
    final List<Integer> running = new ArrayList<>();
    final List<Integer> again = new ArrayList<>();
    final Map<Integer, Integer> failures = new HashMap<>();
    private final List<Later> later = new ArrayList<>();
    private int order;
    boolean shutDown;
    long now = Long.MAX_VALUE - 200;

    void add(int key) {
      if (shutDown || waiting.contains(key) || again.contains(key)) {
        return;
      }
      (running.contains(key) ? again : waiting).add(key);
    }

    void addAfter(int key, long delay) {
      if (shutDown) {
        return;
      }
      if (delay <= 0) {
        add(key);
        return;
      }
      var old = later.stream().filter(l -> l.key == key).findFirst();
      if (old.isEmpty() || delay < old.get().at - now) {
        later.removeIf(l -> l.key == key);
        later.add(new Later(key, now + delay, order++));
      }
    }

    void addRateLimited(int key) {
      if (!shutDown) {
        var n = failures.merge(key, 1, Integer::sum);
        addAfter(key, Math.min(100, 4L << Math.min(n - 1, 10)));
      }
    }

    Optional<Integer> get() {
      if (waiting.isEmpty()) {
        return Optional.empty();
      }
      var key = waiting.removeFirst();
      running.add(key);
      return Optional.of(key);
    }

    void done(Integer key) {
      running.remove(/* element */ key);
      if (again.remove(/* element */ key)) {
        waiting.add(key);
      }
    }

    void pass(int nanos) {
      for (var i = 0; i < nanos; i++) {
        now++;
        var due = later.stream().filter(l -> l.at == now).toList();
        later.removeAll(due);
        due.stream().sorted(Comparator.comparingInt(Later::order)).forEach(l -> add(l.key));
      }
    }

    void shutDown() {
      shutDown = true;
      later.clear();
    }

    List<QueueView.Timed<Integer>> later() {
      return later.stream()
          .sorted(Comparator.comparingLong((Later l) -> l.at - now).thenComparingInt(Later::order))
          .map(l -> new QueueView.Timed<>(l.key, Duration.ofNanos(l.at - now)))
          .toList();
    }
  }
}
