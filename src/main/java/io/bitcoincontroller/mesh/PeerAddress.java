package io.bitcoincontroller.mesh;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * An address as bitcoind takes it in {@code addnode}, in one canonical form, so that {@code
 * 10.0.0.1} and {@code 10.0.0.1:18444} are the same. No name is ever resolved here.
 *
 * @param host an IPv4 or IPv6 address in Java's canonical form, or a host name in lower case
 * @param port 1 to 65535
 */
public record PeerAddress(String host, int port) {
  /** P2P port of regtest: Bitcoin Core, {@code chainparams}. */
  public static final int DEFAULT_PORT = 18444;

  public PeerAddress {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("not an address: " + host + " port " + port);
    }
  }

  public static PeerAddress ofPod(String ip) {
    return new PeerAddress(canonical(ip), DEFAULT_PORT);
  }

  /**
   * Reads {@code host}, {@code host:port}, {@code v6} or {@code [v6]:port}.
   *
   * @return empty for what is none of these; bitcoind itself takes any text without a word
   */
  public static Optional<PeerAddress> parse(String text) {
    if (text.startsWith("[")) {
      var end = text.indexOf(']');
      return end > 0 && isIpv6(text.substring(1, end))
          ? withPort(text.substring(1, end), text.substring(end + 1))
          : Optional.empty();
    }
    var colon = text.indexOf(':');
    if (colon < 0) {
      return withPort(text, "");
    }
    return colon == text.lastIndexOf(':')
        ? withPort(text.substring(0, colon), text.substring(colon))
        : Optional.of(text).filter(PeerAddress::isIpv6).flatMap(v6 -> withPort(v6, ""));
  }

  private static Optional<PeerAddress> withPort(String host, String colonAndPort) {
    var validHost =
        isIpv6(host) || host.matches("[A-Za-z0-9_]([-A-Za-z0-9_.]{0,251}[A-Za-z0-9_.])?");
    if (!validHost || !colonAndPort.matches("(:[0-9]{1,5})?")) {
      return Optional.empty();
    }
    var port = colonAndPort.isEmpty() ? DEFAULT_PORT : Integer.parseInt(colonAndPort.substring(1));
    return port >= 1 && port <= 65535
        ? Optional.of(new PeerAddress(canonical(host), port))
        : Optional.empty();
  }

  private static boolean isIpv6(String host) {
    return host.contains(":") && literal(host).isPresent();
  }

  private static String canonical(String host) {
    return literal(host).map(InetAddress::getHostAddress).orElse(host.toLowerCase(Locale.ROOT));
  }

  private static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean ipv6() {
    return literal(host).filter(Inet6Address.class::isInstance).isPresent();
  }

  /** As {@code addnode} is given it: the port left out where it is the default one. */
  public String text() {
    if (port == DEFAULT_PORT) {
      return host;
    }
    return ipv6() ? "[" + host + "]:" + port : host + ":" + port;
  }

  @Override
  public String toString() {
    return text();
  }
}
