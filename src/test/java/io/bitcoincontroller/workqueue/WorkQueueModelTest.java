package io.bitcoincontroller.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.workqueue.QueueHistory.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random histories of the queue, done once more on a reference so naive that it can be believed.
 * After every step both must look the same.
 *
 * <p>A failing seed can be run alone: {@code -Dseed=<it>}.
 */
class WorkQueueModelTest {
  private static final long SEEDS = 2_000;

  @Test
  @Timeout(120)
  void theQueueIsWhatTheNaiveReferenceIs() throws InterruptedException {
    QueueHistory.ofSeeds(SEEDS, WorkQueueModelTest::compare);
  }

  private static void compare(List<Step> steps) {
    var reference = new Reference();
    for (var n = 0; n < steps.size(); n++) {
      var step = steps.get(n);
      var story = steps.subList(0, n + 1);
      assertEquals(step.key(), reference.follow(step), story::toString);
      var after = step.after();
      assertEquals(reference.waiting, after.waiting(), story::toString);
      assertEquals(reference.running, after.running(), story::toString);
      var dirty = new HashSet<>(reference.waiting);
      dirty.addAll(reference.again);
      assertEquals(dirty, after.dirty(), story::toString);
      assertEquals(
          List.copyOf(reference.later().entrySet()),
          List.copyOf(after.delayed().entrySet()),
          story::toString);
      after
          .failures()
          .forEach((key, count) -> assertEquals(reference.failures.getOrDefault(key, 0), count));
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
    private boolean shutDown;
    private long now = QueueHistory.BEGIN;

    /** Does what was done; returns the key that it was done with. */
    int follow(Step step) {
      switch (step.op()) {
        case ADD -> add(step.key());
        case ADD_AFTER -> addAfter(step.key(), step.delay());
        case ADD_RATE_LIMITED -> addRateLimited(step.key());
        case FORGET -> failures.remove(step.key());
        case GET -> {
          return get().orElse(-1);
        }
        case DONE -> done(step.key());
        case TIME_PASSES -> pass(step.now());
        case SHUT_DOWN -> shutDown();
        case DRAIN -> assertEquals(waiting.isEmpty() && running.isEmpty(), step.drained());
      }
      return step.key();
    }

    private void add(int key) {
      if (shutDown || waiting.contains(key) || again.contains(key)) {
        return;
      }
      (running.contains(key) ? again : waiting).add(key);
    }

    private void addAfter(int key, long delay) {
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

    private void addRateLimited(int key) {
      if (!shutDown) {
        var n = failures.merge(key, 1, Integer::sum);
        addAfter(key, Math.min(100, 4L << Math.min(n - 1, 10)));
      }
    }

    private Optional<Integer> get() {
      if (waiting.isEmpty()) {
        return Optional.empty();
      }
      var key = waiting.removeFirst();
      running.add(key);
      return Optional.of(key);
    }

    private void done(Integer key) {
      running.remove(/* element */ key);
      if (again.remove(/* element */ key)) {
        waiting.add(key);
      }
    }

    private void pass(long until) {
      while (now != until) {
        now++;
        var due = later.stream().filter(l -> l.at == now).toList();
        later.removeAll(due);
        due.stream().sorted(Comparator.comparingInt(Later::order)).forEach(l -> add(l.key));
      }
    }

    private void shutDown() {
      shutDown = true;
      later.clear();
    }

    /** When each is due, the first to be so first. */
    Map<Integer, Long> later() {
      var all = new LinkedHashMap<Integer, Long>();
      later.stream()
          .sorted(Comparator.comparingLong((Later l) -> l.at - now).thenComparingInt(Later::order))
          .forEach(l -> all.put(l.key, l.at));
      return all;
    }
  }
}
