package io.bitcoincontroller.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the servers whose certificates the given authorities signed. The authorities are read
 * again at every handshake (there are few), so that a rotated CA needs no restart: HttpClient can't
 * change its SSLContext.
 *
 * <p>Everything is judged by the JDK's own trust manager, which also compares the server's name
 * with the certificate's DNS names and IP addresses.
 */
public final class ServerTrust extends X509ExtendedTrustManager {
  /** How certificates are read from the authorities' text. */
  @FunctionalInterface
  private interface Reading {
    List<X509Certificate> of(Material authorities) throws IOException;
  }

  private final Material authorities;
  private final Reading reading;
  private final Kept<Judge> judge;

  /** What the JDK made of this text; made anew when the text has changed. */
  private record Judge(String text, X509ExtendedTrustManager manager) {}

  private ServerTrust(Material authorities, Reading reading, Consumer<String> complaints) {
    this.authorities = authorities;
    this.reading = reading;
    this.judge = new Kept<>(this::judge, 0, System::nanoTime, complaints);
  }

  /**
   * Trust in these authorities.
   *
   * @param complaints see {@link Kept}
   * @throws IOException if they can't be read now, with a message for the user
   */
  public static X509ExtendedTrustManager in(Material authorities, Consumer<String> complaints)
      throws IOException {
    return checked(new ServerTrust(authorities, Pem::certificates, complaints));
  }

  /**
   * Trust in those of these authorities that can be read here.
   *
   * @param complaints see {@link Kept}
   * @throws IOException if none can be read now, with a message for the user
   */
  public static X509ExtendedTrustManager inReadable(
      Material authorities, Consumer<String> complaints) throws IOException {
    return checked(new ServerTrust(authorities, Pem::readableCertificates, complaints));
  }

  private static ServerTrust checked(ServerTrust trust) throws IOException {
    trust.judge.current();
    return trust;
  }

  /** Trust in the authorities that come with the JDK. */
  public static X509ExtendedTrustManager inThoseOfTheJdk() {
    return manager(List.of());
  }

  private Judge judge(Optional<Judge> before) throws IOException {
    var text = authorities.text();
    var same = before.filter(j -> j.text().equals(text));
    return same.isPresent()
        ? same.get()
        : new Judge(text, manager(reading.of(new Material.Given(authorities.origin(), text))));
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

  private X509ExtendedTrustManager current() throws CertificateException {
    try {
      return judge.current().manager();
    } catch (IOException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    current().checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    current().checkServerTrusted(chain, type, socket);
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
