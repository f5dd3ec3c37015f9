package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.ObjectKey;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * When a shard asks for a list although its watch is well: an object that was left out for want of
 * room fits in by now, or a write did not find an object that the shard still holds. For one
 * thread, except for {@link #doubt}.
 */
final class ListCheck {
  private static final long SHORTEST_PAUSE_NANOS = 60_000_000_000L;

  /** After each list that brought nothing, the pause is doubled, up to this. */
  private static final long LONGEST_PAUSE_NANOS = 15 * SHORTEST_PAUSE_NANOS;

  /** The event of a deletion may come later than the answer that knows of it. */
  private static final long LATE_EVENT_NANOS = 10_000_000_000L;

  private record Doubt(String version, long sinceNanos) {}

  /** In which version an object is held; empty if it is not. */
  private final Function<ObjectKey, Optional<String>> held;

  /** By object: the version that a write did not find. */
  private final ConcurrentHashMap<ObjectKey, Doubt> doubts = new ConcurrentHashMap<>();

  private OptionalLong checkedAt = OptionalLong.empty();
  private long pauseNanos = SHORTEST_PAUSE_NANOS;

  /** How much there was to clear up when a list was asked for. */
  private OptionalInt unclear = OptionalInt.empty();

  ListCheck(Function<ObjectKey, Optional<String>> held) {
    this.held = held;
  }

  /** A write did not find the object that is held. For any thread. */
  void doubt(ObjectKey key, long now) {
    held.apply(key)
        .ifPresent(
            version ->
                doubts.compute(
                    key,
                    (_, known) ->
                        known != null && known.version().equals(version)
                            ? known
                            : new Doubt(version, now)));
  }

  /** Whether a list shall be asked for now; false before the pause since the last check is over. */
  boolean listIsDue(long now, Skipped<?> skipped, Budget budget) {
    if (checkedAt.isPresent() && now - checkedAt.getAsLong() < pauseNanos) {
      return false;
    }
    checkedAt = OptionalLong.of(now);
    doubts.entrySet().removeIf(doubt -> !stands(doubt.getKey(), doubt.getValue()));
    var due =
        skipped.anyFits(budget)
            || doubts.values().stream().anyMatch(d -> now - d.sinceNanos() > LATE_EVENT_NANOS);
    unclear = due ? OptionalInt.of(skipped.count() + doubts.size()) : OptionalInt.empty();
    return due;
  }

  private boolean stands(ObjectKey key, Doubt doubt) {
    return held.apply(key).equals(Optional.of(doubt.version()));
  }

  /**
   * A list was stored. It is believed: no object of it is doubted any more.
   *
   * @param leftOut how many objects of it were not
   * @return whether this check had asked for it, and a doubt was right
   */
  boolean listed(int leftOut) {
    if (unclear.isEmpty()) {
      doubts.clear();
      return false;
    }
    var doubted = doubts.size();
    doubts.entrySet().removeIf(doubt -> !stands(doubt.getKey(), doubt.getValue()));
    var wrong = doubts.size() < doubted;
    pauseNanos =
        leftOut + doubts.size() < unclear.getAsInt()
            ? SHORTEST_PAUSE_NANOS
            : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    unclear = OptionalInt.empty();
    doubts.clear();
    return wrong;
  }
}
