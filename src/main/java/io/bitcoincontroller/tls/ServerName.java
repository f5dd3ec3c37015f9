package io.bitcoincontroller.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509CertSelector;
import java.util.Optional;
import javax.net.ssl.SNIHostName;

/** A server's name or address, as TLS takes it: one that is wrong is refused at the start. */
public final class ServerName {
  /** RFC 1035. */
  private static final int LONGEST = 253;

  /** RFC 5280, GeneralName: {@code dNSName [2] IA5String}. */
  private static final int DNS_NAME = 2;

  private static final int IA5_STRING = 0x16;

  private ServerName() {}

  /**
   * A DNS name without a dot at its end.
   *
   * @return empty if it is none, or if the JDK would not send it
   */
  public static Optional<SNIHostName> dnsName(String name) {
    // the last part of an IPv4 address is digits
    if (name.length() > LONGEST
        || !name.matches("([A-Za-z0-9-]+[.])*[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(new SNIHostName(name));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Whether a URL names a host, and perhaps a port, that can be connected to. */
  public static boolean isHost(URI url) {
    var host = Optional.ofNullable(url.getHost()).orElse("").replaceFirst("[.]$", "");
    return url.getPort() != 0
        && url.getPort() <= 0xffff
        && (hasAddress(url) || dnsName(host).isPresent());
  }

  /** Whether the host of a URL is an address, such as {@code 10.0.0.1} or {@code [fd00::1]}. */
  public static boolean hasAddress(URI url) {
    var host = Optional.ofNullable(url.getHost()).orElse("");
    return host.startsWith("[")
        || (host.matches("[0-9]{1,3}([.][0-9]{1,3}){3}") && isLiteral(host));
  }

  /** Asks no name server. */
  private static boolean isLiteral(String address) {
    try {
      var _ = InetAddress.ofLiteral(address);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /**
   * Finds a name among the DNS names of a certificate, where {@code *} may stand for the first part
   * (RFC 9525).
   */
  static X509CertSelector inCertificates(SNIHostName name) {
    var selector = new X509CertSelector();
    var wildcard = name.getAsciiName().replaceFirst("^[^.]+", "*");
    try {
      selector.setMatchAllSubjectAltNames(false);
      selector.addSubjectAlternativeName(DNS_NAME, ia5(name.getAsciiName()));
      if (wildcard.contains(".")) {
        selector.addSubjectAlternativeName(DNS_NAME, ia5(wildcard));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not a DNS name: " + name.getAsciiName(), e);
    }
    return selector;
  }

  /** In DER: as text, the JDK takes no wildcard. */
  private static byte[] ia5(String name) {
    return Der.tagged(IA5_STRING, name.getBytes(StandardCharsets.US_ASCII));
  }
}
