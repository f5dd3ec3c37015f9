package io.bitcoincontroller.kube;

/** One line of a watch. */
public sealed interface WatchEvent<T extends KubeObject> {
  record Added<T extends KubeObject>(T object) implements WatchEvent<T> {}

  record Modified<T extends KubeObject>(T object) implements WatchEvent<T> {}

  /** The object as it last was; its resourceVersion is that of the deletion. */
  record Deleted<T extends KubeObject>(T object) implements WatchEvent<T> {}

  /**
   * Nothing happened up to this version.
   *
   * @param initialEventsEnd the streamed list is complete with this line
   */
  record Bookmark<T extends KubeObject>(String resourceVersion, boolean initialEventsEnd)
      implements WatchEvent<T> {}

  /**
   * Something happened to an object that can't be read, or a bookmark came that can't.
   *
   * @param deleted and it is no more
   */
  record Unreadable<T extends KubeObject>(Parsed.Unreadable<T> object, boolean deleted)
      implements WatchEvent<T> {}

  /** The server ends the watch, and says why. */
  record Failed<T extends KubeObject>(Reply.Failure why) implements WatchEvent<T> {}
}
