package io.bitcoincontroller.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.timing.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private static final long MS = 1_000_000;
  private static final Backoff PLAIN = new Backoff(Duration.ofMillis(5), Duration.ofMinutes(5), 0);

  private final Failures<String> failures =
      new Failures<>(PLAIN, new RetryLimits(PLAIN, 100, 1000).bucket(0));

  @Test
  void failuresGrowTheDelayToTheCap() {
    assertEquals(5 * MS, failures.add("a", 0, 0));
    assertEquals(10 * MS, failures.add("a", 0, 0));
    assertEquals(20 * MS, failures.add("a", 0, 0));
    assertEquals(3, failures.inARow.get("a"));
    for (var i = 0; i < 30; i++) {
      failures.add("a", 0, 0);
    }
    assertEquals(Duration.ofMinutes(5).toNanos(), failures.add("a", 0, 0));
  }

  @Test
  void forgetResets() {
    failures.add("a", 0, 0);
    failures.add("a", 0, 0);
    failures.forget("a");
    assertFalse(failures.inARow.containsKey("a"));
    assertEquals(5 * MS, failures.add("a", 0, 0));
  }

  @Test
  void oneKeysFailuresAreNotAnothers() {
    failures.add("a", 0, 0);
    failures.add("a", 0, 0);
    assertEquals(5 * MS, failures.add("b", 0, 0));
    failures.forget("b");
    assertEquals(2, failures.inARow.get("a"));
  }

  @Test
  void theJitterIsThatOfTheBackoff() {
    var limits = RetryLimits.DEFAULT;
    var jittered = new Failures<String>(limits.backoff(), limits.bucket(0));
    assertEquals(5 * MS + MS / 2, jittered.add("a", 0, 0.5));
  }

  @Test
  void aThousandNetworksThatFailTogetherWaitForNothingButTheirOwnBackoff() {
    for (var network = 0; network < 1000; network++) {
      assertEquals(5 * MS, failures.add("network-" + network, 0, 0));
    }
    for (var network = 0; network < 1000; network++) {
      var wait = failures.add("network-" + network, 0, 0);
      assertEquals(Math.max(10L, (network + 1) * 10L) * MS, wait, "the overall rate: 100/s");
    }
  }

  @Test
  void theBucketLetsABurstPassAndThenOneAnInterval() {
    var bucket = new TokenBucket(10, 3, 1000, 500);
    assertEquals(0, bucket.reserve(500));
    assertEquals(0, bucket.reserve(500));
    assertEquals(0, bucket.reserve(500));
    assertEquals(10, bucket.reserve(500));
    assertEquals(15, bucket.reserve(505));
    assertEquals(0, bucket.reserve(600), "full again");
    assertEquals(0, bucket.reserve(600));
    assertEquals(0, bucket.reserve(600));
    assertEquals(10, bucket.reserve(600), "and no fuller than the burst");
  }

  @Test
  void theWaitForTheBucketHasABound() {
    var bucket = new TokenBucket(10, 1, 50, 0);
    for (var i = 0; i < 100; i++) {
      assertTrue(bucket.reserve(0) <= 50);
    }
    assertEquals(50, bucket.reserve(0));
    assertEquals(20, bucket.reserve(40), "debt beyond the bound is not remembered");
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RetryLimits(PLAIN, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new RetryLimits(PLAIN, 1_000_001, 1));
    assertThrows(IllegalArgumentException.class, () -> new RetryLimits(PLAIN, 1, 0));
    assertEquals(1, new RetryLimits(PLAIN, 1_000_000, 1).burst());
  }
}
