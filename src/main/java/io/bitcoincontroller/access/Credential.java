package io.bitcoincontroller.access;

import java.io.IOException;
import java.util.Optional;

/** A token or a password: it proves who we are. Safe for many threads. */
public interface Credential {
  /** Nothing to send: a client certificate is enough, or the requests are anonymous. */
  Credential NONE = new FixedCredential(Optional.empty());

  /**
   * The value to send.
   *
   * @return value of the {@code Authorization} header, at most 60 s old where it comes from a file
   * @throws IOException if it can't be had; the message names the file or program, never the secret
   */
  Optional<String> authorization() throws IOException, InterruptedException;

  /**
   * The server answered 401: the next value is read or asked for anew. Of many requests that were
   * refused together, only the first has an effect.
   *
   * @param sent as {@link #authorization} gave it
   */
  void refused(String sent);
}
