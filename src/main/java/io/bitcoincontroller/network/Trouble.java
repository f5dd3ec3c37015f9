package io.bitcoincontroller.network;

/**
 * What keeps a network from being as its spec wants it, mostly until a person does something.
 *
 * @param reason one word for a condition and an event
 * @param message what is wrong and what to do about it
 */
record Trouble(String reason, String message) {
  private static final String PASSING = "WriteFailed";

  /** One that may be over by itself: worth another try. */
  static Trouble passing(String message) {
    return new Trouble(PASSING, message);
  }

  boolean mayPass() {
    return reason.equals(PASSING);
  }
}
