package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Objects that the API server has and a store has not, and why. One thread writes, any number read.
 * Of very many, some are only counted.
 */
final class Skipped<T extends KubeObject> {
  /** Of a namespace. */
  static final int MOST = 500;

  private static final int MOST_IN_ALL = 2 * MOST;

  /** Of each namespace, however many the others have. */
  private static final int SURE = 10;

  private static final int COUNTED = 64 * 1024;

  /**
   * An object that is left out.
   *
   * @param wanted bytes that it needs; 0 if it can't be read, {@link #TOO_LARGE} if no room is
   *     enough
   * @param rest {@link KubeObject#hashOfRest}
   */
  record Entry<T extends KubeObject>(Parsed.Unreadable<T> object, int wanted, int rest) {
    private static final int TOO_LARGE = Integer.MAX_VALUE;

    static <T extends KubeObject> Entry<T> of(Parsed.Unreadable<T> object) {
      return new Entry<>(object, 0, 0);
    }

    static <T extends KubeObject> Entry<T> of(T object, String why, int wanted) {
      var metadata = object.metadata();
      var unreadable =
          new Parsed.Unreadable<T>(
              Optional.of(metadata.key()), metadata.uid(), metadata.resourceVersion(), why);
      return new Entry<>(unreadable, wanted, object.hashOfRest());
    }

    static <T extends KubeObject> Entry<T> tooLarge(T object, int most) {
      var why =
          "it takes %d KiB, of which at most %d are possible: make its spec or metadata smaller"
              .formatted(object.weight() / 1024, most / 1024);
      return of(object, why, TOO_LARGE);
    }

    /** The same in another version. */
    Entry<T> with(T now) {
      return of(now, object.why(), wanted);
    }

    boolean fits(String namespace, Budget budget) {
      return hasWanted() && budget.fits(namespace, wanted);
    }

    private boolean hasWanted() {
      return wanted > 0 && wanted < TOO_LARGE;
    }
  }

  private final ConcurrentHashMap<ObjectKey, Entry<T>> byKey = new ConcurrentHashMap<>();

  /** How many of each namespace; the writer's alone. */
  private final Map<String, Integer> counts = new HashMap<>();

  /** Hashes of keys beyond those, since the last full set; one that comes again counts once. */
  private final BitSet beyond = new BitSet();

  /** By namespace: the room that the smallest of them needs. The writer's alone. */
  private final Map<String, Integer> wantedBeyond = new HashMap<>();

  private final Set<String> namespacesBeyond = ConcurrentHashMap.newKeySet();

  private volatile int countedBeyond;

  /**
   * Whether it is remembered, and is new here, or left out for another reason or in another
   * version.
   */
  boolean put(ObjectKey key, Entry<T> entry) {
    if (isFull(key.namespace()) && !byKey.containsKey(key)) {
      beyond.set(Math.floorMod(key.hashCode(), COUNTED));
      countedBeyond = beyond.cardinality();
      namespacesBeyond.add(key.namespace());
      if (entry.hasWanted()) {
        wantedBeyond.merge(key.namespace(), entry.wanted(), Math::min);
      }
      return false;
    }
    var before = byKey.put(key, entry);
    if (before == null) {
      counts.merge(key.namespace(), 1, Integer::sum);
    }
    return before == null || !before.object().equals(entry.object());
  }

  private boolean isFull(String namespace) {
    var most = byKey.size() < MOST_IN_ALL ? MOST : SURE;
    return counts.getOrDefault(namespace, 0) >= most;
  }

  /** Whether it was here. */
  boolean remove(ObjectKey key) {
    var wasHere = byKey.remove(key) != null;
    if (wasHere) {
      counts.merge(key.namespace(), -1, Integer::sum);
    }
    return wasHere;
  }

  /** How this object was left out for its size; empty if more than its status changed since. */
  Optional<Entry<T>> before(T object) {
    return Optional.ofNullable(byKey.get(object.metadata().key()))
        .filter(entry -> entry.wanted() > 0 && entry.rest() != 0)
        .filter(entry -> entry.rest() == object.hashOfRest());
  }

  Optional<Parsed.Unreadable<T>> get(ObjectKey key) {
    return Optional.ofNullable(byKey.get(key)).map(Entry::object);
  }

  Collection<ObjectKey> keys() {
    return byKey.keySet();
  }

  /** Whether one for which there was no room, counted ones included, would have it now. */
  boolean anyFits(Budget budget) {
    return byKey.entrySet().stream()
            .anyMatch(e -> e.getValue().fits(e.getKey().namespace(), budget))
        || wantedBeyond.entrySet().stream().anyMatch(e -> budget.fits(e.getKey(), e.getValue()));
  }

  boolean someOnlyCounted(String namespace) {
    return namespacesBeyond.contains(namespace);
  }

  int count() {
    return byKey.size() + countedBeyond;
  }
}
