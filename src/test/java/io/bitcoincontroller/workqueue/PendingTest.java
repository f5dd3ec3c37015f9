package io.bitcoincontroller.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.observe.Counted;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.recorder.Causes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of the three sets, one by one. */
class PendingTest {
  private static final Cause ASKED = Cause.of(Cause.Kind.ASKED);
  private final Pending<String> pending = new Pending<>();

  @Test
  void keysAreHandedOutInTheOrderInWhichTheyWereAdded() {
    assertEquals(Added.QUEUED, pending.add("a", ASKED, 0));
    assertEquals(Added.QUEUED, pending.add("b", ASKED, 0));
    assertEquals(Optional.of("a"), pending.get(0));
    assertEquals(Optional.of("b"), pending.get(0));
    assertEquals(Optional.empty(), pending.get(0));
  }

  @Test
  void duplicatesCollapse() {
    assertEquals(Added.QUEUED, pending.add("a", ASKED, 0));
    assertEquals(Added.MERGED, pending.add("a", ASKED, 0));
    assertEquals(1, pending.depth());
    assertEquals(1, pending.adds());
  }

  @Test
  void aKeyInProcessingIsNotHandedOutAgain() {
    pending.add("a", ASKED, 0);
    pending.get(0);
    assertEquals(Added.AGAIN, pending.add("a", ASKED, 0));
    assertEquals(Optional.empty(), pending.get(0));
    assertEquals(0, pending.depth());
  }

  @Test
  void aKeyAddedWhileProcessingRunsOnceMore() {
    pending.add("a", ASKED, 0);
    pending.get(0);
    pending.add("a", ASKED, 0);
    pending.add("a", ASKED, 0);
    assertTrue(pending.done("a", 0));
    assertEquals(Optional.of("a"), pending.get(0));
    assertFalse(pending.done("a", 0));
    assertEquals(Optional.empty(), pending.get(0));
  }

  @Test
  void aKeyThatWasNotAddedAgainIsGoneWhenDone() {
    pending.add("a", ASKED, 0);
    pending.get(0);
    assertFalse(pending.done("a", 0));
    assertTrue(pending.isIdle());
    assertEquals(Added.QUEUED, pending.add("a", ASKED, 0), "and can be added like any other");
  }

  @Test
  void aHotKeyGoesBehindThoseThatWait() {
    pending.add("hot", ASKED, 0);
    pending.add("cold", ASKED, 0);
    assertEquals(Optional.of("hot"), pending.get(0));
    pending.add("hot", ASKED, 0);
    pending.done("hot", 0);
    assertEquals(Optional.of("cold"), pending.get(0));
  }

  @Test
  void afterShutdownAddsAreRefusedAndWhatWasQueuedIsHandedOut() {
    pending.add("a", ASKED, 0);
    pending.add("b", ASKED, 0);
    pending.get(0);
    pending.add("a", ASKED, 0);
    assertFalse(pending.isShutDown());
    pending.shutDown();
    assertTrue(pending.isShutDown());
    assertEquals(Added.REFUSED, pending.add("c", ASKED, 0));
    assertEquals(Optional.of("b"), pending.get(0));
    assertTrue(pending.done("a", 0), "it was added before the shutdown");
    assertEquals(Optional.of("a"), pending.get(0));
    assertEquals(Optional.empty(), pending.get(0));
  }

  @Test
  void idleMeansThatNothingWaitsAndNothingRuns() {
    assertTrue(pending.isIdle());
    pending.add("a", ASKED, 0);
    assertFalse(pending.isIdle());
    pending.get(0);
    assertFalse(pending.isIdle());
    pending.done("a", 0);
    assertTrue(pending.isIdle());
  }

  @Test
  void doneWithoutGetIsTheCallersBug() {
    pending.add("a", ASKED, 0);
    assertThrows(IllegalStateException.class, () -> pending.done("a", 0));
    pending.get(0);
    pending.done("a", 0);
    assertThrows(IllegalStateException.class, () -> pending.done("a", 0));
  }

  @Test
  void theSetsCanBeSeen() {
    pending.add("a", ASKED, 3);
    pending.add("b", ASKED, 4);
    pending.get(5);
    pending.add("a", ASKED, 6);
    assertEquals(List.of("b"), List.copyOf(pending.queue));
    assertEquals(List.of("b", "a"), List.copyOf(pending.dirty.keySet()));
    assertEquals(
        Map.of("a", new Pending.Since(5, Causes.NONE.and(ASKED), 2)), pending.processing());
  }

  @Test
  void timeInTheQueueCountsFromTheFirstAddAndTimeAtWorkFromTheGet() {
    pending.add("a", ASKED, 10);
    pending.add("a", ASKED, 20);
    pending.get(110);
    pending.add("a", ASKED, 120);
    pending.done("a", 1110);
    pending.get(1120);
    assertEquals(100 + 1000, Counted.of(pending.queued()).sumNanos());
    assertEquals(List.of(0L, 1L, 1L), Counted.of(pending.queued()).counts().subList(0, 3));
    assertEquals(1000, Counted.of(pending.worked()).sumNanos());
  }

  @Test
  void aDurationCountsInTheBucketWhoseBoundItDoesNotPass() {
    for (var nanos : List.of(10L, 11L, 1_000_000_000_000L, 1_000_000_000_001L)) {
      pending.queued().observe(nanos);
    }
    assertEquals(
        List.of(1L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L),
        Counted.of(pending.queued()).counts());
  }
}
