package io.bitcoincontroller.local.user;

import java.io.IOException;

/** The result of one look at the cluster. */
public sealed interface Seen {
  /**
   * It is as expected.
   *
   * @param note one line with the particulars; may be empty
   */
  record Good(String note) implements Seen {}

  record NotYet(String expected, String seen) implements Seen {}

  /**
   * Looks once. If it throws, its caller looks again: a node that starts or ends does not answer
   * for a while.
   */
  @FunctionalInterface
  interface Look {
    Seen look() throws IOException, InterruptedException;
  }
}
