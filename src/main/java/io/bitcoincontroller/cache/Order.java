package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.ObjectKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells news from repetitions. Each event comes by two watches, and a repetition must not turn its
 * object back. For one thread.
 */
final class Order {
  /** Deletions that a replay can reach back to are those of two minutes. */
  private static final int MOST_TOMBSTONES = 10_000;

  /** The versions of deletions: a replay must not bring the object back. */
  final Map<ObjectKey, String> tombstones = new HashMap<>();

  /** An object that is neither held nor has a tombstone was gone at this version. */
  private String floor = "";

  /**
   * Whether this is later than all that is known of the object.
   *
   * @param held the version in which it is known; empty if it is not there
   */
  boolean isNews(ObjectKey key, Optional<String> held, String at) {
    return ResourceVersion.newer(at, held.orElseGet(() -> tombstones.getOrDefault(key, floor)));
  }

  /** The object is there, in whatever shape. */
  void exists(ObjectKey key) {
    tombstones.remove(key);
  }

  /**
   * The object was deleted.
   *
   * @param newest the version of the store: where there are too many deletions to remember, all up
   *     to here are taken for known
   */
  void deleted(ObjectKey key, String at, String newest) {
    if (tombstones.size() >= MOST_TOMBSTONES) {
      forget(newest);
    }
    tombstones.put(key, at);
  }

  /** Nothing that happened up to this version will be delivered again. */
  void forget(String upTo) {
    tombstones.values().removeIf(deleted -> !ResourceVersion.newer(deleted, upTo));
    if (!ResourceVersion.older(upTo, floor)) {
      floor = upTo;
    }
  }

  /** A full set: what it does not have was gone at this version. */
  void beginAt(String version) {
    tombstones.clear();
    floor = version;
  }
}
