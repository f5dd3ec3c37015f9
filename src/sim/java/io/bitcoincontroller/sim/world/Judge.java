package io.bitcoincontroller.sim.world;

import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.Topology;
import io.bitcoincontroller.sim.world.Etcd.ObjectId;
import io.bitcoincontroller.sim.world.Etcd.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares what is with what shall be. */
public final class Judge {
  private final World world;

  public Judge(World world) {
    this.world = world;
  }

  /** What is not as it shall be; empty if all is. */
  public List<String> complaints() {
    var complaints = new ArrayList<String>();
    for (var name : world.users.networks()) {
      var network = world.etcd.get(Users.network(name));
      if (network.isEmpty()) {
        complaints.add(name + " is not there");
      } else {
        judge(name, network.get(), complaints);
      }
    }
    for (var node : world.nodes.all()) {
      for (var peer : node.peers) {
        if (!peer.other().outside() && !peer.other().network.equals(node.network)) {
          complaints.add(node.pod + " is linked with " + peer.other().pod);
        }
      }
    }
    return complaints;
  }

  private void judge(String name, Version network, List<String> complaints) {
    var count = world.users.nodes(name);
    for (var child :
        List.of("/services -svc", Etcd.SETS + " -sts", "policy/poddisruptionbudgets -pdb")) {
      var parts = child.split(" ", -1);
      var id = ObjectId.of(parts[0], Users.NAMESPACE, name + parts[1]);
      var owner = world.etcd.get(id).map(object -> object.at("/metadata/ownerReferences/0/uid"));
      if (owner.filter(uid -> uid.asText().equals(network.uid())).isEmpty()) {
        complaints.add(id + " is missing, or somebody else's");
      }
    }
    var nodes = nodes(name);
    if (nodes.size() != count) {
      complaints.add(name + " has " + nodes.size() + " nodes in place of " + count);
    }
    var set = world.etcd.get(ObjectId.of(Etcd.SETS, Users.NAMESPACE, name + "-sts"));
    for (var pod : world.etcd.list(Etcd.PODS)) {
      if (pod.at("/metadata/name").asText().startsWith(name + "-sts-")) {
        judgePod(pod, set, complaints);
      }
    }
    nodes.forEach((ordinal, node) -> judgeNode(name, ordinal, nodes, complaints));
    judgeStatus(name, network, nodes, complaints);
  }

  private static void judgePod(Version pod, Optional<Version> set, List<String> complaints) {
    var name = pod.at("/metadata/name").asText();
    if (!Cluster.ready(pod)) {
      complaints.add(name + " is not ready");
    }
    var revision = set.map(s -> s.at("/status/updateRevision").asText()).orElse("");
    if (!pod.at("/metadata/labels/" + Cluster.REVISION).asText().equals(revision)) {
      complaints.add(name + " is of an old template");
    }
  }

  private SortedMap<Integer, Bitcoind> nodes(String network) {
    var nodes = new TreeMap<Integer, Bitcoind>();
    for (var node : world.nodes.all()) {
      if (node.network.equals(network)) {
        nodes.put(Integer.parseInt(node.pod.substring(network.length() + 5)), node);
      }
    }
    return nodes;
  }

  private void judgeNode(
      String name, int ordinal, SortedMap<Integer, Bitcoind> nodes, List<String> complaints) {
    var node = Objects.requireNonNull(nodes.get(ordinal));
    var topology = world.users.sparse(name) ? Topology.SPARSE : Topology.FULL_MESH;
    var wanted = new HashSet<Optional<PeerAddress>>();
    for (var other : topology.listed(ordinal, world.users.nodes(name))) {
      var there = Optional.ofNullable(nodes.get(other));
      there.ifPresent(n -> wanted.add(PeerAddress.parse(n.ip)));
      if (there.filter(n -> n.linkedWith(node)).isEmpty()) {
        complaints.add(node.pod + " is not linked with node " + other);
      }
    }
    world.users.peers(name).forEach(peer -> wanted.add(PeerAddress.parse(peer)));
    var listed = new HashSet<Optional<PeerAddress>>();
    node.added.forEach(entry -> listed.add(PeerAddress.parse(entry)));
    if (!listed.equals(wanted)) {
      complaints.add(node.pod + " lists " + listed + " in place of " + wanted);
    }
    if (!world.users.letsIn(name, node)) {
      complaints.add(node.pod + " has an old password");
    }
    if (!node.tip.equals(Objects.requireNonNull(nodes.get(nodes.firstKey())).tip)) {
      complaints.add(node.pod + " has another chain than node 0");
    }
  }

  private static void judgeStatus(
      String name, Version network, SortedMap<Integer, Bitcoind> nodes, List<String> complaints) {
    var status = network.tree().path("status");
    if (status.path("observedGeneration").asLong() != network.at("/metadata/generation").asLong()) {
      complaints.add("the status of " + name + " is of an older generation");
    }
    for (var condition : status.path("conditions")) {
      if (!condition.path("status").asText().equals("True")) {
        complaints.add(
            name
                + " is not "
                + condition.path("type").asText()
                + ": "
                + condition.path("message").asText());
      }
    }
    if (status.path("nodes").size() != nodes.size()
        || status.path("readyReplicas").asInt() != nodes.size()) {
      complaints.add("the status of " + name + " does not tell of all nodes");
    }
    for (var node : nodes.entrySet()) {
      var told = status.path("nodes").path(node.getKey());
      if (!told.path("ip").asText().equals(node.getValue().ip)
          || told.path("height").asLong() != node.getValue().tip.height()
          || told.path("peers").asInt() != node.getValue().peers.size()) {
        complaints.add("the status of " + name + " is wrong about node " + node.getKey());
      }
    }
  }

  /** Whether the status of each network says that it is as it shall be. */
  public boolean allSayWell() {
    return world.users.networks().stream()
        .map(name -> world.etcd.get(Users.network(name)))
        .allMatch(network -> network.filter(Judge::saysWell).isPresent());
  }

  private static boolean saysWell(Version network) {
    var conditions = network.at("/status/conditions");
    return conditions.size() > 0
        && network.at("/status/observedGeneration").asLong()
            == network.at("/metadata/generation").asLong()
        && conditions.valueStream().allMatch(each -> each.path("status").asText().equals("True"));
  }

  /** The declared peers that some node of a network does not list. */
  public List<String> unlisted(String network) {
    return nodes(network).values().stream()
        .flatMap(
            node ->
                world.users.peers(network).stream()
                    .filter(peer -> !node.added.contains(peer))
                    .map(peer -> node.pod + " does not list " + peer))
        .toList();
  }

  /** The height of a network's tallest chain. */
  public long tallest(String network) {
    return nodes(network).values().stream().mapToLong(node -> node.tip.height()).max().orElse(0);
  }

  /** Whether each node is among the first eight that some other node lists. */
  public Optional<String> unkept(String network) {
    for (var node : nodes(network).values()) {
      var kept =
          nodes(network).values().stream()
              .flatMap(other -> other.added.stream().limit(8))
              .anyMatch(entry -> entry.equals(node.ip));
      if (!kept) {
        return Optional.of("no bitcoind dials " + node.pod + " again");
      }
    }
    return Optional.empty();
  }
}
