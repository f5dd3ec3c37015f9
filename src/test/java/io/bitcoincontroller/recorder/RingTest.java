package io.bitcoincontroller.recorder;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class RingTest {
  /** What an entry of one letter and no network takes. */
  private static final int ONE = 17;

  private static List<Long> numbers(List<Entry> entries) {
    return entries.stream().map(Entry::number).toList();
  }

  private static long add(Ring ring, long micros, String network, String object) {
    var bytes = (object + "what the pen wrote before").getBytes(US_ASCII);
    return ring.add(micros, network, bytes, object.length());
  }

  private static List<Entry> after(Ring ring, long number, int most, Predicate<String> wanted) {
    return ring.after(number, most, Integer.MAX_VALUE, wanted).entries();
  }

  @Test
  void theOldestGoWhenItIsFull() {
    var ring = new Ring(3 * ONE);
    for (var i = 0; i < 5; i++) {
      add(ring, i, "", "x");
    }
    assertEquals(List.of(3L, 4L, 5L), numbers(after(ring, 0, 100, _ -> true)));
    assertEquals(2, ring.dropped());
    assertEquals(5, ring.last());
    assertEquals(3 * ONE, ring.bytes());
  }

  @Test
  void aSixteenthGoesAtATime() {
    var ring = new Ring(16 * 10 * ONE);
    for (var i = 0; i < 16 * 10; i++) {
      add(ring, i, "", "x");
    }
    assertEquals(0, ring.dropped());
    add(ring, 0, "", "x");
    assertEquals(10, ring.dropped());
    assertEquals(16 * 10 * ONE, ring.bytes());
  }

  @Test
  void mostOfItsBytesHoldEntries() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var ring = new Ring(160_000);
    for (var i = 0; i < 5_000; i++) {
      add(ring, i, "", "x".repeat(random.nextInt(3_000)));
    }
    var kept =
        after(ring, 0, 5_000, _ -> true).stream().mapToInt(e -> 16 + e.object().length()).sum();
    assertTrue(kept > 160_000 * 3 / 4, () -> kept + " bytes, seed " + seed);
  }

  @Test
  void whatItKeepsIsWhatCameLastWhateverComes() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var ring = new Ring(10_000);
    var came = new ArrayList<Entry>();
    for (var i = 0; i < 5_000; i++) {
      var letter = (char) ('a' + random.nextInt(26));
      var object = ("" + letter).repeat(random.nextInt(i % 100 == 0 ? 12_000 : 300));
      came.add(new Entry(add(ring, i, "ns/ü" + i % 3, object), i, object));
      var dropped = (int) ring.dropped();
      assertEquals(
          came.subList(dropped, came.size()),
          after(ring, 0, Integer.MAX_VALUE, _ -> true),
          () -> "seed " + seed);
      assertTrue(ring.bytes() <= 10_000, () -> "seed " + seed);
      assertEquals(i + 1, ring.last(), () -> "seed " + seed);
      var from = dropped + random.nextInt(came.size() - dropped + 1);
      assertEquals(
          came.subList(from, came.size()).stream()
              .filter(entry -> entry.micros() % 3 == 1)
              .toList(),
          after(ring, from, Integer.MAX_VALUE, "ns/ü1"::equals),
          () -> "seed " + seed);
    }
  }

  @Test
  void aReaderGoesOnWhereItWas() {
    var ring = new Ring(1_000_000);
    for (var i = 0; i < 10; i++) {
      add(ring, i, i % 2 == 0 ? "a" : "b", "x");
    }
    assertEquals(List.of(8L, 9L, 10L), numbers(after(ring, 7, 100, _ -> true)));
    assertEquals(List.of(1L, 2L), numbers(after(ring, 0, 2, _ -> true)));
    assertEquals(List.of(9L), numbers(after(ring, 7, 100, "a"::equals)));
    assertEquals(List.of(), after(ring, 10, 100, _ -> true));
  }

  @Test
  void aReaderGetsWhatHeHasRoomForAndAtLeastOneEntry() {
    var ring = new Ring(1_000_000);
    for (var length : List.of(50, 60, 5_000, 1)) {
      add(ring, 0, length == 60 ? "other" : "mine", "x".repeat(length));
    }
    var found = new ArrayList<List<Long>>();
    for (var last = 0L; last < ring.last(); ) {
      var some = ring.after(last, 100, 100, "mine"::equals);
      found.add(numbers(some.entries()));
      last = some.looked();
    }
    assertEquals(List.of(List.of(1L), List.of(3L), List.of(4L)), found);
  }

  @Test
  void whatStaysWhileHalfOfItIsFilledAgainIsRecent() {
    var ring = new Ring(16 * 10 * ONE);
    for (var i = 0; i < 16 * 10; i++) {
      add(ring, i, "", "x");
    }
    assertFalse(ring.isRecent(80));
    assertTrue(ring.isRecent(81));
    for (var i = 0; i < 80; i++) {
      assertTrue(ring.dropped() < 81);
      add(ring, i, "", "x");
    }
  }

  /** Of small entries there may be many in a chunk, and all go at once. */
  @Test
  void anEntryThatIsRecentStaysWhateverComesNext() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var ring = new Ring(16_000);
    for (var i = 0; i < 5_000; i++) {
      var dropped = ring.dropped();
      var kept = ring.last() - dropped;
      var some = dropped + 1 + (kept == 0 ? 0 : random.nextLong(kept));
      var recent = ring.isRecent(some);
      add(ring, i, "", "x".repeat(random.nextInt(random.nextBoolean() ? 3 : 2_000)));
      assertTrue(!recent || ring.dropped() < some, () -> "seed " + seed);
    }
  }
}
