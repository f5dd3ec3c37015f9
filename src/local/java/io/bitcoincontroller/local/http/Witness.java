package io.bitcoincontroller.local.http;

import java.io.IOException;

/**
 * Sees each request before its server acts on it. The server waits: it calls on the request's
 * thread.
 */
@FunctionalInterface
public interface Witness<R> {
  /**
   * A request has come, and nothing is done about it yet.
   *
   * @return run when its answer has been sent
   * @throws IOException to have the request dropped: the connection ends without an answer
   */
  Runnable asked(R request) throws IOException;

  /** Takes no notice. */
  static <R> Witness<R> none() {
    return _ -> () -> {};
  }
}
