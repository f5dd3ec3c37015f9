package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Objects that a write did not find. What was left out for want of room: UnreadableTest. */
class ListCheckTest {
  private static final ObjectKey A = new ObjectKey("n", "a");
  private static final ObjectKey B = new ObjectKey("n", "b");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Map<ObjectKey, String> held = new HashMap<>(Map.of(A, "7", B, "8"));
  private final ListCheck check = new ListCheck(key -> Optional.ofNullable(held.get(key)));

  private boolean listIsDue(long second) {
    return check.listIsDue(second * SECOND, new Skipped<Pod>(), new Budget(1));
  }

  private void doubt(ObjectKey key, long second) {
    check.doubt(key, second * SECOND);
  }

  @Test
  void anEventThatIsOnItsWayIsWaitedFor() {
    doubt(A, 0);
    assertFalse(listIsDue(5));
    held.remove(A);
    assertFalse(listIsDue(100), "it came");
    doubt(B, 100);
    held.put(B, "9");
    assertFalse(listIsDue(200), "it has changed since");
  }

  @Test
  void whatIsHeldAllTheSameIsReasonForAListAndTheDoubtWasRight() {
    doubt(A, 0);
    doubt(B, 1);
    doubt(A, 59);
    assertTrue(listIsDue(60));
    held.remove(A);
    assertTrue(check.listed(0));
    assertFalse(listIsDue(200), "the list showed the other one, and is believed");
  }

  @Test
  void aListThatCameForAnotherReasonProvesNothing() {
    doubt(A, 0);
    held.remove(A);
    assertFalse(check.listed(0));
    doubt(B, 0);
    assertFalse(check.listed(0));
    assertFalse(listIsDue(100), "it was in the list");
  }

  @Test
  void whatIsNotHeldIsNotDoubted() {
    doubt(new ObjectKey("n", "c"), 0);
    assertFalse(listIsDue(100));
  }

  /** An admission webhook may answer a write as it likes. */
  @Test
  void aDoubtThatIsWrongEachTimeCostsEverFewerLists() {
    var lists = new ArrayList<Long>();
    for (var second = 0L; second < 7200; second += 5) {
      doubt(A, second);
      if (listIsDue(second)) {
        assertFalse(check.listed(0));
        lists.add(second);
      }
    }
    assertTrue(lists.size() < 13, lists.toString());
    assertEquals(List.of(60L), lists.subList(0, 1));
    held.remove(A);
    doubt(B, 7200);
    assertTrue(listIsDue(7200 + 900));
    held.remove(B);
    assertTrue(check.listed(0));
  }
}
