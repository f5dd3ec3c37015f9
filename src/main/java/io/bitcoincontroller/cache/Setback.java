package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.Reply;

/**
 * One failure of a reflector.
 *
 * @param kind two setbacks of one kind are the same trouble, told once; messages of the server
 *     carry numbers that differ each time
 * @param text for people
 */
record Setback(String kind, String text, Weight weight) {
  enum Weight {
    /** Belongs to normal life, such as a watch that ends after its time: noted, no trouble. */
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
