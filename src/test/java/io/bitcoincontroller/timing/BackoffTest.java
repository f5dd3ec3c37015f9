package io.bitcoincontroller.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration MS = Duration.ofMillis(1);

  private final Backoff plain = new Backoff(MS.multipliedBy(5), Duration.ofMinutes(5), 0);

  @Test
  void doublesWithEveryFailure() {
    assertEquals(Duration.ofMillis(5).toNanos(), plain.nanos(1, 0.9));
    assertEquals(Duration.ofMillis(10).toNanos(), plain.nanos(2, 0.9));
    assertEquals(Duration.ofMillis(80).toNanos(), plain.nanos(5, 0.9));
  }

  @Test
  void endsAtTheLongestWaitHoweverManyFailures() {
    for (var failures : new int[] {17, 40, 63, 64, 65, 1000, Integer.MAX_VALUE}) {
      assertEquals(Duration.ofMinutes(5).toNanos(), plain.nanos(failures, 0.5), "" + failures);
    }
  }

  @Test
  void noFirstWaitIsTooShortOrTooLongToBeDoubled() {
    var decade = Duration.ofDays(3_650);
    for (var first : new Duration[] {Duration.ofNanos(1), Duration.ofNanos(3), MS, decade}) {
      var longest = new Backoff(first, decade, 0);
      assertEquals(decade.toNanos(), longest.nanos(100, 0), "" + first);
    }
  }

  @Test
  void jitterStretchesAndNeverShortens() {
    var jittered = new Backoff(MS, MS.multipliedBy(100), 1.0);
    assertEquals(MS.toNanos(), jittered.nanos(1, 0.0));
    assertEquals(MS.toNanos() * 3 / 2, jittered.nanos(1, 0.5));
    assertEquals(MS.toNanos() * 150, jittered.nanos(30, 0.5));
  }

  @Test
  void aWaitThatNeverGrowsIsABackoffToo() {
    assertEquals(MS.toNanos(), new Backoff(MS, MS, 0).nanos(9, 0.5));
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> plain.nanos(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, MS, 0));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(MS.multipliedBy(2), MS, 0));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(MS, MS, -1));
  }
}
