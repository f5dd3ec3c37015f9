package io.bitcoincontroller.sim;

/** A promise that was not kept: the run ends. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String what) {
    super(what);
  }
}
