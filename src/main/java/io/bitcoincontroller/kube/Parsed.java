package io.bitcoincontroller.kube;

import java.util.Optional;

/** An object of the API server as it came. */
public sealed interface Parsed<T extends KubeObject> {
  record Whole<T extends KubeObject>(T object) implements Parsed<T> {}

  /**
   * One that can't be read, be it too large, or of a form that objects of its kind don't have.
   *
   * @param key empty if not even that is known, as where there is no version
   * @param uid may be empty
   * @param version empty if there is none
   * @param why for people, in one line; may show a piece of the object
   */
  record Unreadable<T extends KubeObject>(
      Optional<ObjectKey> key, String uid, String version, String why) implements Parsed<T> {}
}
