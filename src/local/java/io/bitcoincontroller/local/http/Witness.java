package io.bitcoincontroller.local.http;

import java.io.IOException;

/** Sees each request that comes to a server, on the thread that serves it: the server waits. */
@FunctionalInterface
public interface Witness<R> {
  /**
   * A request has come, and nothing is done about it yet.
   *
   * @return run when its answer has been sent
   * @throws IOException so that nothing ever is: the connection ends without an answer
   */
  Runnable asked(R request) throws IOException;

  /** Takes no notice. */
  static <R> Witness<R> none() {
    return _ -> () -> {};
  }
}
