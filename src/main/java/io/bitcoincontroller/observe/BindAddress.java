package io.bitcoincontroller.observe;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/** Reads addresses such as {@code :8080}, {@code 127.0.0.1:8080} and {@code [::]:8080}. */
public final class BindAddress {
  private static final Pattern FORM =
      Pattern.compile("(?<host>|\\[[0-9a-fA-F:.%a-z]+\\]|[^\\[\\]:]+):(?<port>[0-9]{1,5})");

  private BindAddress() {}

  /**
   * @param text {@code host:port}; no host: all addresses of the machine; port 0: any free one
   * @throws IllegalArgumentException with a line for whoever wrote the address
   */
  public static InetSocketAddress parse(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group("port")) > 65535) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no address to listen on: give host:port, [IPv6]:port or :port");
    }
    var port = Integer.parseInt(parts.group("port"));
    var host = parts.group("host");
    if (host.isEmpty()) {
      return new InetSocketAddress(port);
    }
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no address to listen on: the host name " + host + " is not known");
    }
    return address;
  }
}
