package io.bitcoincontroller.local.image;

import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.doubles.DoublePods;
import io.bitcoincontroller.local.kubelet.Bitcoind;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.observe.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A cluster with the product's manifests, a user of it, and the surroundings that the controller's
 * pod in it would have. With simulated pods, whose nodes are doubles, it needs no bitcoind.
 */
final class Playground implements AutoCloseable {
  private static final Duration READY_AFTER = Duration.ofMillis(50);

  private final LocalCluster cluster;
  private final DoubleNetwork doubles;
  private final ApiServer server;
  final User user;

  private Playground(LocalCluster.Options options, DoubleNetwork doubles, Path manifests)
      throws IOException, InterruptedException {
    var log = new Log(Log.Level.WARN, Log.Format.TEXT, System.out, Instant::now);
    this.cluster = LocalCluster.start(options.withLog(log));
    this.doubles = doubles;
    this.server = new ApiServer(User.access(cluster.kubeconfig()), "a user", (_, _, _) -> {});
    this.user = new User(server, "default");
    for (var manifest : List.of("crd.yaml", "rbac.yaml", "secret.yaml")) {
      user.apply(manifests.resolve(manifest));
    }
  }

  /**
   * With real nodes.
   *
   * @param folder absent or empty
   * @param manifests the folder of the product's manifests
   */
  static Playground real(Path folder, Path manifests) throws IOException, InterruptedException {
    var options = LocalCluster.Options.ordinary(Bitcoind.folder(), folder);
    return new Playground(options, new DoubleNetwork(), manifests);
  }

  /** As {@link #real}, with pods that are no processes. */
  static Playground simulated(Path folder, LocalApiServer.Options api, Path manifests)
      throws IOException, InterruptedException {
    var doubles = new DoubleNetwork();
    // there are no programs to look for
    var options =
        LocalCluster.Options.ordinary(folder, folder)
            .withApi(api)
            .withSimulatedPods(DoublePods.of(doubles, READY_AFTER));
    return new Playground(options, doubles, manifests);
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
    user.apply(Network.manifest(name, spec));
    return new Network(cluster, user, name);
  }

  /** Waits until a network is whole by its own status. */
  void awaitWell(Network network, Started controller) throws InterruptedException {
    Waiting.until(network.path() + " is well", controller::lastWords, network::well);
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
