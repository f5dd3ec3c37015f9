package io.bitcoincontroller.controller;

/** A pass's right to be at work. So many have one at a time as the controller has workers. */
@FunctionalInterface
public interface Permit {
  /** Waits for others, such as nodes that were asked. */
  @FunctionalInterface
  interface Waiting {
    void await() throws InterruptedException;
  }

  /**
   * Gives the permit up for this wait, and takes one again after it, before passes that have yet to
   * begin. That may take a while, which does not count against the pass's deadline.
   *
   * @throws InterruptedException if the pass was interrupted: it has no permit any more, and shall
   *     end
   */
  void giveUpFor(Waiting waiting) throws InterruptedException;
}
