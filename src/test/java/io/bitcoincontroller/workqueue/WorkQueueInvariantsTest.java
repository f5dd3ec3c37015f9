package io.bitcoincontroller.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.workqueue.QueueHistory.Look;
import io.bitcoincontroller.workqueue.QueueHistory.Op;
import io.bitcoincontroller.workqueue.QueueHistory.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The eight invariants of the queue, each by itself, on random histories. {@link
 * WorkQueueThreadsTest} has the same eight with real threads.
 *
 * <p>A failing seed can be run alone: {@code -Dseed=<it>}.
 */
@Timeout(120)
class WorkQueueInvariantsTest {
  private static final long SEEDS = 500;
  private static final Look EMPTY = new Look(List.of(), Set.of(), List.of(), Map.of(), Map.of());

  /** What an invariant says of one step. */
  private interface Invariant {
    void holds(Look before, Step step);
  }

  /** An invariant with an empty memory. */
  private interface Fresh {
    Invariant invariant();
  }

  private static void always(Fresh fresh) throws InterruptedException {
    QueueHistory.ofSeeds(SEEDS, steps -> check(fresh.invariant(), steps));
  }

  private static void check(Invariant invariant, List<Step> steps) {
    var before = EMPTY;
    for (var step : steps) {
      try {
        invariant.holds(before, step);
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + ": " + before + ", then " + step, e);
      }
      before = step.after();
    }
  }

  /** Keys that a step asks for at once, those included whose time has come. */
  private static Set<Integer> asked(Look before, Step step) {
    var asked = new HashSet<Integer>();
    before.delayed().forEach((key, due) -> addIf(asked, key, due - step.now() <= 0));
    var atOnce = step.op() == Op.ADD || (step.op() == Op.ADD_AFTER && step.delay() <= 0);
    addIf(asked, step.key(), atOnce && !step.afterShutDown());
    return asked;
  }

  private static void addIf(Set<Integer> keys, int key, boolean really) {
    if (really) {
      keys.add(key);
    }
  }

  @Test
  void invariant1AKeyIsNeverWithTwoWorkers() throws Exception {
    always(
        () ->
            (before, step) -> {
              assertFalse(step.isGet() && before.running().contains(step.key()));
              var running = step.after().running();
              assertEquals(new HashSet<>(running).size(), running.size());
            });
  }

  @Test
  void invariant2AnAddDuringProcessingGivesExactlyOneMoreRun() throws Exception {
    always(
        () -> {
          var again = new HashSet<Integer>();
          return (before, step) -> {
            asked(before, step).stream().filter(before.running()::contains).forEach(again::add);
            if (step.op() == Op.DONE) {
              var more = step.after().waiting().stream().filter(k -> k == step.key()).count();
              assertEquals(again.remove(step.key()) ? 1 : 0, more);
            } else {
              again.forEach(key -> assertFalse(step.after().waiting().contains(key)));
            }
          };
        });
  }

  @Test
  void invariant3NoAddIsLostExceptAfterShutdown() throws Exception {
    always(
        () -> {
          var owed = new HashSet<Integer>();
          return (before, step) -> {
            owed.addAll(asked(before, step));
            if (step.isGet()) {
              owed.remove(step.key());
            }
            assertTrue(step.after().dirty().containsAll(owed));
            var inSight = new HashSet<>(step.after().waiting());
            inSight.addAll(step.after().running());
            assertTrue(inSight.containsAll(owed), "what is owed waits, or waits for its worker");
            if (step.op() == Op.GET && step.key() < 0) {
              assertEquals(List.of(), before.waiting(), "empty-handed while one waited");
            }
          };
        });
  }

  @Test
  void invariant4DuplicatesCollapse() throws Exception {
    always(
        () ->
            (before, step) -> {
              var waiting = step.after().waiting();
              assertEquals(new HashSet<>(waiting).size(), waiting.size());
              if (step.op() == Op.ADD && before.dirty().contains(step.key())) {
                assertEquals(before.waiting(), waiting.subList(0, before.waiting().size()));
                assertFalse(
                    waiting.subList(before.waiting().size(), waiting.size()).contains(step.key()));
              }
            });
  }

  @Test
  void invariant5TheEarliestOfSeveralDelayedAddsWinsAndNoneFiresEarly() throws Exception {
    always(
        () ->
            (before, step) -> {
              var expected = new HashMap<>(before.delayed());
              expected.values().removeIf(due -> due - step.now() <= 0);
              if (step.op() == Op.ADD_AFTER && step.delay() > 0 && !step.afterShutDown()) {
                expected.merge(
                    step.key(), step.now() + step.delay(), WorkQueueInvariantsTest::earlier);
              }
              if (step.op() != Op.ADD_RATE_LIMITED && step.op() != Op.SHUT_DOWN) {
                assertEquals(expected, step.after().delayed());
              }
              var added = new HashSet<>(step.after().dirty());
              added.removeAll(before.dirty());
              assertTrue(asked(before, step).containsAll(added), "added before its time");
            });
  }

  /** Of two moments that may lie on both sides of the overflow. */
  private static long earlier(long one, long other) {
    return one - other <= 0 ? one : other;
  }

  @Test
  void invariant6FailuresGrowTheDelayToTheCapAndForgetResetsIt() throws Exception {
    always(
        () -> {
          var failures = new HashMap<Integer, Integer>();
          return (before, step) -> {
            if (step.op() == Op.FORGET) {
              failures.remove(step.key());
            }
            if (step.op() == Op.ADD_RATE_LIMITED && !step.afterShutDown()) {
              var inARow = failures.merge(step.key(), 1, Integer::sum);
              var delay = QueueHistory.FIRST;
              for (var doublings = 1; doublings < inARow; doublings++) {
                delay = Math.min(QueueHistory.CAP, 2 * delay);
              }
              var due = step.now() + delay;
              var old = before.delayed().getOrDefault(step.key(), due);
              assertEquals(earlier(due, old), step.after().delayed().get(step.key()));
            }
            step.after()
                .failures()
                .forEach((key, n) -> assertEquals(failures.getOrDefault(key, 0), n));
          };
        });
  }

  @Test
  void invariant7DrainWaitsForWorkInHandAndRefusesNewWork() throws Exception {
    always(
        () ->
            (before, step) -> {
              if (step.op() == Op.SHUT_DOWN || step.afterShutDown()) {
                assertTrue(before.dirty().containsAll(step.after().dirty()), "new work");
                assertEquals(Map.of(), step.after().delayed());
              }
              if (step.op() == Op.DRAIN) {
                var idle = before.waiting().isEmpty() && before.running().isEmpty();
                assertEquals(idle, step.drained());
              }
            });
  }

  @Test
  void invariant8NoWaitingKeyStarves() throws Exception {
    always(
        () ->
            (before, step) -> {
              var ahead = step.isGet() ? 1 : 0;
              var waiting = before.waiting();
              for (var place = ahead; place < waiting.size(); place++) {
                assertEquals(waiting.get(place), step.after().waiting().get(place - ahead));
              }
            });
  }
}
