package io.bitcoincontroller.cache;

import static java.util.Comparator.comparing;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The part of a {@link Store} that one reflector fills: a namespace, or all. Only that reflector's
 * thread writes; everybody reads without a lock.
 */
final class Shard<T extends KubeObject> {
  /** Hears the news of a shard. */
  interface Listener<T extends KubeObject> {
    void changed(List<Change<T>> changes);

    /** An object is unreadable that was not before, or not in this version or for this reason. */
    void skipped(Parsed.Unreadable<T> object);

    /** An object that was unreadable is gone. */
    void gone(ObjectKey key);
  }

  private final Intake<T> intake;
  private final Listener<T> listener;

  private volatile Contents<T> contents;
  private volatile Skipped<T> skipped = new Skipped<>();

  /**
   * The contents hold all that happened up to here; empty before the first full set. Written after
   * the contents: a reader that sees a version sees the contents that belong to it, too.
   */
  volatile String version = "";

  private volatile boolean synced;

  /** The version of the last full set. */
  private volatile String replacedAt = "";

  /** How often a full set was older than what was held: the server had another history. */
  private final AtomicInteger histories = new AtomicInteger();

  final Order order = new Order();
  private final Staging<T> staging;
  final Doubts doubts = new Doubts(this::held);
  private final RoomCheck roomCheck = new RoomCheck();

  /** Calls to listeners, made when an effect is complete; the writer's alone. */
  private final Deque<Runnable> news = new ArrayDeque<>();

  /** The listener hears of a change when it can be read, in the order in which they happened. */
  Shard(Function<T, Optional<ObjectKey>> ownerOf, Intake<T> intake, Listener<T> listener) {
    this.intake = intake;
    this.listener = listener;
    this.staging = new Staging<>(ownerOf, intake);
    this.contents = new Contents<>(ownerOf);
  }

  Contents<T> contents() {
    return contents;
  }

  /** Objects that are not in the contents because they can't be read, or take too much. */
  Skipped<T> skipped() {
    return skipped;
  }

  int histories() {
    return histories.get();
  }

  /** Shows this write to this object, or something later. A full set shows all before it. */
  boolean shows(ObjectKey key, String write) {
    var at = version;
    return ResourceVersion.reached(replacedAt, write)
        || ResourceVersion.reached(known(key).orElse(at), write);
  }

  /** The version in which an object is known, readable or not; empty if it is not there. */
  private Optional<String> known(ObjectKey key) {
    return held(key).map(Doubts.Held::version);
  }

  private Optional<Doubts.Held> held(ObjectKey key) {
    return contents.get(key).map(Doubts.Held::of).or(() -> skipped.get(key).map(Doubts.Held::of));
  }

  /** It was complete at least once. */
  boolean synced() {
    return synced;
  }

  /**
   * Carries an effect out, and then tells of it.
   *
   * @throws RuntimeException of a listener; all others were called first
   */
  void perform(Effect.OnStore<T> effect) {
    switch (effect) {
      case Effect.BeginStaging<T> _ -> staging.begin();
      case Effect.Stage<T>(var object) -> staging.stage(object, contents, skipped);
      case Effect.Unstage<T>(var object) -> staging.unstage(object.metadata().key());
      case Effect.StageSkip<T>(var object, var deleted) -> stageSkip(object, deleted);
      case Effect.Replace<T>(var at) -> replace(at);
      case Effect.Put<T>(var object, var at) -> put(object, at);
      case Effect.Remove<T>(var object, var at) -> remove(object.metadata().key(), at);
      case Effect.Skip<T>(var object, var deleted, var at) -> skip(object, deleted, at);
      case Effect.MoveTo<T>(var at) -> moveTo(at);
      case Effect.Forget<T>(var at) -> order.forget(at);
    }
    tellNews();
  }

  private void tellNews() {
    var bugs = new ArrayList<RuntimeException>();
    for (var one = news.poll(); one != null; one = news.poll()) {
      try {
        one.run();
      } catch (RuntimeException e) {
        bugs.add(e);
      }
    }
    if (!bugs.isEmpty()) {
      throw bugs.getFirst();
    }
  }

  private void moveTo(String at) {
    if (ResourceVersion.newer(at, version)) {
      version = at;
    }
  }

  private boolean isNews(ObjectKey key, String at) {
    return order.isNews(key, known(key), at);
  }

  /** Whether something left out for want of room fits in now; looks rarely. */
  boolean roomAgain(long now) {
    return roomCheck.listIsDue(now, skipped, intake.budget());
  }

  private void stageSkip(Parsed.Unreadable<T> object, boolean deleted) {
    if (object.key().isPresent()) {
      staging.skip(object.key().get(), object, deleted);
    } else {
      news.add(() -> listener.skipped(object));
    }
  }

  /** Whether a full set of this version shows that the server has another history than it had. */
  boolean isOfAnotherHistory(String at) {
    return ResourceVersion.older(at, version);
  }

  /** One write of one reference: a reader sees all of the old objects or all of the new. */
  private void replace(String at) {
    var old = contents;
    var oldSkipped = skipped;
    contents = staging.contents();
    skipped = staging.skipped();
    if (isOfAnotherHistory(at)) {
      histories.incrementAndGet();
    }
    roomCheck.listed(skipped.count());
    order.beginAt(at);
    version = at;
    replacedAt = at;
    staging.replaced(old);
    synced = true;
    var changes = changes(old, contents);
    news.add(() -> listener.changed(changes));
    tellSkipped(oldSkipped);
  }

  private void tellSkipped(Skipped<T> before) {
    for (var key : skipped.keys()) {
      var now = skipped.get(key);
      if (now.isPresent() && !before.get(key).equals(now)) {
        news.add(() -> listener.skipped(now.get()));
      }
    }
    for (var key : before.keys()) {
      if (skipped.get(key).isEmpty() && contents.get(key).isEmpty()) {
        news.add(() -> listener.gone(key));
      }
    }
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
    var kept = intake.trim().apply(object);
    var key = kept.metadata().key();
    if (!isNews(key, at)) {
      return;
    }
    var held = contents.get(key).map(intake::weight).orElse(0);
    var before = skipped.before(kept);
    var refused = intake.refused(kept, intake.weight(kept) - held, before);
    if (refused.isPresent()) {
      skip(refused.get(), key, at);
      return;
    }
    skipped.remove(key);
    var replaced = contents.put(kept);
    order.exists(key);
    moveTo(at);
    var changes = change(replaced, kept);
    news.add(() -> listener.changed(changes));
  }

  private void skip(Parsed.Unreadable<T> object, boolean deleted, String at) {
    if (object.key().isEmpty()) {
      moveTo(at);
      news.add(() -> listener.skipped(object));
    } else if (deleted) {
      remove(object.key().get(), at);
    } else if (object.version().isEmpty() || isNews(object.key().get(), at)) {
      skip(Skipped.Entry.of(object), object.key().get(), at);
    }
  }

  private void skip(Skipped.Entry<T> entry, ObjectKey key, String at) {
    var begins = skipped.put(key, entry);
    order.exists(key);
    takeOut(key, at);
    if (begins) {
      news.add(() -> listener.skipped(entry.object()));
    }
  }

  private void remove(ObjectKey key, String at) {
    if (!isNews(key, at)) {
      return;
    }
    order.deleted(key, at);
    var unreadable = skipped.remove(key);
    takeOut(key, at);
    if (unreadable) {
      news.add(() -> listener.gone(key));
    }
  }

  private void takeOut(ObjectKey key, String at) {
    var before = contents.remove(key);
    moveTo(at);
    if (before.isPresent()) {
      intake.budget().adjust(key.namespace(), -intake.weight(before.get()));
      news.add(() -> listener.changed(List.of(new Change<>(key, before, Optional.empty()))));
    }
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
  static boolean same(KubeObject a, KubeObject b) {
    return a.equals(b) && !a.metadata().resourceVersion().isEmpty();
  }
}
