package io.bitcoincontroller.bench;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.local.doubles.BitcoindDouble;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.doubles.DoublePods;
import io.bitcoincontroller.mesh.PeerAddress;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Doubles of bitcoind, each at its pod's address. */
final class DoubleNodes implements AutoCloseable {
  /** An idle bitcoind answers about as fast. */
  static final Duration RPC = Duration.ofMillis(1);

  private final DoubleNetwork network = new DoubleNetwork();
  private final Map<String, BitcoindDouble> byAddress = new ConcurrentHashMap<>();

  /**
   * Starts one.
   *
   * @param command the container's, as the pod's spec has it
   */
  Closeable start(String address, List<String> command) throws IOException {
    var options = DoublePods.options(command).withWorkTime(RPC);
    var started = network.start(address, BitcoindClient.RPC_PORT, options);
    byAddress.put(address, started);
    return () -> {
      byAddress.remove(address);
      started.close();
    };
  }

  /** Whether each of them lists all others and is connected with them, by the nodes' own word. */
  boolean meshed(List<String> addresses) {
    var nodes = addresses.stream().filter(byAddress::containsKey).map(byAddress::get).toList();
    return nodes.size() == addresses.size()
        && nodes.stream().allMatch(one -> nodes.stream().allMatch(other -> joined(one, other)));
  }

  private static boolean joined(BitcoindDouble one, BitcoindDouble other) {
    return one == other
        || (addresses(one.added()).contains(PeerAddress.ofPod(other.address()))
            && (addresses(one.dialled()).contains(PeerAddress.ofPod(other.address()))
                || addresses(other.dialled()).contains(PeerAddress.ofPod(one.address()))));
  }

  private static Set<PeerAddress> addresses(Set<String> texts) {
    return texts.stream()
        .flatMap(text -> PeerAddress.parse(text).stream())
        .collect(Collectors.toSet());
  }

  @Override
  public void close() throws IOException {
    network.close();
  }
}
