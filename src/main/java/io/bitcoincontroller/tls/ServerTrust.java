package io.bitcoincontroller.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the servers with a certificate that the given authorities signed. The authorities are read
 * again at every handshake (there are few), because a rotated CA must not need a restart.
 *
 * <p>The JDK's own trust manager judges everything, and compares the certificate's names with the
 * host that was asked for. A server name of the user's is one more condition.
 */
public final class ServerTrust extends X509ExtendedTrustManager {
  /** The JDK's trust manager for the authorities of this moment. */
  @FunctionalInterface
  private interface Judges {
    X509ExtendedTrustManager current() throws IOException;
  }

  /** How certificates are read from the authorities' text. */
  @FunctionalInterface
  private interface Reading {
    List<X509Certificate> of(PemSource authorities) throws IOException;
  }

  /** Made anew when the text has changed. */
  private record Judge(String text, X509ExtendedTrustManager manager) {}

  private final Judges judges;

  /** Matches every certificate where the user gave no server name. Not safe for many threads. */
  private final X509CertSelector named;

  private ServerTrust(Judges judges, X509CertSelector named) {
    this.judges = judges;
    this.named = named;
  }

  /**
   * Trust in these authorities.
   *
   * @param complaints see {@link Kept}
   * @throws IOException if they can't be read now, with a message for the user
   */
  public static ServerTrust in(PemSource authorities, Consumer<String> complaints)
      throws IOException {
    return rereading(authorities, Pem::certificates, complaints);
  }

  /**
   * Trust in the authorities of this machine; where it has none in one file, in those of the JDK.
   *
   * @param env the process's environment
   * @param complaints see {@link Kept}
   * @return empty if there are none at all
   * @throws IOException if none can be read now, with a message for the user
   */
  public static Optional<ServerTrust> inSystem(Map<String, String> env, Consumer<String> complaints)
      throws IOException {
    var system = SystemAuthorities.find(env);
    if (system.isPresent()) {
      return Optional.of(rereading(system.get(), Pem::readableCertificates, complaints));
    }
    var ofJdk = manager(List.of());
    return ofJdk.getAcceptedIssuers().length == 0
        ? Optional.empty()
        : Optional.of(new ServerTrust(() -> ofJdk, new X509CertSelector()));
  }

  private static ServerTrust rereading(
      PemSource authorities, Reading reading, Consumer<String> complaints) throws IOException {
    var judge =
        new Kept<Judge>(
            before -> judge(authorities, reading, before), 0, System::nanoTime, complaints);
    judge.current();
    return new ServerTrust(() -> judge.current().manager(), new X509CertSelector());
  }

  private static Judge judge(PemSource authorities, Reading reading, Optional<Judge> before)
      throws IOException {
    var text = authorities.text();
    var same = before.filter(j -> j.text().equals(text));
    return same.isPresent()
        ? same.get()
        : new Judge(text, manager(reading.of(new PemSource.Given(authorities.origin(), text))));
  }

  /** None given means the JDK's own. */
  private static X509ExtendedTrustManager manager(List<X509Certificate> authorities) {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      if (authorities.isEmpty()) {
        factory.init((KeyStore) null);
      } else {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (var i = 0; i < authorities.size(); i++) {
          store.setCertificateEntry("ca" + i, authorities.get(i));
        }
        factory.init(store);
      }
      return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK can't verify certificates", e);
    }
  }

  /**
   * The same trust, but only in certificates for this name. The JDK alone would also accept a
   * certificate for the URL's address.
   */
  ServerTrust requiring(SNIHostName name) {
    return new ServerTrust(judges, ServerName.inCertificates(name));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    current().checkServerTrusted(chain, type, engine);
    checkName(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    current().checkServerTrusted(chain, type, socket);
    checkName(chain[0]);
  }

  private X509ExtendedTrustManager current() throws CertificateException {
    try {
      return judges.current();
    } catch (IOException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  private void checkName(X509Certificate certificate) throws CertificateException {
    if (!((X509CertSelector) named.clone()).match(certificate)) {
      throw new CertificateException("the server's certificate is not for the tls-server-name");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("without a connection the server's name can't be checked");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is a client: it judges servers");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is a client: it judges servers");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("this is a client: it judges servers");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0]; // only servers send these
  }
}
