package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.kube.KubeObject;

/** The reflector's side of a store, for tests of those who read it and write. */
public final class Shards {
  private Shards() {}

  /** As an event does. */
  public static <T extends KubeObject> void put(Store<T> store, T object) {
    var version = object.metadata().resourceVersion();
    store.shard("").perform(new Effect.Put<>(object, version));
  }

  /** Whether its reflector would list anew now. */
  public static boolean listIsDue(Store<?> store, long now) {
    return store.shard("").listIsDue(now);
  }
}
