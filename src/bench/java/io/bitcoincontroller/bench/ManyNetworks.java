package io.bitcoincontroller.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.kubelet.SimulatedPods;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.observe.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A local cluster with networks whose nodes are doubles of bitcoind, each at its pod's address. */
final class ManyNetworks implements AutoCloseable {
  static final int NODES = 3;

  /** The time of a pod from its start to Ready. */
  private static final Duration READY_AFTER = Duration.ofMillis(100);

  private static final String NAMESPACE = "default";

  final LocalCluster cluster;
  final Kind kind;
  private final ApiServer server;
  private final DoubleNodes nodes = new DoubleNodes();

  /**
   * Starts a cluster that knows the custom resource.
   *
   * @param folder absent or empty
   */
  ManyNetworks(Path folder, Path manifests) throws Exception {
    var options =
        LocalCluster.Options.ordinary(folder, folder)
            .withSimulatedPods(new SimulatedPods(READY_AFTER, nodes::start))
            .withLog(new Log(Log.Level.WARN, Log.Format.TEXT, System.err, Instant::now));
    this.cluster = LocalCluster.start(options);
    this.server =
        new ApiServer(User.access(cluster.kubeconfig()), "networks-bench", (_, _, _) -> {});
    new User(server, NAMESPACE).apply(manifests.resolve("crd.yaml"));
    var group = "bitcoincontroller.christianb93.github.com";
    this.kind = cluster.api().storageKind(group, "v1", "bitcoinnetworks");
  }

  /** As a user creates them, before or while a controller runs. */
  List<ObjectKey> create(int count) throws Exception {
    var user = new User(server, NAMESPACE);
    var keys = new ArrayList<ObjectKey>();
    for (var i = 0; i < count; i++) {
      var key = new ObjectKey(NAMESPACE, "network-" + i);
      user.apply(Network.manifest(key.name(), "{nodes: " + NODES + "}"));
      keys.add(key);
    }
    return keys;
  }

  static ObjectKey pod(ObjectKey network, int ordinal) {
    return new ObjectKey(network.namespace(), network.name() + "-sts-" + ordinal);
  }

  /** Whether its nodes are all linked, by their own word. */
  boolean meshed(ObjectKey network) {
    var addresses = new ArrayList<String>();
    for (var ordinal = 0; ordinal < NODES; ordinal++) {
      addresses.add(
          cluster
              .storage()
              .get(Kind.PODS, pod(network, ordinal))
              .map(pod -> pod.at("/status/podIP").asText())
              .orElse(""));
    }
    return nodes.meshed(addresses);
  }

  /** Ready, Meshed and Synced, as of its present spec. */
  static boolean well(JsonNode network) {
    var status = network.path("status");
    return status.path("observedGeneration").equals(network.at("/metadata/generation"))
        && List.of("Ready", "Meshed", "Synced").stream().allMatch(type -> isTrue(status, type));
  }

  static boolean isTrue(JsonNode status, String type) {
    return Status.condition(status, type).path("status").asText().equals("True");
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      cluster.close();
    } finally {
      nodes.close();
    }
  }
}
