package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.ObjectKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells news from repetitions. Each event comes by two watches, and a repetition must not turn its
 * object back. For one thread.
 */
final class Order {
  /** With the longest names they take a megabyte. */
  static final int MOST_TOMBSTONES = 2000;

  /** The versions of deletions, as they came: a replay must not bring the object back. */
  final Map<ObjectKey, String> tombstones = new LinkedHashMap<>();

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

  /** The object was deleted. */
  void deleted(ObjectKey key, String at) {
    if (tombstones.size() >= MOST_TOMBSTONES) {
      forgetOlderHalf();
    }
    tombstones.remove(key);
    tombstones.put(key, at);
  }

  /**
   * All that happened up to the last of these is taken for known. What happened later and did not
   * come can still come by a replay.
   */
  private void forgetOlderHalf() {
    var oldest = tombstones.values().iterator();
    for (var left = MOST_TOMBSTONES / 2; left > 0; left--) {
      var at = oldest.next();
      oldest.remove();
      if (ResourceVersion.newer(at, floor)) {
        floor = at;
      }
    }
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
