package io.bitcoincontroller.local.user;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcResult;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.Wiring;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * The links between nodes, read from the nodes themselves and judged by the wiring. The controller
 * is not asked.
 *
 * @param addresses of the nodes, by ordinal
 * @param nodes what each says of itself
 */
public record Graph(Map<Integer, PeerAddress> addresses, Map<Integer, NodeInfo> nodes) {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  /**
   * Asks all pods at once.
   *
   * @throws IOException if one does not answer, or has no address yet
   */
  public static Graph read(List<Pod> pods, BitcoindClient client, Credentials credentials)
      throws IOException, InterruptedException {
    var addresses = new TreeMap<Integer, PeerAddress>();
    var asked = new TreeMap<Integer, Callable<NodeInfo>>();
    for (var pod : pods) {
      var name = pod.metadata().name();
      var ordinal = Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
      var address = pod.status().podIP();
      if (address.isEmpty()) {
        throw new IOException(name + " has no address yet");
      }
      addresses.put(ordinal, PeerAddress.ofPod(address));
      var server = BitcoindClient.server(address);
      asked.put(ordinal, () -> ask(client, server, credentials));
    }
    var nodes = new TreeMap<Integer, NodeInfo>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = threads.invokeAll(asked.values()).iterator();
      for (var ordinal : asked.keySet()) {
        nodes.put(ordinal, answers.next().get());
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    return new Graph(addresses, nodes);
  }

  private static NodeInfo ask(BitcoindClient client, URI server, Credentials credentials)
      throws IOException, InterruptedException {
    if (client.call(server, credentials, NodeInfo.REQUESTS, DEADLINE, () -> true)
        instanceof Answer.Replies(var replies, var share)) {
      share.giveBack();
      var results = new ArrayList<RpcResult>();
      for (var reply : replies) {
        if (reply instanceof RpcReply.Result(var result)) {
          results.add(result);
        } else {
          throw new IOException(server + ": " + reply);
        }
      }
      return NodeInfo.of(results).orElseThrow(() -> new IOException(server + " says nothing"));
    }
    throw new IOException(server + " does not answer");
  }

  /**
   * Each list holds exactly the wanted nodes, all wanted links are up, nobody from outside is
   * dialled, and nobody that the wiring forbids.
   */
  public Seen complete(Wiring wiring) {
    var faults = faults(wiring, nodes.size());
    var entries = 0;
    for (var from : nodes.keySet()) {
      var listed = new HashSet<PeerAddress>();
      info(from)
          .addedNodes()
          .forEach(
              e ->
                  PeerAddress.parse(e)
                      .ifPresentOrElse(listed::add, () -> faults.add(from + " lists " + e)));
      var wanted = new HashSet<PeerAddress>();
      for (var to : wiring.listed(from, nodes.size())) {
        wanted.add(address(to));
        entries++;
      }
      if (!listed.equals(wanted)) {
        faults.add(from + " lists " + listed + " instead of " + wanted);
      }
      info(from).peers().stream()
          .filter(peer -> !peer.inbound() && ordinal(peer).isEmpty())
          .forEach(peer -> faults.add(from + " is connected with " + peer.address()));
    }
    return seen(faults, entries + " entries");
  }

  /**
   * Between these nodes all wanted links are up, and none that the wiring forbids. Others may be on
   * their way.
   *
   * @param size of the network
   */
  public Seen linked(Wiring wiring, int size) {
    return seen(faults(wiring, size), "");
  }

  private List<String> faults(Wiring wiring, int size) {
    var up = links();
    var faults = new ArrayList<String>();
    for (var from : nodes.keySet()) {
      for (var to : nodes.keySet()) {
        if (from < to && wiring.links(from, to, size) && !up.contains(Link.of(from, to))) {
          faults.add("no link of " + from + " and " + to);
        }
        if (wiring.forbids(from, to) && isConnected(from, to)) {
          faults.add(from + " is connected with " + to);
        }
      }
    }
    return faults;
  }

  /** Also where the other one has not answered yet. */
  private boolean isConnected(int from, int to) {
    return info(from).peers().stream()
        .anyMatch(peer -> !peer.inbound() && ordinal(peer).equals(Optional.of(to)));
  }

  private static Seen seen(List<String> faults, String good) {
    return faults.isEmpty()
        ? new Seen.Good(good)
        : new Seen.NotYet("the wanted graph", String.join("; ", faults));
  }

  /** All nodes are at one best block. */
  public Seen synced() {
    var blocks = new HashSet<String>();
    nodes.values().forEach(info -> blocks.add(info.height() + " " + info.bestBlockHash()));
    return blocks.size() == 1
        ? new Seen.Good(blocks.iterator().next())
        : new Seen.NotYet("one best block", blocks.toString());
  }

  /** The ordinals that a node has dialled itself, and that answered. */
  public Set<Integer> dialled(int from) {
    var dialled = new HashSet<Integer>();
    info(from).peers().stream()
        .filter(peer -> !peer.inbound() && peer.version() > 0)
        .forEach(peer -> ordinal(peer).ifPresent(dialled::add));
    return dialled;
  }

  /** Every two nodes that are linked, in whatever direction. */
  public Set<Link> links() {
    var links = new HashSet<Link>();
    nodes.keySet().forEach(from -> dialled(from).forEach(to -> links.add(Link.of(from, to))));
    return links;
  }

  /** Connections of all nodes, each counted once. */
  public int connections() {
    return (int)
        nodes.values().stream()
            .flatMap(info -> info.peers().stream())
            .filter(peer -> !peer.inbound())
            .count();
  }

  private NodeInfo info(int ordinal) {
    return Optional.ofNullable(nodes.get(ordinal)).orElseThrow();
  }

  private PeerAddress address(int ordinal) {
    return Optional.ofNullable(addresses.get(ordinal)).orElseThrow();
  }

  private Optional<Integer> ordinal(NodeInfo.Peer peer) {
    var address = PeerAddress.parse(peer.address());
    return addresses.entrySet().stream()
        .filter(e -> address.equals(Optional.of(e.getValue())))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
