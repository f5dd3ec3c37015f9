package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A full set while it comes in; nobody reads it yet. For one thread. */
final class Staging<T extends KubeObject> {
  private final Function<T, Optional<ObjectKey>> ownerOf;
  private final Intake<T> intake;
  private Contents<T> contents;
  private Skipped<T> skipped = new Skipped<>();

  /** The bytes that each staged object takes beyond the object that it is to replace. */
  private final Map<ObjectKey, Integer> extras = new HashMap<>();

  Staging(Function<T, Optional<ObjectKey>> ownerOf, Intake<T> intake) {
    this.ownerOf = ownerOf;
    this.intake = intake;
    this.contents = new Contents<>(ownerOf);
  }

  Contents<T> contents() {
    return contents;
  }

  Skipped<T> skipped() {
    return skipped;
  }

  /** Empty again; the budget gets back what was taken of it. */
  void begin() {
    release().forEach(intake.budget()::adjust);
    contents = new Contents<>(ownerOf);
    skipped = new Skipped<>();
  }

  /** By namespace: what there is to give back. */
  private Map<String, Long> release() {
    var change = new HashMap<String, Long>();
    extras.forEach((key, extra) -> change.merge(key.namespace(), (long) -extra, Long::sum));
    extras.clear();
    return change;
  }

  /**
   * Empty again, since the store has the set now. The budget changes in one step for each
   * namespace: if the set took its room twice for a moment, what comes in that moment would find
   * none.
   *
   * @param old what it replaced
   */
  void replaced(Contents<T> old) {
    var change = release();
    weigh(change, old, contents, -1);
    weigh(change, contents, old, 1);
    change.forEach(intake.budget()::adjust);
    begin();
  }

  /** Of these objects, what the others don't have: most are the same, and to weigh one may cost. */
  private void weigh(Map<String, Long> change, Contents<T> these, Contents<T> others, long sign) {
    for (var object : these.all()) {
      var metadata = object.metadata();
      if (others.get(metadata.key()).filter(object::equals).isEmpty()) {
        change.merge(metadata.namespace(), sign * intake.weight(object), Long::sum);
      }
    }
  }

  /**
   * An object that has not changed stays the same instance: a relist costs hardly any memory.
   *
   * @param before what the full set is to replace
   * @param skippedBefore what is left out of that
   */
  void stage(T object, Contents<T> before, Skipped<T> skippedBefore) {
    var key = object.metadata().key();
    unstage(key);
    var kept = intake.trim().apply(object);
    var held = before.get(key);
    if (held.filter(old -> Shard.same(old, kept)).isPresent()) {
      contents.put(held.get());
      return;
    }
    var extra = Math.max(0, intake.weight(kept) - held.map(intake::weight).orElse(0));
    var refused = intake.refused(kept, extra, skippedBefore.before(kept));
    if (refused.isPresent()) {
      skipped.put(key, refused.get());
    } else {
      extras.put(key, extra);
      contents.put(kept);
    }
  }

  void unstage(ObjectKey key) {
    contents.remove(key);
    skipped.remove(key);
    var extra = extras.remove(key);
    if (extra != null) {
      intake.budget().adjust(key.namespace(), -extra);
    }
  }

  void skip(ObjectKey key, Parsed.Unreadable<T> object, boolean deleted) {
    unstage(key);
    if (!deleted) {
      skipped.put(key, Skipped.Entry.of(object));
    }
  }
}
