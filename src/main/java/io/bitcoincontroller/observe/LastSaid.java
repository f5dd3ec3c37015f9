package io.bitcoincontroller.observe;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The last words about each key: a loop that tries again and again says the same thing once. A key
 * about which nothing is wrong takes no memory, and every other one takes little: words are kept as
 * a hash. Safe for many threads.
 */
public final class LastSaid<K> {
  private final Map<K, Integer> last = new ConcurrentHashMap<>();

  /** Whether this is something else than what was said last. */
  public boolean isNew(K key, String said) {
    return !Integer.valueOf(said.hashCode()).equals(last.put(key, said.hashCode()));
  }

  /** Forgets the other keys. */
  public void retain(Predicate<K> keys) {
    last.keySet().removeIf(keys.negate());
  }

  /** All is well with this key; whether that is news. */
  public boolean clear(K key) {
    return last.remove(key) != null;
  }
}
