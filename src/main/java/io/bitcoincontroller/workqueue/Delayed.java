package io.bitcoincontroller.workqueue;

import io.bitcoincontroller.recorder.Cause;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Keys to be added later: each at most once, at the earliest of the times it was asked for.
 *
 * <p>Ordered by deadline: "is one due?" looks at one entry, and adding costs log n. 100,000 keys
 * cost nothing while time passes.
 */
final class Delayed<K> {
  /** Deadlines are only compared by their difference: monotonic time may be negative or wrap. */
  private static final Comparator<Entry<?>> BY_DEADLINE =
      (a, b) ->
          a.deadline == b.deadline
              ? Long.compare(a.sequence, b.sequence)
              : Long.signum(a.deadline - b.deadline);

  /**
   * @param sequence of two keys due at the same moment, the one added first comes first
   */
  record Entry<K>(long deadline, long sequence, K key, Cause cause) {}

  /** The earliest first. */
  final TreeSet<Entry<K>> ordered = new TreeSet<>(BY_DEADLINE);

  /** The same entries, by key. */
  private final Map<K, Entry<K>> byKey = new HashMap<>();

  private long sequence;

  /**
   * Asks for this key at this time, unless it comes earlier anyway.
   *
   * @return whether this is now the earliest deadline of all: whoever waits for that has to wait
   *     for less
   */
  boolean add(K key, Cause cause, long deadlineNanos) {
    var old = byKey.get(key);
    if (old != null && old.deadline - deadlineNanos <= 0) {
      return false;
    }
    if (old != null) {
      ordered.remove(old);
    }
    var entry = new Entry<>(deadlineNanos, sequence++, key, cause);
    byKey.put(key, entry);
    ordered.add(entry);
    return ordered.first().equals(entry);
  }

  /** Takes out the earliest entry, if its time has come. */
  Optional<Entry<K>> takeDue(long nowNanos) {
    if (ordered.isEmpty() || ordered.first().deadline - nowNanos > 0) {
      return Optional.empty();
    }
    var entry = ordered.removeFirst();
    byKey.remove(entry.key);
    return Optional.of(entry);
  }

  boolean isEmpty() {
    return ordered.isEmpty();
  }

  /**
   * The earliest deadline.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  long earliest() {
    return ordered.first().deadline;
  }

  void clear() {
    ordered.clear();
    byKey.clear();
  }
}
