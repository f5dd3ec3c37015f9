package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Parsed;

/** What the shell shall do besides asking the server: change the store, or tell people. */
sealed interface Effect<T extends KubeObject> {
  /** For {@link Part#perform}. */
  sealed interface OnStore<T extends KubeObject> extends Effect<T> {}

  /** A full set of objects is about to come: what was collected of an earlier try is dropped. */
  record BeginStaging<T extends KubeObject>() implements OnStore<T> {}

  record Stage<T extends KubeObject>(T object) implements OnStore<T> {}

  record Unstage<T extends KubeObject>(T object) implements OnStore<T> {}

  /**
   * One that can't be read is part of the full set, or was.
   *
   * @param deleted it is no more
   */
  record StageSkip<T extends KubeObject>(Parsed.Unreadable<T> object, boolean deleted)
      implements OnStore<T> {}

  /** What was staged is all there is at this version; whatever else the store holds is gone. */
  record Replace<T extends KubeObject>(String version) implements OnStore<T> {}

  record Put<T extends KubeObject>(T object, String version) implements OnStore<T> {}

  record Remove<T extends KubeObject>(T object, String version) implements OnStore<T> {}

  /**
   * Something happened to an object that can't be read: the store has it no more.
   *
   * @param deleted and neither has the server
   */
  record Skip<T extends KubeObject>(Parsed.Unreadable<T> object, boolean deleted, String version)
      implements OnStore<T> {}

  /** Nothing else happened up to this version. */
  record MoveTo<T extends KubeObject>(String version) implements OnStore<T> {}

  /** Nothing that happened up to this version will be delivered again. */
  record Forget<T extends KubeObject>(String version) implements OnStore<T> {}

  /** Something is wrong that was not before, or it is wrong in another way. */
  record Troubled<T extends KubeObject>(String text) implements Effect<T> {}

  record Healed<T extends KubeObject>() implements Effect<T> {}

  /** Part of normal life, for those who look for a fault. */
  record Noted<T extends KubeObject>(String text) implements Effect<T> {}
}
