package io.bitcoincontroller.cache;

import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;

/** What is wrong with one reflector's copy. Its loop writes this, and anybody reads it. */
final class Health {
  private final Duration stale;
  private final Ticker ticker;

  /** What the loop knows to be wrong; empty if nothing. */
  private volatile String setback = "";

  private volatile long provedNanos;

  /**
   * @param stale with a proof older than this, nobody shall rely on the copy
   * @param provedNanos when the age of the copy begins to count
   */
  Health(Duration stale, Ticker ticker, long provedNanos) {
    this.stale = stale;
    this.ticker = ticker;
    this.provedNanos = provedNanos;
  }

  /**
   * @param what empty if it is over
   */
  void setback(String what) {
    setback = what;
  }

  void proved(long nanos) {
    provedNanos = nanos;
  }

  long provedNanos() {
    return provedNanos;
  }

  /** The setback; or, while none is known, that the copy is stale; empty while all is well. */
  String trouble() {
    var known = setback;
    return known.isEmpty() ? staleness() : known;
  }

  /** Empty as well if a setback says why the copy is stale. */
  String unexplainedStaleness() {
    return setback.isEmpty() ? staleness() : "";
  }

  private String staleness() {
    var age = Duration.ofNanos(ticker.nanos() - provedNanos);
    return age.compareTo(stale) <= 0
        ? ""
        : "for "
            + age.toSeconds()
            + " s nothing has shown that what is known is as new as the API server";
  }
}
