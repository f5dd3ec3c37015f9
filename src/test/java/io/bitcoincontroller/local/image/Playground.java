package io.bitcoincontroller.local.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.access.ConfigurationException;
import io.bitcoincontroller.access.Kubeconfig;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.node.SimulatedPods;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster with the product's manifests, a user of it, and the surroundings that the controller's
 * pod in it would have. With simulated pods, whose nodes are doubles, it needs no bitcoind.
 */
final class Playground implements AutoCloseable {
  private static final Duration READY_AFTER = Duration.ofMillis(50);

  private final LocalCluster cluster;
  private final Optional<Doubles> doubles;
  private final ApiServer server;
  final User user;

  /**
   * @param options of simulated pods or real ones; the folder is absent or empty
   * @param manifests the folder of the product's manifests
   */
  Playground(LocalCluster.Options options, Path manifests)
      throws IOException, InterruptedException {
    var log = new Log(Log.Level.WARN, Log.Format.TEXT, System.out, Instant::now);
    this.cluster = LocalCluster.start(options.withLog(log));
    this.doubles = options.simulated().map(_ -> new Doubles(cluster.storage()));
    this.server = server(cluster.kubeconfig());
    this.user = new User(server, "default");
    for (var manifest : new String[] {"crd.yaml", "rbac.yaml", "secret.yaml"}) {
      user.apply(manifests.resolve(manifest));
    }
  }

  /** Pods that are no processes. */
  static LocalCluster.Options simulated(Path folder) {
    // there are no programs to look for
    return LocalCluster.Options.ordinary(folder, folder)
        .withSimulatedPods(SimulatedPods.mute(READY_AFTER));
  }

  private static ApiServer server(Path kubeconfig) throws IOException {
    try {
      var access =
          Kubeconfig.load(Optional.of(kubeconfig), Optional.empty(), System.getenv(), _ -> {});
      return new ApiServer(access, "a user", (_, _, _) -> {});
    } catch (ConfigurationException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Writes what the kubelet mounts into the controller's pod, readable by all, as there.
   *
   * @return the environment of the pod's process
   */
  Map<String, String> serviceAccount(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("token"), cluster.api().token());
    Files.writeString(folder.resolve("ca.crt"), cluster.api().caPem());
    Files.writeString(folder.resolve("namespace"), "bitcoin-controller");
    var uri = cluster.api().uri();
    return Map.of(
        "KUBERNETES_SERVICE_HOST", uri.getHost(), "KUBERNETES_SERVICE_PORT", "" + uri.getPort());
  }

  /**
   * Creates a network.
   *
   * @param spec YAML in flow style
   */
  Network create(String name, String spec) throws IOException, InterruptedException {
    user.apply(manifest(name, spec));
    return new Network(cluster, user, name);
  }

  private static JsonNode manifest(String name, String spec) throws IOException {
    return Yaml.readOne(
        """
        apiVersion: bitcoincontroller.christianb93.github.com/v1
        kind: BitcoinNetwork
        metadata: {name: %s, namespace: default}
        spec: %s
        """
            .formatted(name, spec));
  }

  /** Waits until a network is whole by its own status. */
  void awaitWell(Network network, Started controller) throws InterruptedException {
    Waiting.until(network.path() + " is well", controller::lastWords, network::well);
  }

  @Override
  public void close() throws IOException {
    server.close();
    if (doubles.isPresent()) {
      doubles.get().close();
    }
    cluster.close();
  }
}
