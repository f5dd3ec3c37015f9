package io.bitcoincontroller.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Makes an SSLContext, and another one when the client certificate has changed. A new context, and
 * not just a key manager that looks again: a connection that is kept, and a TLS session that is
 * resumed, would go on with the old certificate.
 */
public final class ClientTls implements Tls {
  private final X509ExtendedTrustManager trust;
  private final ClientIdentity identity;
  private final String serverName;

  /** The last context and the identity that it was made with. */
  private Optional<Made> made = Optional.empty();

  private record Made(SSLContext context, Optional<Identity> identity) {}

  /**
   * Nothing is read yet.
   *
   * @param serverName what the server's certificate must be for; empty for the URL's host
   */
  public ClientTls(X509ExtendedTrustManager trust, ClientIdentity identity, String serverName) {
    this.trust = trust;
    this.identity = identity;
    this.serverName = serverName;
  }

  /** One thread at a time: nobody may come with an old identity after a new one was seen. */
  @Override
  public synchronized SSLContext context() throws IOException, InterruptedException {
    var current = identity.current();
    var last = made.filter(m -> m.identity().equals(current));
    if (last.isPresent()) {
      return last.get().context();
    }
    var context = make(current);
    made = Optional.of(new Made(context, current));
    return context;
  }

  private SSLContext make(Optional<Identity> current) {
    try {
      var context = SSLContext.getInstance("TLS");
      var keys = current.map(i -> new KeyManager[] {new ClientKey(i)}).orElse(new KeyManager[0]);
      context.init(keys, new TrustManager[] {trust}, null);
      return serverName.isEmpty() ? context : ServerNameContext.of(context, serverName);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK can't do TLS", e);
    }
  }

  @Override
  public synchronized void refused(SSLContext used) {
    made.filter(m -> m.context().equals(used)).flatMap(Made::identity).ifPresent(identity::refused);
  }
}
