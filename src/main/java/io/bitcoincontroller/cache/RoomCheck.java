package io.bitcoincontroller.cache;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * When a shard asks for a list because an object that it left out for want of room fits in by now.
 * For one thread.
 */
final class RoomCheck {
  private static final long SHORTEST_PAUSE_NANOS = 60_000_000_000L;

  /** After each list that brought nothing in, the pause is doubled, up to this. */
  private static final long LONGEST_PAUSE_NANOS = 15 * SHORTEST_PAUSE_NANOS;

  private OptionalLong checkedAt = OptionalLong.empty();
  private long pauseNanos = SHORTEST_PAUSE_NANOS;

  /** How many were left out when a list was asked for because there was room. */
  private OptionalInt leftOutBefore = OptionalInt.empty();

  /** Whether a list shall be asked for now; false before the pause since the last check is over. */
  boolean listIsDue(long now, Skipped<?> skipped, Budget budget) {
    if (checkedAt.isPresent() && now - checkedAt.getAsLong() < pauseNanos) {
      return false;
    }
    checkedAt = OptionalLong.of(now);
    var fits = skipped.anyFits(budget);
    leftOutBefore = fits ? OptionalInt.of(skipped.count()) : OptionalInt.empty();
    return fits;
  }

  /**
   * A list was stored.
   *
   * @param leftOut how many objects of it were not
   */
  void listed(int leftOut) {
    if (leftOutBefore.isPresent()) {
      pauseNanos =
          leftOut < leftOutBefore.getAsInt()
              ? SHORTEST_PAUSE_NANOS
              : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
      leftOutBefore = OptionalInt.empty();
    }
  }
}
