package io.bitcoincontroller.local.http;

import java.io.IOException;

/** Answers a server's requests, each on the thread of its connection. */
public interface Handler {
  /**
   * Answers one request, by exactly one of the ways of {@link Exchange}.
   *
   * @throws IOException if the connection failed; it is closed then
   */
  void handle(HttpRequest request, Exchange exchange) throws IOException, InterruptedException;
}
