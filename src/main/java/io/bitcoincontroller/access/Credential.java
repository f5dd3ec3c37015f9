package io.bitcoincontroller.access;

import java.io.IOException;
import java.util.Optional;

/** What proves who we are, where that is not a client certificate. Safe for many threads. */
public interface Credential {
  /** Nothing to send: a client certificate, or a server that asks for none. */
  Credential NONE = new FixedCredential(Optional.empty());

  /**
   * What to send.
   *
   * @return value of the {@code Authorization} header, at most 60 s old where it comes from a file
   * @throws IOException if it can't be had; the message names the file or program, never the secret
   */
  Optional<String> authorization() throws IOException, InterruptedException;

  /**
   * The server answered 401: this is thrown away and had anew. Of many requests that were refused
   * together only the first changes anything.
   *
   * @param sent as {@link #authorization} gave it
   */
  void refused(String sent);
}
