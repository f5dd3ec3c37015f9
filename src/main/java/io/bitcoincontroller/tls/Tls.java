package io.bitcoincontroller.tls;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * How connections to one server are made sure. Safe for many threads.
 *
 * @param identity in the context already; here for its dates
 * @param serverName the server is asked for this name instead of the URL's host. That host must be
 *     an address: for a name, HttpClient always sends the name itself
 */
public record Tls(
    SSLContext context, Optional<Identity> identity, Optional<SNIHostName> serverName) {

  /** For a server whose certificate must be trusted, and be for the server name if one is given. */
  public static Tls of(
      ServerTrust trust, Optional<Identity> identity, Optional<SNIHostName> serverName) {
    var manager = serverName.map(trust::requiring).orElse(trust);
    return new Tls(context(manager, identity), identity, serverName);
  }

  /** For any server at all: {@code insecure-skip-tls-verify}. */
  public static Tls ofAnyServer(Optional<Identity> identity, Optional<SNIHostName> serverName) {
    return new Tls(context(new AnyServer(), identity), identity, serverName);
  }

  private static SSLContext context(X509ExtendedTrustManager trust, Optional<Identity> identity) {
    try {
      var context = SSLContext.getInstance("TLS");
      var keys = identity.map(i -> new KeyManager[] {new ClientKey(i)}).orElse(new KeyManager[0]);
      context.init(keys, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK can't do TLS", e);
    }
  }

  /**
   * For an HttpClient of this context: all its cipher suites, in another order. AES-GCM is fast
   * only with the second compiler's intrinsics, and the image's process runs without that compiler
   * (jvm.args): there AES-GCM took a sixth of all CPU time. With that compiler, both are fast.
   */
  public SSLParameters parameters() {
    var parameters = context.getDefaultSSLParameters();
    var suites = new ArrayList<>(List.of(parameters.getCipherSuites()));
    suites.sort(Comparator.comparing(suite -> !suite.contains("CHACHA20")));
    parameters.setCipherSuites(suites.toArray(String[]::new));
    serverName.ifPresent(name -> parameters.setServerNames(List.of(name)));
    return parameters;
  }
}
