package io.bitcoincontroller.tls;

import java.io.IOException;
import javax.net.ssl.SSLContext;

/** How to be sure of the server, and to show it a client certificate. Safe for many threads. */
public interface Tls {
  /**
   * For connections that begin now. It is the same one until the client certificate changes:
   * whoever keeps connections compares, and begins new ones with the new context.
   *
   * @throws IOException if the certificate can't be had; the message is for the user
   */
  SSLContext context() throws IOException, InterruptedException;

  /**
   * The server answered 401: the client certificate is had anew.
   *
   * @param used the context of that connection; an older one's certificate is thrown away already
   */
  default void refused(SSLContext used) {}
}
