package io.bitcoincontroller.timing;

import java.time.Duration;

/**
 * How long to wait before the next try: {@code first}, doubled with every failure up to {@code
 * max}, then stretched by a random part of up to {@code jitter} of itself, so that many clients
 * that failed together don't come back together.
 *
 * @param first the wait after the first failure, more than zero
 * @param max the longest wait before jitter, at least {@code first}
 * @param jitter 0 for none; 1.0 stretches by up to the double, as client-go's reflector does
 */
public record Backoff(Duration first, Duration max, double jitter) {
  public Backoff {
    if (first.isNegative() || first.isZero() || max.compareTo(first) < 0 || jitter < 0) {
      throw new IllegalArgumentException("not a back-off: " + first + ", " + max + ", " + jitter);
    }
  }

  /**
   * The wait after this many failures.
   *
   * @param failures failures in a row so far, 1 or more
   * @param random uniform in [0, 1)
   * @return nanoseconds to wait
   */
  public long nanos(int failures, double random) {
    if (failures < 1) {
      throw new IllegalArgumentException("no failure, no wait: " + failures);
    }
    // 2^62 ns are 146 years: beyond it the shift would overflow, and max is smaller anyway
    var doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(first.toNanos()) - 2);
    var base = Math.min(first.toNanos() << Math.max(doublings, 0), max.toNanos());
    return base + (long) (base * jitter * random);
  }
}
