package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Objects that the API server has and a store has not, and why. One thread writes, any number read.
 * Of very many, some are only counted.
 */
final class Skipped<T extends KubeObject> {
  static final int MOST = 1000;

  /**
   * What is known of one.
   *
   * @param wanted bytes for which there was no room; 0 for what no room would help
   */
  record Entry<T extends KubeObject>(Parsed.Unreadable<T> object, int wanted) {}

  private final ConcurrentHashMap<ObjectKey, Entry<T>> byKey = new ConcurrentHashMap<>();

  /** Since the last full set: of these it is not known whether they still are. */
  private final AtomicInteger beyond = new AtomicInteger();

  /** Whether it is new here, and is remembered. */
  boolean put(ObjectKey key, Entry<T> entry) {
    if (byKey.size() >= MOST && !byKey.containsKey(key)) {
      beyond.incrementAndGet();
      return false;
    }
    return byKey.put(key, entry) == null;
  }

  /** Whether it was here. */
  boolean remove(ObjectKey key) {
    return byKey.remove(key) != null;
  }

  Optional<Parsed.Unreadable<T>> get(ObjectKey key) {
    return Optional.ofNullable(byKey.get(key)).map(Entry::object);
  }

  Collection<ObjectKey> keys() {
    return byKey.keySet();
  }

  Collection<Entry<T>> entries() {
    return byKey.values();
  }

  int count() {
    return byKey.size() + beyond.get();
  }
}
