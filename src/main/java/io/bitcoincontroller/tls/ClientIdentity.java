package io.bitcoincontroller.tls;

import java.io.IOException;
import java.util.Optional;

/** Where the client certificate comes from. Safe for many threads. */
public interface ClientIdentity {
  ClientIdentity NONE = Optional::empty;

  /**
   * The one to use for a connection that begins now; equal to the last one while nothing changed.
   *
   * @throws IOException with a message for the user
   */
  Optional<Identity> current() throws IOException, InterruptedException;

  /** The server answered 401 to whoever showed this: it is thrown away and had anew. */
  default void refused(Identity shown) {}
}
