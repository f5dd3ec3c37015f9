package io.bitcoincontroller.local.user;

import java.io.IOException;

/** What a look at the cluster showed. */
public sealed interface Seen {
  /**
   * What was to be seen.
   *
   * @param note one line with the particulars; may be empty
   */
  record Good(String note) implements Seen {}

  record NotYet(String expected, String seen) implements Seen {}

  /**
   * Looks once. Looked for again if it throws: a node that starts or ends answers nothing for a
   * while.
   */
  @FunctionalInterface
  interface Look {
    Seen look() throws IOException, InterruptedException;
  }
}
