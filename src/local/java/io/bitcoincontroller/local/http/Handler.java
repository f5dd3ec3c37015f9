package io.bitcoincontroller.local.http;

import java.io.IOException;

/** What a server serves. Called on the connection's own thread, once per request. */
public interface Handler {
  /**
   * Answers one request, by exactly one of the ways of {@link Exchange}.
   *
   * @throws IOException if the connection failed; it is closed then
   */
  void handle(HttpRequest request, Exchange exchange) throws IOException, InterruptedException;
}
