package io.bitcoincontroller.workqueue;

import io.bitcoincontroller.timing.Backoff;
import java.util.HashMap;
import java.util.Map;

/**
 * How long a key that failed has to wait: the longer of its own back-off and the wait for its turn
 * among all retries. A key that never failed, or was forgotten, takes no memory.
 */
final class Failures<K> {
  private final Backoff backoff;
  private final TokenBucket overall;
  final Map<K, Integer> inARow = new HashMap<>();

  Failures(Backoff backoff, TokenBucket overall) {
    this.backoff = backoff;
    this.overall = overall;
  }

  /**
   * Counts one more failure of this key.
   *
   * @param random uniform in [0, 1)
   * @return nanoseconds to wait before the next try
   */
  long add(K key, long nowNanos, double random) {
    int failures = inARow.merge(key, 1, Integer::sum);
    return Math.max(backoff.nanos(failures, random), overall.reserve(nowNanos));
  }

  /** The key succeeded, or will not be tried again: its next failure is its first. */
  void forget(K key) {
    inARow.remove(key);
  }
}
