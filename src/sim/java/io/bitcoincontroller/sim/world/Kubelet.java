package io.bitcoincontroller.sim.world;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.sim.world.Etcd.Event;
import io.bitcoincontroller.sim.world.Etcd.ObjectId;
import io.bitcoincontroller.sim.world.Etcd.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Gives pods an address, runs their bitcoinds, says when they are ready, and ends them. */
public final class Kubelet {
  private static final int ADDRESSES = 40;

  private final World world;

  /** By the pod's UID. */
  private final Map<String, Bitcoind> running = new TreeMap<>();

  /** UIDs of pods that have not begun to run yet, and will. */
  private final Set<String> starting = new HashSet<>();

  /** UIDs by the address that they have; one that is given back may go to anybody. */
  private final Map<String, String> taken = new HashMap<>();

  Kubelet(World world) {
    this.world = world;
    world.etcd.wake(this::saw);
  }

  private void saw(Event event) {
    if (!event.id().kind().equals(Etcd.PODS)) {
      return;
    }
    var uid = event.after().uid();
    switch (event.type()) {
      case "ADDED" -> {
        starting.add(uid);
        world.after(delay(20, 800), () -> address(event.id(), uid));
      }
      case "DELETED" -> world.after(0, () -> gone(event.after()));
      default -> {
        if (event.after().deleting() && event.before().filter(b -> !b.deleting()).isPresent()) {
          world.after(
              world.millis(50, 2500),
              () -> there(event.id(), uid).ifPresent(_ -> world.etcd.remove(event.id())));
        }
      }
    }
  }

  private long delay(int shortest, int longest) {
    return world.orderly ? shortest * 1_000_000L : world.millis(shortest, longest);
  }

  private Optional<Version> there(ObjectId id, String uid) {
    return world.etcd.get(id).filter(pod -> pod.uid().equals(uid));
  }

  private void status(ObjectId id, String uid, Consumer<ObjectNode> change) {
    if (there(id, uid).isPresent()) {
      world.etcd.update(
          id,
          pod -> {
            change.accept(pod.withObject("/status"));
            return pod;
          });
    }
  }

  /** A conditions array of one: Ready. */
  private static void ready(ObjectNode status, boolean ready) {
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", ready ? "True" : "False");
  }

  private void address(ObjectId id, String uid) {
    if (there(id, uid).isEmpty()) {
      starting.remove(uid);
      return;
    }
    var ip = freeAddress();
    taken.put(ip, uid);
    status(
        id,
        uid,
        status -> {
          status.put("phase", "Pending").put("podIP", ip);
          ready(status, false);
        });
    world.after(delay(50, 700), () -> start(id, uid, ip));
  }

  /** Some networks give the lowest free one, which was just given back. */
  private String freeAddress() {
    var free = new ArrayList<String>();
    for (var host = 1; host <= ADDRESSES; host++) {
      var ip = "10.0.0." + host;
      if (!taken.containsKey(ip)) {
        free.add(ip);
      }
    }
    return free.get(world.once(2) ? 0 : world.random.nextInt(free.size()));
  }

  private void start(ObjectId id, String uid, String ip) {
    starting.remove(uid);
    var pod = there(id, uid);
    if (pod.isEmpty() || pod.get().deleting() || running.containsKey(uid)) {
      return;
    }
    // a backup that was put back meanwhile may not know of the address
    status(id, uid, status -> status.put("phase", "Running").put("podIP", ip));
    begin(id, uid, ip, Block.GENESIS);
  }

  private void begin(ObjectId id, String uid, String ip, Block tip) {
    var pod = there(id, uid).orElseThrow();
    var set = pod.at("/metadata/ownerReferences/0/name").asText();
    var network = set.substring(0, set.length() - "-sts".length());
    var setId = ObjectId.of(Etcd.SETS, id.key().namespace(), set);
    var networkUid =
        world
            .etcd
            .get(setId)
            .map(stored -> stored.at("/metadata/ownerReferences/0/uid").asText())
            .orElse("");
    var auth = pod.at("/spec/containers/0/args/4").asText().replace("-rpcauth=", "");
    var node =
        new Bitcoind(world, ip, network, networkUid, auth.replace("$$", "$"), id.key().name(), tip);
    running.put(uid, node);
    world.nodes.put(node);
    world.after(delay(100, 900), () -> warm(id, uid, node));
  }

  private void warm(ObjectId id, String uid, Bitcoind node) {
    node.warmingUp = false;
    world.nodes.spread();
    world.after(delay(10, 1200), () -> probe(id, uid, node));
  }

  private void probe(ObjectId id, String uid, Bitcoind node) {
    if (node.running && !node.frozen) {
      status(id, uid, status -> ready(status, true));
    }
  }

  /** Its object is gone: so is its process, and its address is free. */
  private void gone(Version pod) {
    Optional.ofNullable(running.remove(pod.uid())).ifPresent(world.nodes::remove);
    var ip = pod.at("/status/podIP").asText();
    if (!ip.isEmpty()) {
      world.after(world.once(3) ? 0 : world.millis(100, 60_000), () -> taken.remove(ip, pod.uid()));
    }
  }

  /** The pods that run, by name. */
  List<ObjectId> pods() {
    return world.etcd.list(Etcd.PODS).stream()
        .filter(pod -> running.containsKey(pod.uid()) && !pod.deleting())
        .map(pod -> Etcd.idOf(Etcd.PODS, pod.tree()))
        .toList();
  }

  private Optional<Bitcoind> bitcoind(ObjectId id) {
    return world.etcd.get(id).map(Version::uid).map(running::get);
  }

  /** Its bitcoind ends and is started again: the blocks are there, lists and links are not. */
  void restart(ObjectId id, boolean noticed) {
    bitcoind(id)
        .ifPresent(
            node -> {
              var uid = world.etcd.get(id).orElseThrow().uid();
              if (noticed) {
                status(id, uid, status -> ready(status, false));
              }
              world.nodes.remove(node);
              running.remove(uid);
              world.after(
                  world.millis(50, 1500),
                  () ->
                      there(id, uid)
                          .filter(pod -> !pod.deleting() && !running.containsKey(uid))
                          .ifPresent(_ -> begin(id, uid, node.ip, node.tip)));
            });
  }

  /** The node it was on has no room for it any more. */
  void evict(ObjectId id) {
    bitcoind(id)
        .ifPresent(
            node -> {
              var uid = world.etcd.get(id).orElseThrow().uid();
              world.nodes.remove(node);
              running.remove(uid);
              status(
                  id,
                  uid,
                  status -> {
                    status.put("phase", "Failed").put("reason", "Evicted");
                    ready(status, false);
                  });
            });
  }

  /** The objects are those of a backup: tells them what is, and ends those that are not. */
  void restored() {
    for (var pod : world.etcd.list(Etcd.PODS)) {
      var id = Etcd.idOf(Etcd.PODS, pod.tree());
      var node = Optional.ofNullable(running.get(pod.uid()));
      node.ifPresent(
          there ->
              status(
                  id,
                  pod.uid(),
                  status -> {
                    status.put("phase", "Running").put("podIP", there.ip);
                    ready(status, !there.warmingUp && !there.frozen);
                  }));
      var begins = starting.contains(pod.uid()) && !Cluster.phase(pod).equals("Running");
      if (node.isEmpty() && (pod.deleting() || !begins)) {
        world.etcd.remove(id);
      }
    }
  }

  public void freeze(ObjectId id, long nanos) {
    bitcoind(id)
        .ifPresent(
            node -> {
              var uid = world.etcd.get(id).orElseThrow().uid();
              node.frozen = true;
              world.after(
                  world.millis(5000, 15_000),
                  () -> {
                    if (node.frozen && node.running) {
                      status(id, uid, status -> ready(status, false));
                    }
                  });
              world.after(
                  nanos,
                  () -> {
                    node.frozen = false;
                    world.nodes.spread();
                    probe(id, uid, node);
                  });
            });
  }
}
