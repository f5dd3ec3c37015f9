package io.bitcoincontroller.cache;

/**
 * How far a watched store has come. Each watch begins a watch's length before the place where it
 * could begin. Two streams deliver every event, and the second brings back what the first has lost.
 *
 * @param from the next watch begins here: what came before has been delivered twice
 * @param opened the version when the last watch was opened
 * @param version the store is complete up to here; never goes back
 */
record Span(String from, String opened, String version) {
  /** A full set was stored. */
  static Span at(String version) {
    return new Span(version, version, version);
  }

  Span watchOpened() {
    return new Span(from, version, version);
  }

  /** The watch has delivered all up to its opening again, and all up to this version. */
  Span proved(String now) {
    return new Span(opened, opened, now);
  }

  /** Only versions with an order know what is a repetition; others go on at the newest. */
  String begin() {
    return ResourceVersion.older(from, version) ? from : version;
  }
}
