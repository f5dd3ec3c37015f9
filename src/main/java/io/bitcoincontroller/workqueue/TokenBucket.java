package io.bitcoincontroller.workqueue;

/**
 * Lets {@code burst} pass at once and then one per interval. Whoever comes too early learns how
 * long to wait, and keeps his place.
 *
 * <p>The wait has an upper bound, unlike that of client-go's bucket, where 10,000 reservations in a
 * row leave the last one waiting for 16 minutes (kubernetes/kubernetes#104554).
 */
final class TokenBucket {
  private final long intervalNanos;
  private final long burstNanos;
  private final long longestWaitNanos;

  /** When the bucket is full again if nobody comes; before now: it is full. */
  private long full;

  TokenBucket(long intervalNanos, int burst, long longestWaitNanos, long nowNanos) {
    this.intervalNanos = intervalNanos;
    this.burstNanos = Math.multiplyExact(intervalNanos, burst);
    this.longestWaitNanos = longestWaitNanos;
    this.full = nowNanos;
  }

  /** Takes one place; returns nanoseconds until it may be used, 0 for at once. */
  long reserve(long nowNanos) {
    var missing = Math.max(full - nowNanos, 0) + intervalNanos;
    missing = Math.min(missing, burstNanos + longestWaitNanos);
    full = nowNanos + missing;
    return Math.max(missing - burstNanos, 0);
  }
}
