package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.ObjectKey;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/** Own writes that the cache has perhaps not seen yet. Safe for many threads. */
final class Expectations {
  /**
   * An event takes milliseconds, or seconds while a watch is opened again. After this time the
   * cache is believed as it is: an event that never comes must not stop a network for ever.
   */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * A write of ours.
   *
   * @param histories of the shard that shall show it: a write of a history that the server has lost
   *     will never be seen
   */
  record Write(String version, int histories) {}

  private record Expectation(Write write, long sinceNanos) {
    boolean expired(long now) {
      return now - sinceNanos > PATIENCE.toNanos();
    }
  }

  private final ConcurrentHashMap<ObjectKey, Expectation> open = new ConcurrentHashMap<>();

  /** A later write replaces an earlier one: the cache passes both in order. */
  void add(ObjectKey key, Write write, long now) {
    forgetWhatNobodyAsksFor(now);
    open.put(key, new Expectation(write, now));
  }

  enum Answer {
    MET,
    OPEN,
    EXPIRED
  }

  Answer ask(ObjectKey key, BiPredicate<ObjectKey, Write> met, long now) {
    var expectation = open.get(key);
    if (expectation == null) {
      return Answer.MET;
    }
    if (met.test(key, expectation.write())) {
      open.remove(key, expectation);
      return Answer.MET;
    }
    if (!expectation.expired(now)) {
      return Answer.OPEN;
    }
    // another thread may have reported it already, or a newer write may have taken its place
    return open.remove(key, expectation) ? Answer.EXPIRED : Answer.MET;
  }

  /** Else the map would keep a key for every object that was ever written and then deleted. */
  private void forgetWhatNobodyAsksFor(long now) {
    open.values().removeIf(e -> now - e.sinceNanos() > 2 * PATIENCE.toNanos());
  }
}
