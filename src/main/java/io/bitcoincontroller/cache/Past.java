package io.bitcoincontroller.cache;

import java.util.Optional;

/**
 * What a reflector remembers whatever state it is in.
 *
 * @param paged this server can't stream a list: don't ask again
 * @param failures in a row, for the back-off
 * @param lastFailureNanos when the last of them was
 * @param fruitless watches that were accepted and went wrong, since the last proof
 * @param provedNanos when it was last proved that the store is as new as the server; the beginning
 *     counts, too. {@link WatchState} says what a proof is
 * @param trouble what people were told is wrong, and is still
 */
record Past(
    boolean paged,
    int failures,
    long lastFailureNanos,
    int fruitless,
    long provedNanos,
    Optional<Setback> trouble) {
  static Past beginning(long now) {
    return new Past(false, 0, 0, 0, now, Optional.empty());
  }

  Past withoutStreaming() {
    return new Past(true, failures, lastFailureNanos, fruitless, provedNanos, trouble);
  }

  Past failed(long now, long resetNanos) {
    var first = failures == 0 || now - lastFailureNanos > resetNanos;
    return new Past(paged, first ? 1 : failures + 1, now, fruitless, provedNanos, trouble);
  }

  Past fruitless(int count) {
    return new Past(paged, failures, lastFailureNanos, count, provedNanos, trouble);
  }

  Past proved(long now) {
    return new Past(paged, failures, lastFailureNanos, 0, now, trouble);
  }

  Past trouble(Optional<Setback> now) {
    return new Past(paged, failures, lastFailureNanos, fruitless, provedNanos, now);
  }
}
