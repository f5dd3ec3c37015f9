package io.bitcoincontroller.local.demo;

import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * One step of the story: something is done, and then something shall be seen.
 *
 * @param patience how long to look for it; then the step has failed
 * @param promise where it is part of what the controller promises: how soon it has to be seen,
 *     counted from the end of the step before; less than the patience, so that a miss tells by how
 *     much
 */
record Step(
    String name, Action action, Seen.Look check, Duration patience, Optional<Duration> promise) {
  /** Fails the step at once by throwing; the message is for people. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException, InterruptedException;
  }

  static Step of(String name, Duration patience, Action action, Seen.Look check) {
    return new Step(name, action, check, patience, Optional.empty());
  }

  /** A step that only looks. */
  static Step seen(String name, Duration patience, Seen.Look check) {
    return of(name, patience, () -> {}, check);
  }

  Step within(Duration limit) {
    return new Step(name, action, check, patience, Optional.of(limit));
  }
}
