package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Parsed;
import java.time.Duration;
import java.util.List;

/** The reflector's side of a store, for tests of those who read it and write. */
public final class Shards {
  private Shards() {}

  /** As an event does. */
  public static <T extends KubeObject> void put(Store<T> store, T object) {
    var version = object.metadata().resourceVersion();
    store.shard("").perform(new Effect.Put<>(object, version));
  }

  /** As a list does that has these objects alone. */
  public static <T extends KubeObject> void replace(Store<T> store, List<T> objects) {
    var shard = store.shard("");
    shard.perform(new Effect.BeginStaging<>());
    objects.forEach(object -> shard.perform(new Effect.Stage<>(object)));
    shard.perform(new Effect.Replace<>("1"));
  }

  /** As an event does whose object can't be read. */
  public static <T extends KubeObject> void skip(Store<T> store, Parsed.Unreadable<T> object) {
    store.shard("").perform(new Effect.Skip<>(object, false, object.version()));
  }

  /** Whether its reflector would list anew after half a minute in which its watch went on. */
  public static boolean isInDoubt(Store<?> store, long now) {
    var soon = now + Duration.ofSeconds(15).toNanos();
    var later = now + Duration.ofSeconds(30).toNanos();
    var doubts = store.shard("").doubts;
    return doubts.listIsDue(soon, soon) || doubts.listIsDue(later, later);
  }
}
