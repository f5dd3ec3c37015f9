package io.bitcoincontroller.sim.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.mesh.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One bitcoind process, with what was measured of real ones: a list that restarts forget and that
 * is matched to the letter, one serial dialler with rounds of a minute that minds the first eight
 * entries, links that outlast removals, and blocks that travel along links.
 */
public final class Bitcoind {
  /** Of added nodes; links that others dial are not counted. */
  private static final int DIALLED = 8;

  private static final int VERSION = 70016;

  /** One end of a connection. */
  record Peer(long id, String address, boolean inbound, Bitcoind other, long link) {}

  private final World world;
  final String ip;

  /** Key and UID of the network whose pod this is. */
  final String network;

  final String networkUid;

  /** The value of -rpcauth. */
  final String auth;

  final String pod;
  final List<String> added = new ArrayList<>();
  final List<Peer> peers = new ArrayList<>();
  Block tip;
  boolean running = true;
  boolean warmingUp = true;

  /** Its process is stopped, and the kernel goes on to take connections for it. */
  boolean frozen;

  /** While it knows no block, it asks this one alone: the first that it was linked with. */
  private Optional<Bitcoind> askedForHeaders = Optional.empty();

  private long nextPeer;
  private boolean dialsSoon;

  Bitcoind(
      World world,
      String ip,
      String network,
      String networkUid,
      String auth,
      String pod,
      Block tip) {
    this.world = world;
    this.ip = ip;
    this.network = network;
    this.networkUid = networkUid;
    this.auth = auth;
    this.pod = pod;
    this.tip = tip;
    world.after(world.millis(20_000, 60_000), this::round);
  }

  /** Its end, with all its connections. */
  void end() {
    running = false;
    List.copyOf(peers).forEach(this::disconnect);
    peers.clear();
  }

  // The dialler.

  private void round() {
    if (running && !outside()) {
      dial();
      world.after(world.millis(59_000, 61_000), this::round);
    }
  }

  private void dial() {
    if (!frozen && !warmingUp) {
      added.stream().limit(DIALLED).toList().forEach(this::dial);
    }
  }

  /** Says nothing of success. */
  private void dial(String to) {
    var address = PeerAddress.parse(to);
    var there = address.flatMap(at -> world.nodes.at(at.host()));
    if (there.isEmpty() || there.get() == this || dialled(to)) {
      return;
    }
    var other = there.get();
    var link = world.nodes.nextLink();
    peers.add(new Peer(nextPeer++, to, false, other, link));
    other.peers.add(new Peer(other.nextPeer++, ip + ":" + (40_000 + link), true, this, link));
    world.trace.say("bitcoind", () -> pod + " dials " + other.pod + " at " + to);
    linked(other);
    other.linked(this);
    world.nodes.spread();
  }

  private boolean dialled(String to) {
    var address = PeerAddress.parse(to);
    return peers.stream()
        .anyMatch(peer -> !peer.inbound() && PeerAddress.parse(peer.address()).equals(address));
  }

  /** Somebody else's, whom users declare as peers; it has no block to give, and takes none. */
  boolean outside() {
    return network.isEmpty();
  }

  private void linked(Bitcoind other) {
    if (askedForHeaders.isEmpty() && !other.outside()) {
      askedForHeaders = Optional.of(other);
    }
  }

  private void disconnect(Peer peer) {
    peers.removeIf(end -> end.link() == peer.link());
    peer.other().peers.removeIf(end -> end.link() == peer.link());
    peer.other().forget(this);
    forget(peer.other());
  }

  private void forget(Bitcoind other) {
    if (askedForHeaders.equals(Optional.of(other))
        && peers.stream().noneMatch(peer -> peer.other() == other)) {
      askedForHeaders = peers.stream().map(Peer::other).filter(o -> !o.outside()).findFirst();
    }
  }

  boolean linkedWith(Bitcoind other) {
    return peers.stream().anyMatch(peer -> peer.other() == other);
  }

  // Blocks.

  /** Whether blocks come over from this other node now. */
  boolean takesFrom(Bitcoind other) {
    return running
        && other.running
        && !outside()
        && !other.outside()
        && !frozen
        && !other.frozen
        && !warmingUp
        && !other.warmingUp
        && other.tip.height() > tip.height()
        && (tip.height() > 0 || askedForHeaders.equals(Optional.of(other)));
  }

  /** A block that was just mined is told to all: who has none asks for the chain then. */
  void hearOfNewBlock(Bitcoind miner) {
    askedForHeaders = Optional.of(miner);
  }

  // The RPC server.

  /** The answer to one call of a batch: a member of the JSON that bitcoind sends. */
  ObjectNode answer(JsonNode call) {
    var params = call.path("params");
    var answer = JsonNodeFactory.instance.objectNode();
    answer.set("id", call.path("id"));
    if (warmingUp) {
      return failed(answer, RpcReply.IN_WARMUP, "Loading block index...");
    }
    return switch (call.path("method").asText()) {
      case "addnode" -> addNode(answer, params.path(0).asText(), params.path(1).asText());
      case "getaddednodeinfo" -> answer.set("result", addedNodeInfo());
      case "getpeerinfo" -> answer.set("result", peerInfo());
      case "getblockchaininfo" -> answer.set("result", blockchainInfo());
      case "getchaintips" -> answer.set("result", JsonNodeFactory.instance.arrayNode());
      case "disconnectnode" -> disconnectNode(answer, params.path(1).asLong());
      default -> failed(answer, -32601, "Method not found");
    };
  }

  private static ObjectNode failed(ObjectNode answer, int code, String message) {
    answer.putNull("result").putObject("error").put("code", code).put("message", message);
    return answer;
  }

  private ObjectNode addNode(ObjectNode answer, String address, String command) {
    var parsed = PeerAddress.parse(address);
    switch (command) {
      case "add" -> {
        if (added.stream().anyMatch(entry -> PeerAddress.parse(entry).equals(parsed))) {
          return failed(answer, RpcReply.NODE_ALREADY_ADDED, "Error: Node already added");
        }
        added.add(address);
        dialSoon();
      }
      case "remove" -> {
        if (!added.remove(address)) {
          return failed(answer, RpcReply.NODE_NOT_ADDED, "Error: Node could not be removed");
        }
      }
      default -> dial(address);
    }
    return answer.putNull("result");
  }

  /** An idle dialler looks every two seconds; one that has just dialled sleeps a minute. */
  private void dialSoon() {
    if (!dialsSoon) {
      dialsSoon = true;
      world.after(
          world.once(2) ? world.millis(300, 2000) : world.millis(30_000, 60_000),
          () -> {
            dialsSoon = false;
            if (running) {
              dial();
            }
          });
    }
  }

  private ObjectNode disconnectNode(ObjectNode answer, long id) {
    var found = peers.stream().filter(peer -> peer.id() == id).findFirst();
    if (found.isEmpty()) {
      return failed(answer, RpcReply.NODE_NOT_CONNECTED, "Node not found in connected nodes");
    }
    disconnect(found.get());
    return answer.putNull("result");
  }

  private ArrayNode addedNodeInfo() {
    var list = JsonNodeFactory.instance.arrayNode();
    added.forEach(entry -> list.addObject().put("addednode", entry));
    return list;
  }

  private ArrayNode peerInfo() {
    var list = JsonNodeFactory.instance.arrayNode();
    for (var peer : peers) {
      list.addObject()
          .put("id", peer.id())
          .put("addr", peer.address())
          .put("inbound", peer.inbound())
          .put("version", peer.other().frozen ? 0 : VERSION)
          .put("connection_type", peer.inbound() ? "inbound" : "manual");
    }
    return list;
  }

  private ObjectNode blockchainInfo() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("blocks", tip.height())
        .put("bestblockhash", tip.hash())
        .put("initialblockdownload", false);
  }
}
