package io.bitcoincontroller.network;

import java.time.Duration;

/**
 * How often all networks together report mere progress. Where one network comes up, its status
 * shows each step; where hundreds do at once, each is reported when it is up, and the API server
 * has time for their pods. Safe for many threads.
 */
final class Pace {
  private static final long INTERVAL = Duration.ofMillis(250).toNanos();

  /** A network that got no turn asks again after this, and not at the next free moment. */
  static final Duration ASKED_AGAIN_AFTER = Duration.ofSeconds(10);

  private boolean begun;

  /** A ticker's nanoseconds; means nothing before the first turn. */
  private long freeAt;

  /** Whether a report may be made now; then it counts as made. */
  synchronized boolean take(long now) {
    if (begun && now - freeAt < 0) {
      return false;
    }
    begun = true;
    freeAt = now + INTERVAL;
    return true;
  }
}
