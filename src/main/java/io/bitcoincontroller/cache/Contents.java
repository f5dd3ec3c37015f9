package io.bitcoincontroller.cache;

import static java.util.Comparator.comparing;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Objects by key and by owner. One thread writes, any number read without waiting; a reader that
 * comes in the middle of a write may see the object in one of the two maps only.
 */
final class Contents<T extends KubeObject> {
  private static final Comparator<KubeObject> BY_KEY = comparing(o -> o.metadata().key());

  private final Function<T, Optional<ObjectKey>> ownerOf;
  private final ConcurrentHashMap<ObjectKey, T> byKey = new ConcurrentHashMap<>();

  /** Each list is sorted by key, not empty, and never changed: a reader may keep it. */
  private final ConcurrentHashMap<ObjectKey, List<T>> byOwner = new ConcurrentHashMap<>();

  Contents(Function<T, Optional<ObjectKey>> ownerOf) {
    this.ownerOf = ownerOf;
  }

  Optional<T> get(ObjectKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  Collection<T> all() {
    return Collections.unmodifiableCollection(byKey.values());
  }

  List<T> ownedBy(ObjectKey owner) {
    return byOwner.getOrDefault(owner, List.of());
  }

  /** Returns what was there before. */
  Optional<T> put(T object) {
    var before = Optional.ofNullable(byKey.put(object.metadata().key(), object));
    var owner = ownerOf.apply(object);
    var formerOwner = before.flatMap(ownerOf);
    if (!formerOwner.equals(owner)) {
      formerOwner.ifPresent(key -> unlink(key, object.metadata().key()));
    }
    owner.ifPresent(
        key -> byOwner.merge(key, List.of(object), (list, _) -> inserted(list, object)));
    return before;
  }

  /** Returns what was there before. */
  Optional<T> remove(ObjectKey key) {
    var before = Optional.ofNullable(byKey.remove(key));
    before.flatMap(ownerOf).ifPresent(owner -> unlink(owner, key));
    return before;
  }

  private void unlink(ObjectKey owner, ObjectKey key) {
    byOwner.computeIfPresent(
        owner,
        (_, list) -> {
          var rest = list.stream().filter(o -> !o.metadata().key().equals(key)).toList();
          return rest.isEmpty() ? null : rest;
        });
  }

  private static <T extends KubeObject> List<T> inserted(List<T> list, T object) {
    var place = Collections.binarySearch(list, object, BY_KEY);
    var copy = new ArrayList<T>(list.size() + 1);
    copy.addAll(list);
    if (place >= 0) {
      copy.set(place, object);
    } else {
      copy.add(-place - 1, object);
    }
    return Collections.unmodifiableList(copy);
  }
}
