package io.bitcoincontroller.local.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.local.doubles.Said.Failure;
import io.bitcoincontroller.local.doubles.Said.Result;
import io.bitcoincontroller.mesh.PeerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * What a node knows and what it says to a call: the answers that were measured on bitcoind, without
 * a wire. The network's lock guards it, since a link changes two nodes.
 */
final class DoubleNode {
  private static final String GENESIS =
      "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206";

  private static final int VERSION = 70016;
  private static final int MISC = -1;
  private static final int WRONG_TYPE = -3;
  private static final int UNKNOWN_METHOD = -32601;

  private static final AtomicLong LINKS = new AtomicLong();

  /** One end of a connection; {@code link} is the same number at the other end. */
  private record Peer(long id, String address, boolean inbound, int version, long link) {}

  /** Adding compares addresses, removing compares texts. */
  private record Entry(String text, Optional<PeerAddress> address) {
    static Entry of(String text) {
      return new Entry(text, PeerAddress.parse(text));
    }

    boolean sameAddress(Entry other) {
      return text.equals(other.text) || (address.isPresent() && address.equals(other.address));
    }
  }

  private final DoubleNetwork network;
  private final PeerAddress address;
  private final List<Entry> added = new ArrayList<>();
  private final List<Peer> peers = new ArrayList<>();
  private long nextPeer;
  private long height;
  private boolean frozen;

  DoubleNode(DoubleNetwork network, PeerAddress address) {
    this.network = network;
    this.address = address;
  }

  DoubleNetwork network() {
    return network;
  }

  /** Neither list nor connections outlive the process; the chain does. */
  void restart() {
    synchronized (network) {
      List.copyOf(peers).forEach(this::disconnect);
      added.clear();
      nextPeer = 0;
    }
  }

  /** The process has ended for good. */
  void leave() {
    synchronized (network) {
      restart();
      network.remove(address);
    }
  }

  Set<String> added() {
    synchronized (network) {
      return added.stream().map(Entry::text).collect(Collectors.toSet());
    }
  }

  Set<String> dialled() {
    synchronized (network) {
      return peers.stream()
          .filter(peer -> !peer.inbound() && peer.version() > 0)
          .map(Peer::address)
          .collect(Collectors.toSet());
    }
  }

  void freeze(boolean yes) {
    synchronized (network) {
      frozen = yes;
    }
  }

  /** How long the dialler waits for what these parameters of addnode name. */
  Duration timeToDial(JsonNode params) {
    return params.path(1).asText().equals("onetry")
        ? network.timeToDial(params.path(0).asText())
        : Duration.ZERO;
  }

  Said call(String method, JsonNode params) {
    synchronized (network) {
      return switch (method) {
        case "addnode" -> addNode(params);
        case "getaddednodeinfo" -> new Result(addedNodeInfo());
        case "getpeerinfo" -> new Result(peerInfo());
        case "getblockchaininfo" -> new Result(blockchainInfo());
        case "getblockcount" -> new Result(LongNode.valueOf(height));
        case "generatetoaddress" -> generate(params.path(0).asLong());
        case "disconnectnode" -> disconnectNode(params);
        case "waitfornewblock" -> new Result(blockchainInfo());
        default -> new Failure(UNKNOWN_METHOD, "Method not found");
      };
    }
  }

  private Said addNode(JsonNode params) {
    if (!params.path(0).isTextual() || !params.path(1).isTextual()) {
      return params.size() < 2
          ? new Failure(MISC, "addnode \"node\" \"command\"")
          : new Failure(WRONG_TYPE, "Wrong type passed");
    }
    var to = params.path(0).asText();
    return switch (params.path(1).asText()) {
      case "add" -> add(to);
      case "remove" ->
          added.removeIf(entry -> entry.text().equals(to))
              ? done()
              : new Failure(RpcReply.NODE_NOT_ADDED, "Error: Node could not be removed.");
      case "onetry" -> dial(to);
      default -> new Failure(MISC, "addnode \"node\" \"command\"");
    };
  }

  private static Said done() {
    return new Result(NullNode.getInstance());
  }

  private Said add(String to) {
    var entry = Entry.of(to);
    if (added.stream().anyMatch(entry::sameAddress)) {
      return new Failure(RpcReply.NODE_ALREADY_ADDED, "Error: Node already added");
    }
    added.add(entry);
    return done();
  }

  private boolean dialled(Entry entry) {
    return peers.stream()
        .anyMatch(peer -> !peer.inbound() && entry.sameAddress(Entry.of(peer.address())));
  }

  /** Says the same whether it succeeds or not. */
  private Said dial(String to) {
    var other = network.nodeAt(to).filter(_ -> !dialled(Entry.of(to)));
    if (other.isPresent()) {
      var link = LINKS.incrementAndGet();
      // a frozen process' kernel takes the connection, and its handshake never comes
      var version = other.get().frozen ? 0 : VERSION;
      peers.add(new Peer(nextPeer++, to, false, version, link));
      var source = address.host() + ":" + (40_000 + link % 20_000);
      other.get().peers.add(new Peer(other.get().nextPeer++, source, true, version, link));
    }
    return done();
  }

  private Said disconnectNode(JsonNode params) {
    if (!params.path(0).isTextual() || (params.has(1) && !params.path(1).isNumber())) {
      return new Failure(WRONG_TYPE, "Wrong type passed");
    }
    var found =
        peers.stream()
            .filter(
                peer ->
                    params.has(1)
                        ? peer.id() == params.path(1).asLong()
                        : peer.address().equals(params.path(0).asText()))
            .findFirst();
    found.ifPresent(this::disconnect);
    return found.isPresent()
        ? done()
        : new Failure(RpcReply.NODE_NOT_CONNECTED, "Node not found in connected nodes");
  }

  private void disconnect(Peer peer) {
    network.nodes().forEach(node -> node.peers.removeIf(end -> end.link() == peer.link()));
  }

  private Said generate(long blocks) {
    var hashes = JsonNodeFactory.instance.arrayNode();
    for (var block = 0L; block < blocks; block++) {
      height++;
      hashes.add(hash());
    }
    return new Result(hashes);
  }

  private String hash() {
    return height == 0 ? GENESIS : "%064x".formatted(height);
  }

  private JsonNode addedNodeInfo() {
    var list = JsonNodeFactory.instance.arrayNode();
    for (var entry : added) {
      list.addObject().put("addednode", entry.text()).put("connected", dialled(entry));
    }
    return list;
  }

  private JsonNode peerInfo() {
    var list = JsonNodeFactory.instance.arrayNode();
    for (var peer : peers) {
      list.addObject()
          .put("id", peer.id())
          .put("addr", peer.address())
          .put("inbound", peer.inbound())
          .put("version", peer.version());
    }
    return list;
  }

  private JsonNode blockchainInfo() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("chain", "regtest")
        .put("blocks", height)
        .put("bestblockhash", hash());
  }
}
