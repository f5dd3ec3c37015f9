package io.bitcoincontroller.cache;

import static java.util.Comparator.comparing;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What one reflector fills: a namespace of a {@link Store}, or all of it. Only that reflector's
 * thread writes; everybody reads without a lock.
 */
final class Part<T extends KubeObject> {
  /** Deletions that a replay can reach back to are those of two minutes. */
  private static final int MOST_TOMBSTONES = 10_000;

  private final Function<T, Optional<ObjectKey>> ownerOf;
  private final Consumer<List<Change<T>>> listener;
  private final CountDownLatch synced = new CountDownLatch(1);

  /** The next contents while a list comes in; nobody reads them yet. */
  private Contents<T> staged;

  private volatile Contents<T> contents;

  /**
   * The contents hold all that happened up to here; empty before the first full set. Written after
   * the contents, so that who sees a version also sees what belongs to it.
   */
  private volatile String version = "";

  /** The version of the last full set. */
  private volatile String replacedAt = "";

  /** How often a full set was older than what was held: the server had another history. */
  private final AtomicInteger histories = new AtomicInteger();

  /** What was deleted, and when: a replay must not bring it back. */
  private final Map<ObjectKey, String> tombstones = new HashMap<>();

  /** What is neither held nor has a tombstone was gone at this version. */
  private String floor = "";

  /** The listener hears of a change when it can be read, in the order in which they happened. */
  Part(Function<T, Optional<ObjectKey>> ownerOf, Consumer<List<Change<T>>> listener) {
    this.ownerOf = ownerOf;
    this.listener = listener;
    this.staged = new Contents<>(ownerOf);
    this.contents = new Contents<>(ownerOf);
  }

  Contents<T> contents() {
    return contents;
  }

  String version() {
    return version;
  }

  int histories() {
    return histories.get();
  }

  /** Shows this write to this object, or something later. A full set shows all before it. */
  boolean shows(ObjectKey key, String write) {
    var at = version;
    var held = contents.get(key).map(object -> object.metadata().resourceVersion());
    return ResourceVersion.reached(replacedAt, write)
        || ResourceVersion.reached(held.orElse(at), write);
  }

  /** How many; only for its own thread. */
  int tombstones() {
    return tombstones.size();
  }

  CountDownLatch synced() {
    return synced;
  }

  void perform(Effect.OnStore<T> effect) {
    switch (effect) {
      case Effect.BeginStaging<T> _ -> staged = new Contents<>(ownerOf);
      case Effect.Stage<T>(var object) -> stage(object);
      case Effect.Unstage<T>(var object) -> staged.remove(object.metadata().key());
      case Effect.Replace<T>(var at) -> replace(at);
      case Effect.Put<T>(var object, var at) -> put(object, at);
      case Effect.Remove<T>(var object, var at) -> remove(object.metadata().key(), at);
      case Effect.MoveTo<T>(var at) -> moveTo(at);
      case Effect.Forget<T>(var at) -> forget(at);
    }
  }

  private void moveTo(String at) {
    if (ResourceVersion.newer(at, version)) {
      version = at;
    }
  }

  private void forget(String at) {
    tombstones.values().removeIf(deleted -> !ResourceVersion.newer(deleted, at));
    if (!ResourceVersion.older(at, floor)) {
      floor = at;
    }
  }

  /** The same event comes by two watches, and what is known already would turn the object back. */
  private boolean isNews(ObjectKey key, String at) {
    var known =
        contents
            .get(key)
            .map(held -> held.metadata().resourceVersion())
            .orElseGet(() -> tombstones.getOrDefault(key, floor));
    return ResourceVersion.newer(at, known);
  }

  /** What has not changed stays the same instance: a relist costs hardly any memory. */
  private void stage(T object) {
    var held = contents.get(object.metadata().key());
    staged.put(held.filter(old -> same(old, object)).orElse(object));
  }

  /** One write of one reference: a reader sees all of the old objects or all of the new. */
  private void replace(String at) {
    var old = contents;
    contents = staged;
    staged = new Contents<>(ownerOf);
    tombstones.clear();
    floor = at;
    if (ResourceVersion.older(at, version)) {
      histories.incrementAndGet();
    }
    version = at;
    replacedAt = at;
    synced.countDown();
    listener.accept(changes(old, contents));
  }

  /** Sorted, and who vanished comes first: an address is given back before another has it. */
  private static <T extends KubeObject> List<Change<T>> changes(Contents<T> old, Contents<T> now) {
    var gone = new ArrayList<Change<T>>();
    for (var before : old.all()) {
      var key = before.metadata().key();
      if (now.get(key).isEmpty()) {
        gone.add(new Change<>(key, Optional.of(before), Optional.empty()));
      }
    }
    var there = new ArrayList<Change<T>>();
    for (var after : now.all()) {
      there.addAll(change(old.get(after.metadata().key()), after));
    }
    // the sort is stable: the two changes of a key stay in their order
    return Stream.of(gone, there)
        .flatMap(changes -> changes.stream().sorted(comparing(Change::key)))
        .toList();
  }

  private void put(T object, String at) {
    var key = object.metadata().key();
    if (!isNews(key, at)) {
      return;
    }
    var before = contents.put(object);
    tombstones.remove(key);
    moveTo(at);
    listener.accept(change(before, object));
  }

  private void remove(ObjectKey key, String at) {
    if (!isNews(key, at)) {
      return;
    }
    if (tombstones.size() >= MOST_TOMBSTONES) {
      forget(version);
    }
    tombstones.put(key, at);
    var before = contents.remove(key);
    moveTo(at);
    before.ifPresent(
        gone -> listener.accept(List.of(new Change<>(key, Optional.of(gone), Optional.empty()))));
  }

  /** Nothing, one change, or two if the old object was deleted unseen. */
  private static <T extends KubeObject> List<Change<T>> change(Optional<T> before, T after) {
    var key = after.metadata().key();
    if (before.isEmpty()) {
      return List.of(new Change<>(key, before, Optional.of(after)));
    }
    if (!before.get().metadata().uid().equals(after.metadata().uid())) {
      return List.of(
          new Change<>(key, before, Optional.empty()),
          new Change<>(key, Optional.empty(), Optional.of(after)));
    }
    return same(before.get(), after)
        ? List.of()
        : List.of(new Change<>(key, before, Optional.of(after)));
  }

  /** Two histories of a server may have the same version with another content. */
  private static boolean same(KubeObject a, KubeObject b) {
    return a.equals(b) && !a.metadata().resourceVersion().isEmpty();
  }
}
