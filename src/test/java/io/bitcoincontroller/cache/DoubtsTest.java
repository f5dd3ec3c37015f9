package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.cache.Doubts.Held;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoubtsTest {
  private static final ObjectKey A = new ObjectKey("n", "a");
  private static final ObjectKey B = new ObjectKey("n", "b");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Map<ObjectKey, Held> held =
      new HashMap<>(Map.of(A, new Held("ua", "7"), B, new Held("ub", "8")));
  private final Doubts doubts = new Doubts(key -> Optional.ofNullable(held.get(key)));

  private static Meta meta(ObjectKey key, String uid, String version) {
    return new Meta(
        key.namespace(), key.name(), uid, version, 1, "", Map.of(), Map.of(), List.of());
  }

  private void doubt(ObjectKey key, long second) {
    var now = Optional.ofNullable(held.get(key)).orElseThrow();
    doubts.add(meta(key, now.uid(), now.version()), second * SECOND);
  }

  /** The watch has delivered something at that second. */
  private boolean listIsDue(long second, long proved) {
    return doubts.listIsDue(second * SECOND, proved * SECOND);
  }

  private Optional<ObjectKey> listed(long second) {
    return doubts.listed(second * SECOND);
  }

  @Test
  void anEventThatIsOnItsWayIsWaitedFor() {
    doubt(A, 0);
    assertFalse(listIsDue(80, 0), "a watch that is half open has shown nothing since");
    assertFalse(listIsDue(90, 90), "a new one has only begun to show it");
    held.remove(A);
    assertFalse(listIsDue(101, 101), "it came");
    doubt(B, 101);
    assertFalse(listIsDue(110, 110));
    held.put(B, new Held("ub", "9"));
    assertFalse(listIsDue(121, 121), "it has changed since");
  }

  @Test
  void whatIsHeldAlthoughTheWatchWentOnIsReasonForAListAndMayBeGone() {
    doubt(A, 0);
    doubt(B, 1);
    doubt(A, 25);
    assertFalse(listIsDue(20, 20));
    assertTrue(listIsDue(31, 20));
    held.remove(A);
    assertEquals(Optional.of(A), listed(32));
    assertFalse(listIsDue(100, 100), "the list showed the other one, and is believed");
  }

  @Test
  void anotherObjectOfTheNameShowsThatTheFirstIsGone() {
    doubt(A, 0);
    assertFalse(listIsDue(20, 20));
    assertTrue(listIsDue(31, 20));
    held.put(A, new Held("another", "9"));
    assertEquals(Optional.of(A), listed(32));
  }

  @Test
  void anOlderVersionShowsThatTheServerWasPutBack() {
    doubt(A, 0);
    assertFalse(listIsDue(20, 20));
    assertTrue(listIsDue(31, 20));
    held.put(A, new Held("ua", "6"));
    assertEquals(Optional.of(A), listed(32));
  }

  /** Where the watch is far behind, all deletions are such losses. */
  @Test
  void afterALossThereIsAPause() {
    doubt(A, 0);
    assertFalse(listIsDue(20, 20));
    assertTrue(listIsDue(31, 20));
    held.remove(A);
    assertEquals(Optional.of(A), listed(32));
    doubt(B, 33);
    assertFalse(listIsDue(40, 40));
    assertFalse(listIsDue(300, 300));
    assertTrue(listIsDue(340, 340));
  }

  @Test
  void anOldDoubtIsJudgedByAListForAnotherReasonToo() {
    doubt(A, 0);
    assertFalse(listIsDue(20, 20));
    held.remove(A);
    assertEquals(Optional.of(A), listed(31));
  }

  /** The list was the cure. */
  @Test
  void whatHasChangedWithoutAnEventIsNoReasonForAPause() {
    for (var round = 0L; round < 5; round++) {
      var second = 100 * round;
      doubt(A, second);
      assertFalse(listIsDue(second + 20, second + 20));
      assertTrue(listIsDue(second + 31, second + 31));
      held.put(A, new Held("ua", "" + (10 + round)));
      assertEquals(Optional.empty(), listed(second + 32));
    }
  }

  /** What changed, or was deleted in the ordinary way while the list was on its way. */
  @Test
  void onlyAnOldDoubtCanBeRight() {
    doubt(A, 0);
    assertFalse(listIsDue(20, 20));
    assertTrue(listIsDue(31, 20));
    doubt(B, 31);
    held.remove(B);
    held.put(A, new Held("ua", "9"));
    assertEquals(Optional.empty(), listed(32));
  }

  @Test
  void whatIsNotHeldAsItWasSeenIsNotDoubted() {
    doubts.add(meta(new ObjectKey("n", "c"), "uc", "1"), 0);
    doubts.add(meta(A, "another", "7"), 0);
    doubts.add(meta(A, "ua", "6"), 0);
    assertFalse(listIsDue(20, 20));
    assertFalse(listIsDue(40, 40));
    doubts.add(meta(A, "ua", ""), 40 * SECOND);
    assertFalse(listIsDue(60, 60));
    assertTrue(listIsDue(71, 71), "of one that can't be read, the version is not known");
  }

  /** An admission webhook may answer a write as it likes. */
  @Test
  void aDoubtThatIsWrongEachTimeCostsEverFewerListsUntilItIsForgiven() {
    var lists = new ArrayList<Long>();
    var second = 0L;
    for (; second < 7200; second += 5) {
      doubt(A, second);
      if (listIsDue(second, second)) {
        assertEquals(Optional.empty(), listed(second));
        lists.add(second);
      }
    }
    assertTrue(lists.size() < 13, lists.toString());
    held.put(A, new Held("ua", "9"));
    second += 7200;
    doubt(B, second);
    assertFalse(listIsDue(second + 5, second + 5));
    assertTrue(listIsDue(second + 16, second + 16));
    held.remove(B);
    assertEquals(Optional.of(B), listed(second + 17));
  }
}
