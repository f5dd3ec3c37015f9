package io.bitcoincontroller.cache;

import java.util.Optional;

/**
 * What a reflector remembers whatever state it is in.
 *
 * @param paged this server can't stream a list: don't ask again
 * @param failures in a row, for the back-off
 * @param lastFailureNanos when the last of them was
 * @param emptyWatches watches in a row that ended at once and brought nothing
 * @param trouble what people were told is wrong, and is still
 */
record Past(
    boolean paged,
    int failures,
    long lastFailureNanos,
    int emptyWatches,
    Optional<Setback> trouble) {
  static final Past NONE = new Past(false, 0, 0, 0, Optional.empty());

  Past withoutStreaming() {
    return new Past(true, failures, lastFailureNanos, emptyWatches, trouble);
  }

  Past failed(long now, long resetNanos) {
    var first = failures == 0 || now - lastFailureNanos > resetNanos;
    return new Past(paged, first ? 1 : failures + 1, now, emptyWatches, trouble);
  }

  Past emptyWatches(int count) {
    return new Past(paged, failures, lastFailureNanos, count, trouble);
  }

  Past trouble(Optional<Setback> now) {
    return new Past(paged, failures, lastFailureNanos, emptyWatches, now);
  }
}
