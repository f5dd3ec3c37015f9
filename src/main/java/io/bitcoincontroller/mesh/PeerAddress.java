package io.bitcoincontroller.mesh;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An address as bitcoind takes it in {@code addnode}, in one canonical form, so that {@code
 * 10.0.0.1}, {@code 0xa.1} and {@code [::ffff:10.0.0.1]:18444} are the same, as they are to
 * bitcoind. No name is ever resolved here.
 *
 * @param host an IPv4 address with four decimal parts, an IPv6 address as RFC 5952 and Kubernetes
 *     write it, or a host name in lower case
 * @param port 1 to 65535
 */
public record PeerAddress(String host, int port) {
  /** P2P port of regtest: Bitcoin Core, {@code chainparams}. */
  public static final int DEFAULT_PORT = 18444;

  /** A name has at most 253 characters. */
  private static final int LONGEST = 300;

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([-A-Za-z0-9_.]{0,251}[A-Za-z0-9_.])?");

  /** No top-level domain is a number: such a name is an address gone wrong. */
  private static final Pattern ENDS_IN_A_NUMBER =
      Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");

  private static final Pattern PORT = Pattern.compile(":0*([0-9]{1,5})");

  public PeerAddress {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("not an address: " + host + " port " + port);
    }
  }

  public static PeerAddress ofPod(String ip) {
    return new PeerAddress(host(ip).orElse(ip), DEFAULT_PORT);
  }

  /**
   * Reads {@code host}, {@code host:port}, {@code v6}, or {@code [address]:port}.
   *
   * @return empty for what is none of these; bitcoind itself takes any text without a word
   */
  public static Optional<PeerAddress> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    if (text.startsWith("[")) {
      var end = text.lastIndexOf(']');
      return end > 0
          ? with(literal(text.substring(1, end)), text.substring(end + 1))
          : Optional.empty();
    }
    var colon = text.indexOf(':');
    return colon >= 0 && colon == text.lastIndexOf(':')
        ? with(host(text.substring(0, colon)), text.substring(colon))
        : with(host(text), "");
  }

  private static Optional<PeerAddress> with(Optional<String> host, String colonAndPort) {
    if (colonAndPort.isEmpty()) {
      return host.map(alone -> new PeerAddress(alone, DEFAULT_PORT));
    }
    var matcher = PORT.matcher(colonAndPort);
    return host.filter(_ -> matcher.matches())
        .map(_ -> Integer.parseInt(matcher.group(1)))
        .filter(port -> port >= 1 && port <= 65535)
        .map(port -> new PeerAddress(host.get(), port));
  }

  private static Optional<String> host(String text) {
    return literal(text)
        .or(
            () ->
                NAME.matcher(text).matches() && !ENDS_IN_A_NUMBER.matcher(text).matches()
                    ? Optional.of(text.toLowerCase(Locale.ROOT))
                    : Optional.empty());
  }

  /**
   * By the rules of getaddrinfo, which bitcoind asks: an IPv4 address may have hexadecimal and
   * octal parts, and fewer than four. A zone names an interface of one machine: no node could use
   * another one's.
   */
  private static Optional<String> literal(String text) {
    try {
      return switch (text.contains(":") ? v6(text) : Inet4Address.ofPosixLiteral(text)) {
        case Inet6Address v6 -> Optional.of(rfc5952(v6.getAddress()));
        case InetAddress v4 -> Optional.of(v4.getHostAddress());
      };
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** An address that is mapped to IPv4 is read as that, as by bitcoind. */
  private static InetAddress v6(String text) {
    if (text.contains("%")) {
      throw new IllegalArgumentException("an address with a zone");
    }
    return InetAddress.ofLiteral(text);
  }

  /** In lower case, the first of the longest runs of two and more zeros left out. */
  private static String rfc5952(byte[] address) {
    var groups = new int[8];
    for (var i = 0; i < groups.length; i++) {
      groups[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
    }
    var from = 0;
    var length = 0;
    for (var start = 0; start < groups.length; start++) {
      var end = start;
      while (end < groups.length && groups[end] == 0) {
        end++;
      }
      if (end - start > Math.max(1, length)) {
        from = start;
        length = end - start;
      }
    }
    return length == 0
        ? hex(groups, 0, groups.length)
        : hex(groups, 0, from) + "::" + hex(groups, from + length, groups.length);
  }

  private static String hex(int[] groups, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> Integer.toHexString(groups[i]))
        .collect(Collectors.joining(":"));
  }

  /** As {@code addnode} is given it: the port left out where it is the default one. */
  public String text() {
    if (port == DEFAULT_PORT) {
      return host;
    }
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }

  @Override
  public String toString() {
    return text();
  }
}
