package io.bitcoincontroller.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.access.Kubeconfig;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.node.SimulatedPods;
import io.bitcoincontroller.local.rpc.BitcoindDouble;
import io.bitcoincontroller.local.rpc.DoubleNetwork;
import io.bitcoincontroller.local.rpc.RpcServerOptions;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.yaml.Yaml;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** A local cluster with networks whose nodes are doubles of bitcoind, each at its pod's address. */
final class ManyNetworks implements AutoCloseable {
  static final int NODES = 3;

  /** A pod takes that from its start to Ready. */
  private static final Duration READY_AFTER = Duration.ofMillis(100);

  /** A real bitcoind that has nothing else to do answers about as fast. */
  static final Duration RPC = Duration.ofMillis(1);

  private static final String NAMESPACE = "default";
  private static final String RPC_AUTH = "-rpcauth=";

  final LocalCluster cluster;
  final Kind kind;
  private final ApiServer server;
  private final DoubleNetwork doubles = new DoubleNetwork();
  private final Map<String, BitcoindDouble> byAddress = new ConcurrentHashMap<>();

  /**
   * Starts a cluster that knows the custom resource.
   *
   * @param folder absent or empty
   */
  ManyNetworks(Path folder, Path manifests) throws Exception {
    var options =
        LocalCluster.Options.ordinary(folder, folder)
            .withSimulatedPods(new SimulatedPods(READY_AFTER, this::standIn))
            .withLog(new Log(Log.Level.WARN, Log.Format.TEXT, System.err, Instant::now));
    this.cluster = LocalCluster.start(options);
    var access = Kubeconfig.load(Optional.of(cluster.kubeconfig()), Optional.empty(), Map.of());
    this.server = new ApiServer(access, "networks-bench");
    new User(server, NAMESPACE).apply(manifests.resolve("crd.yaml"));
    var group = "bitcoincontroller.christianb93.github.com";
    this.kind = cluster.api().storageKind(group, "v1", "bitcoinnetworks");
  }

  private Closeable standIn(String address, List<String> command) throws IOException {
    var auth =
        command.stream()
            .filter(argument -> argument.startsWith(RPC_AUTH))
            .map(argument -> argument.substring(RPC_AUTH.length()))
            .toArray(String[]::new);
    var options = RpcServerOptions.of(auth).withWorkTime(RPC);
    var started = doubles.start(address, BitcoindClient.RPC_PORT, options);
    byAddress.put(address, started);
    return () -> {
      byAddress.remove(address);
      started.close();
    };
  }

  /** As a user creates them, before or while a controller runs. */
  List<ObjectKey> create(int count) throws Exception {
    var user = new User(server, NAMESPACE);
    var keys = new ArrayList<ObjectKey>();
    for (var i = 0; i < count; i++) {
      var key = new ObjectKey(NAMESPACE, "network-" + i);
      user.apply(
          Yaml.readOne(
              """
              apiVersion: bitcoincontroller.christianb93.github.com/v1
              kind: BitcoinNetwork
              metadata: {name: %s, namespace: %s}
              spec: {nodes: %d}
              """
                  .formatted(key.name(), NAMESPACE, NODES)));
      keys.add(key);
    }
    return keys;
  }

  static ObjectKey pod(ObjectKey network, int ordinal) {
    return new ObjectKey(network.namespace(), network.name() + "-sts-" + ordinal);
  }

  /** Every node lists all others, and is connected to them: asked of the nodes themselves. */
  boolean meshed(ObjectKey network) {
    var nodes = new ArrayList<BitcoindDouble>();
    for (var ordinal = 0; ordinal < NODES; ordinal++) {
      cluster
          .storage()
          .get(Kind.PODS, pod(network, ordinal))
          .map(pod -> pod.at("/status/podIP").asText())
          .flatMap(address -> Optional.ofNullable(byAddress.get(address)))
          .ifPresent(nodes::add);
    }
    return nodes.size() == NODES
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

  /** Ready, Meshed and Synced, as of its present spec. */
  static boolean well(ObjectNode network) {
    var status = network.path("status");
    return status.path("observedGeneration").equals(network.at("/metadata/generation"))
        && List.of("Ready", "Meshed", "Synced").stream()
            .allMatch(type -> isTrue(status.path("conditions"), type));
  }

  static boolean isTrue(JsonNode conditions, String type) {
    for (var condition : conditions) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      cluster.close();
    } finally {
      doubles.close();
    }
  }
}
