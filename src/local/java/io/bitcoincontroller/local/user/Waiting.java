package io.bitcoincontroller.local.user;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits in tests: for something that is seen, never for a time. */
public final class Waiting {
  /** Far more than anything takes, on a loaded machine too. */
  public static final Duration BOUND = Duration.ofSeconds(90);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

  private Waiting() {}

  /**
   * Looks until it is good. It looks again after an IOException.
   *
   * @param surroundings text that a failure shows beside what was seen, such as a log
   * @return the note of the good look
   * @throws AssertionError after {@link #BOUND}, with what was seen instead
   */
  public static String until(String what, Supplier<String> surroundings, Seen.Look look)
      throws InterruptedException {
    var end = System.nanoTime() + BOUND.toNanos();
    while (true) {
      var seen = once(look);
      if (seen instanceof Seen.Good(var note)) {
        return note;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "not within " + BOUND + ": " + what + ": " + seen + "\n" + surroundings.get());
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private static Seen once(Seen.Look look) throws InterruptedException {
    try {
      return look.look();
    } catch (IOException e) {
      return new Seen.NotYet("an answer", "" + e.getMessage());
    }
  }
}
