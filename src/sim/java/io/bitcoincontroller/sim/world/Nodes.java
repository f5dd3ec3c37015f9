package io.bitcoincontroller.sim.world;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All bitcoinds that run, by their addresses, and the blocks that travel between them. */
public final class Nodes {
  private final World world;
  private final Map<String, Bitcoind> byAddress = new TreeMap<>();
  private long links;
  private long blocks;
  private boolean spreads;

  Nodes(World world) {
    this.world = world;
  }

  /** A bitcoind that is not of this cluster. */
  void outside(String ip) {
    var node = new Bitcoind(world, ip, "", "", "", "somebody's node", Block.GENESIS);
    node.warmingUp = false;
    put(node);
  }

  void put(Bitcoind node) {
    byAddress.put(node.ip, node);
  }

  void remove(Bitcoind node) {
    node.end();
    byAddress.remove(node.ip, node);
  }

  Optional<Bitcoind> at(String ip) {
    return Optional.ofNullable(byAddress.get(ip));
  }

  /** Of this cluster. */
  public Collection<Bitcoind> all() {
    return byAddress.values().stream().filter(node -> !node.outside()).toList();
  }

  /** Somebody takes the first entry from the list of the node in this pod. */
  public void takeFromList(String pod) {
    var node = all().stream().filter(each -> each.pod.equals(pod)).findFirst().orElseThrow();
    var entry = node.added.removeFirst();
    world.trace.say("user", () -> "takes " + entry + " from the list of " + pod);
  }

  long nextLink() {
    return ++links;
  }

  /** The node of a network that has the tallest chain. */
  Optional<Bitcoind> tallest(String networkUid) {
    return byAddress.values().stream()
        .filter(node -> node.networkUid.equals(networkUid))
        .max(Comparator.comparingLong(node -> node.tip.height()));
  }

  /** Whether another chain of a network is as tall as that of its tallest node. */
  boolean tied(String networkUid) {
    var tip = tallest(networkUid).map(node -> node.tip);
    return tip.isPresent()
        && byAddress.values().stream()
            .filter(node -> node.networkUid.equals(networkUid))
            .map(node -> node.tip)
            .anyMatch(other -> other.height() == tip.get().height() && !other.equals(tip.get()));
  }

  void mine(Bitcoind node, int count) {
    for (var block = 0; block < count; block++) {
      node.tip = new Block(node.tip.height() + 1, world.nanos(), ++blocks);
    }
    var mined = count + (count == 1 ? " block" : " blocks");
    world.trace.say(
        "user", () -> "mines " + mined + " on " + node.pod + ", up to " + node.tip.words());
    node.peers.stream()
        .map(Bitcoind.Peer::other)
        .filter(other -> !other.frozen)
        .forEach(other -> other.hearOfNewBlock(node));
    spread();
  }

  /** Blocks take a moment for each link. */
  void spread() {
    if (!spreads) {
      spreads = true;
      world.after(world.millis(50, 700), this::travel);
    }
  }

  private void travel() {
    spreads = false;
    var moves = new ArrayList<Runnable>();
    for (var node : byAddress.values()) {
      for (var peer : node.peers) {
        if (node.takesFrom(peer.other())) {
          var tip = peer.other().tip;
          moves.add(
              () -> {
                if (tip.height() > node.tip.height()) {
                  node.tip = tip;
                }
              });
        }
      }
    }
    moves.forEach(Runnable::run);
    if (!moves.isEmpty()) {
      spread();
    }
  }
}
