package io.bitcoincontroller.local.doubles;

import io.bitcoincontroller.local.http.Witness;
import io.bitcoincontroller.mesh.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Doubles that can dial each other. Its lock guards what all of its nodes know. */
public final class DoubleNetwork implements AutoCloseable {
  private final Map<PeerAddress, DoubleNode> nodes = new HashMap<>();
  private final Set<PeerAddress> blackHoles = new HashSet<>();
  private final CopyOnWriteArrayList<BitcoindDouble> doubles = new CopyOnWriteArrayList<>();
  private Duration dialTimeout = Duration.ofSeconds(5);
  private volatile Witness<Post> witness = Witness.none();

  /**
   * A request to a node.
   *
   * @param address of the node
   * @param calls such as {@code addnode 10.0.0.1 add}
   */
  public record Post(String address, List<String> calls) {}

  /** Sets the witness of all later requests, in place of the one before. */
  public void tell(Witness<Post> other) {
    witness = other;
  }

  Witness<Post> witness() {
    return witness;
  }

  /**
   * Starts a node.
   *
   * @param port of its RPC server; 0 for any free one
   * @throws IOException if the port is taken
   */
  public BitcoindDouble start(String address, int port, RpcServerOptions options)
      throws IOException {
    var node = new DoubleNode(this, PeerAddress.ofPod(address));
    synchronized (this) {
      nodes.put(PeerAddress.ofPod(address), node);
    }
    var started = new BitcoindDouble(InetAddress.ofLiteral(address), port, options, node);
    doubles.add(started);
    return started;
  }

  /** The node that was started last at an address. */
  public Optional<BitcoindDouble> at(String address) {
    return doubles.stream().filter(node -> node.address().equals(address)).findFirst();
  }

  /** A dial to this address takes its whole time-out, and fails. */
  public synchronized void blackHole(String address) {
    blackHoles.add(PeerAddress.ofPod(address));
  }

  /** bitcoind's own, {@code -timeout}, is 5 s. */
  public synchronized void dialTimeout(Duration timeout) {
    dialTimeout = timeout;
  }

  synchronized Duration timeToDial(String address) {
    return PeerAddress.parse(address).filter(blackHoles::contains).isPresent()
        ? dialTimeout
        : Duration.ZERO;
  }

  /** Nothing listens where no node is: then the dial is refused at once. */
  synchronized Optional<DoubleNode> nodeAt(String address) {
    return PeerAddress.parse(address).flatMap(at -> Optional.ofNullable(nodes.get(at)));
  }

  synchronized void remove(PeerAddress address) {
    nodes.remove(address);
  }

  synchronized List<DoubleNode> nodes() {
    return List.copyOf(nodes.values());
  }

  @Override
  public void close() throws IOException {
    for (var started : doubles) {
      started.close();
    }
  }
}
