package io.bitcoincontroller.controller;

import java.time.Duration;
import java.util.Optional;

/** How a pass over one key went, and so when the next one shall be. */
public sealed interface Outcome {
  /** All is as wanted. The next look is after the controller's period. */
  record Synced() implements Outcome {}

  /** There is nothing of this name any more, and nothing left to do: no further look. */
  record Gone() implements Outcome {}

  /**
   * All went well, and something is known to be due: a look after this time, or after the period if
   * that is earlier. Not a failure.
   */
  record LookAgainAfter(Duration delay) implements Outcome {}

  /**
   * Something failed that may succeed later: a look after the key's back-off.
   *
   * @param reason one line for operators, with no secret; logged when it changes
   * @param look when something else is due, if that is earlier
   */
  record RetryBecause(String reason, Optional<Duration> look) implements Outcome {}

  /**
   * The pass could not be made yet: a look after this time; neither a success nor a failure.
   *
   * @param reason one line for those who ask why nothing was done
   */
  record NotNow(Duration delay, String reason) implements Outcome {}

  /**
   * Nobody can do what the user wrote, and trying again would not change that: no retry, only the
   * look after the period that every key gets, and one when somebody changes something.
   *
   * @param reason one line for the user, who has to mend it; logged when it changes
   */
  record InvalidBecause(String reason) implements Outcome {}
}
