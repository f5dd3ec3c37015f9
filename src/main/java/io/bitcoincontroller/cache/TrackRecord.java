package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.Reply;
import java.util.Optional;

/**
 * The memory of a reflector, in each of its states.
 *
 * @param paged this server can't stream a list: don't ask again
 * @param failures in a row, for the back-off
 * @param lastFailureNanos when the last of them was
 * @param fruitless watches that were accepted and went wrong, since the last proof
 * @param provedNanos when it was last proved that the store is as new as the server; the beginning
 *     counts, too. {@link WatchState} says what a proof is
 * @param setback people were warned of it, and it is not over
 */
record TrackRecord(
    boolean paged,
    int failures,
    long lastFailureNanos,
    int fruitless,
    long provedNanos,
    Optional<Setback> setback) {
  /**
   * One failure.
   *
   * @param kind people are warned once of setbacks of one kind; messages of the server carry
   *     numbers that differ each time
   * @param text for people
   */
  record Setback(String kind, String text, Weight weight) {
    enum Weight {
      /** Belongs to normal life, such as a watch that ends after its time: noted, no warning. */
      ORDINARY,
      /** The server can't be reached or refuses us: over when a request is accepted. */
      AT_OPENING,
      /** A stream is accepted but is no good: over when one has brought something. */
      IN_STREAM
    }

    static Setback refused(Reply.Failure why, String text, Weight weight) {
      return new Setback(why.code() + " " + why.reason(), text, weight);
    }

    static Setback broke(String what, Weight weight) {
      return new Setback(what, what, weight);
    }
  }

  static TrackRecord beginning(long now) {
    return new TrackRecord(false, 0, 0, 0, now, Optional.empty());
  }

  TrackRecord withoutStreaming() {
    return new TrackRecord(true, failures, lastFailureNanos, fruitless, provedNanos, setback);
  }

  TrackRecord failed(long now, long resetNanos) {
    var first = failures == 0 || now - lastFailureNanos > resetNanos;
    return new TrackRecord(paged, first ? 1 : failures + 1, now, fruitless, provedNanos, setback);
  }

  TrackRecord fruitless(int count) {
    return new TrackRecord(paged, failures, lastFailureNanos, count, provedNanos, setback);
  }

  TrackRecord proved(long now) {
    return new TrackRecord(paged, failures, lastFailureNanos, 0, now, setback);
  }

  TrackRecord setback(Optional<Setback> now) {
    return new TrackRecord(paged, failures, lastFailureNanos, fruitless, provedNanos, now);
  }
}
