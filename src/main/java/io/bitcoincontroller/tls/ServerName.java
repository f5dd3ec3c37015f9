package io.bitcoincontroller.tls;

import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SNIHostName;

/** What a server is called, as TLS takes it: checked at the start, or connecting would be a bug. */
public final class ServerName {
  /** RFC 1035. */
  private static final int LONGEST = 253;

  private ServerName() {}

  /** A DNS name without a dot at its end, or an address of IPv4 or IPv6 without brackets. */
  public static boolean isValid(String name) {
    return isAddress(name) || isDnsName(name);
  }

  /** Such as {@code 10.0.0.1} or {@code fd00::1}; by name nobody is asked. */
  static boolean isAddress(String name) {
    return name.matches("[0-9]{1,3}([.][0-9]{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*")
        && literal(name).isPresent();
  }

  private static Optional<InetAddress> literal(String address) {
    try {
      return Optional.of(InetAddress.ofLiteral(address));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /**
   * Also by the JDK's own rules for what is sent; the last part of an address of IPv4 is digits.
   */
  private static boolean isDnsName(String name) {
    if (name.length() > LONGEST
        || !name.matches("([A-Za-z0-9-]+[.])*[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*")) {
      return false;
    }
    try {
      return !new SNIHostName(name).getAsciiName().isEmpty();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Whether a URL names a host, and perhaps a port, that can be connected to. */
  public static boolean isHost(URI url) {
    var host = Optional.ofNullable(url.getHost()).orElse("").replaceFirst("[.]$", "");
    return url.getPort() != 0 && url.getPort() <= 0xffff && (host.startsWith("[") || isValid(host));
  }
}
