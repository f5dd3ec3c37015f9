package io.bitcoincontroller.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.recorder.Cause;
import java.util.ArrayList;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DelayedTest {
  private static final Cause ASKED = Cause.of(Cause.Kind.ASKED);

  private final Delayed<String> delayed = new Delayed<>();

  private Optional<String> takeDue(long now) {
    return delayed.takeDue(now).map(Delayed.Entry::key);
  }

  @Test
  void noneFiresEarly() {
    delayed.add("a", ASKED, 100);
    assertEquals(Optional.empty(), takeDue(99));
    assertEquals(Optional.of("a"), takeDue(100));
    assertEquals(Optional.empty(), takeDue(1000));
    assertTrue(delayed.isEmpty());
  }

  @Test
  void theEarliestOfSeveralDelaysWins() {
    delayed.add("a", ASKED, 100);
    delayed.add("a", ASKED, 50);
    delayed.add("a", ASKED, 70);
    assertEquals(1, delayed.ordered.size());
    assertEquals(50, delayed.earliest());
    assertEquals(Optional.of("a"), takeDue(60));
    assertEquals(Optional.empty(), takeDue(1000));
  }

  @Test
  void addTellsWhetherItIsTheEarliestOfAll() {
    assertTrue(delayed.add("a", ASKED, 100));
    assertFalse(delayed.add("b", ASKED, 200));
    assertFalse(delayed.add("c", ASKED, 100), "as early is not earlier");
    assertFalse(delayed.add("a", ASKED, 100));
    assertFalse(delayed.add("b", ASKED, 150));
    assertTrue(delayed.add("b", ASKED, 99));
  }

  @Test
  void ofThoseDueAtOneMomentTheFirstAddedComesFirst() {
    delayed.add("b", ASKED, 5);
    delayed.add("a", ASKED, 5);
    delayed.add("c", ASKED, 4);
    assertEquals(Optional.of("c"), takeDue(9));
    assertEquals(Optional.of("b"), takeDue(9));
    assertEquals(Optional.of("a"), takeDue(9));
  }

  @Test
  void timeMayPassTheEndOfTheNumbers() {
    delayed.add("before", ASKED, Long.MAX_VALUE - 1);
    assertFalse(delayed.add("after", ASKED, Long.MIN_VALUE + 1));
    assertEquals(Optional.of("before"), takeDue(Long.MAX_VALUE));
    assertEquals(Optional.empty(), takeDue(Long.MAX_VALUE));
    assertEquals(Optional.of("after"), takeDue(Long.MIN_VALUE + 1));
  }

  @Test
  void clearForgetsAllAndEmptyHasNoEarliest() {
    delayed.add("a", ASKED, 5);
    delayed.clear();
    assertTrue(delayed.isEmpty());
    assertThrows(NoSuchElementException.class, delayed::earliest);
    assertTrue(delayed.add("a", ASKED, 7), "nothing is left that would win");
    assertEquals(7, delayed.earliest());
  }

  @Test
  void aHundredThousandKeysComeOutInOrder() {
    var random = new Random(4);
    var keys = new Delayed<Integer>();
    for (var key = 0; key < 100_000; key++) {
      keys.add(key, ASKED, random.nextInt(1_000_000));
    }
    var shown = keys.ordered.stream().limit(3).toList();
    var deadlines = new ArrayList<Long>();
    for (var due = keys.takeDue(1_000_000); due.isPresent(); due = keys.takeDue(1_000_000)) {
      deadlines.add(due.get().deadline());
    }
    assertEquals(100_000, deadlines.size());
    assertEquals(deadlines.stream().sorted().toList(), deadlines);
    assertEquals(deadlines.subList(0, 3), shown.stream().map(Delayed.Entry::deadline).toList());
  }
}
