package io.bitcoincontroller.local.kubelet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Hands out addresses of 127.0.0.0/8, each one once. A bitcoind keeps dialling the addresses that
 * its peers had; an address used again would lead it to another pod.
 *
 * <p>Linux answers on all of 127.0.0.0/8 without any set-up; other systems do not.
 */
public final class LoopbackAddresses {
  /** 127.1.0.0 to 127.254.255.255; machines use 127.0.0.0/16 themselves. */
  private static final int FIRST = 1 << 16;

  private static final int COUNT = 254 << 16;

  /** If so many neighbours are taken, something listens on every address. */
  private static final int MOST_TRIES = 256;

  private final int start;
  private int handedOut;

  /**
   * @param random chooses the start, so that two clusters on one machine don't meet
   */
  public LoopbackAddresses(RandomGenerator random) {
    this.start = random.nextInt(COUNT);
  }

  /**
   * The next address on which all the ports are free.
   *
   * @throws IOException if there is none; the message says what to do
   */
  public synchronized String next(List<Integer> ports) throws IOException {
    for (var tries = 0; tries < MOST_TRIES; tries++) {
      var address = advance();
      if (ports.stream().allMatch(port -> free(address, port))) {
        return address;
      }
    }
    throw new IOException(
        "no loopback address has the ports "
            + ports
            + " free: stop what listens on them on all addresses (0.0.0.0)");
  }

  private String advance() {
    if (handedOut == COUNT) {
      throw new IllegalStateException("this cluster has used up all of 127.0.0.0/8");
    }
    var host = FIRST + (int) ((start + (long) handedOut++) % COUNT);
    return "127." + (host >> 16) + "." + ((host >> 8) & 255) + "." + (host & 255);
  }

  private static boolean free(String address, int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
