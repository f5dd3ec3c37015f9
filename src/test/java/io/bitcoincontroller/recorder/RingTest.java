package io.bitcoincontroller.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RingTest {
  private static List<Long> numbers(List<Entry> entries) {
    return entries.stream().map(Entry::number).toList();
  }

  @Test
  void theOldestGoWhenItIsFull() {
    var ring = new Ring(3 * 81);
    for (var i = 0; i < 5; i++) {
      ring.add(i, "", "x");
    }
    assertEquals(List.of(3L, 4L, 5L), numbers(ring.after(0, 100, _ -> true)));
    assertEquals(2, ring.dropped());
    assertEquals(5, ring.last());
    assertEquals(3 * 81, ring.bytes());
  }

  @Test
  void itsBytesAreExactWhateverComes() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var ring = new Ring(10_000);
    for (var i = 0; i < 5_000; i++) {
      ring.add(i, "", "x".repeat(random.nextInt(i % 100 == 0 ? 12_000 : 300)));
      var kept = ring.after(0, Integer.MAX_VALUE, _ -> true);
      assertEquals(
          kept.stream().mapToLong(entry -> 80L + entry.object().length()).sum(),
          ring.bytes(),
          () -> "seed " + seed);
      assertTrue(ring.bytes() <= 10_000, () -> "seed " + seed);
      assertEquals(ring.last() - kept.size(), ring.dropped(), () -> "seed " + seed);
    }
  }

  @Test
  void aReaderGoesOnWhereItWas() {
    var ring = new Ring(1_000_000);
    for (var i = 0; i < 10; i++) {
      ring.add(i, i % 2 == 0 ? "a" : "b", "x");
    }
    assertEquals(List.of(8L, 9L, 10L), numbers(ring.after(7, 100, _ -> true)));
    assertEquals(List.of(1L, 2L), numbers(ring.after(0, 2, _ -> true)));
    assertEquals(List.of(9L), numbers(ring.after(7, 100, entry -> entry.network().equals("a"))));
    assertEquals(List.of(), ring.after(10, 100, _ -> true));
  }

  @Test
  void theNewerHalfIsRecent() {
    var ring = new Ring(1_000_000);
    for (var i = 0; i < 10; i++) {
      ring.add(i, "", "x");
    }
    assertFalse(ring.isRecent(5));
    assertTrue(ring.isRecent(6));
  }
}
