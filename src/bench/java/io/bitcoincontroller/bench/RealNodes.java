package io.bitcoincontroller.bench;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Graph;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.mesh.Topology;
import io.bitcoincontroller.mesh.Wiring;
import io.bitcoincontroller.observe.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A network of real nodes on a local cluster of its own, and the shipped controller. */
final class RealNodes implements AutoCloseable {
  /** Of manifests/secret.yaml. */
  private static final Credentials CREDENTIALS = new Credentials("user", "password");

  final ControllerProgram controller;
  final Network network;
  private final LocalCluster cluster;
  private final ApiServer server;
  private final User user;
  private final BitcoindClient client = new BitcoindClient((_, _) -> {});

  /** Returns when the network is asked for. */
  RealNodes(Path jar, Path manifests, Path programs, int nodes, Topology topology)
      throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("real-nodes");
    var log = new Log(Log.Level.WARN, Log.Format.TEXT, System.err, Instant::now);
    var options = LocalCluster.Options.ordinary(programs, folder.resolve("cluster"));
    this.cluster = LocalCluster.start(options.withLog(log));
    this.server = new ApiServer(User.access(cluster.kubeconfig()), "a bench", (_, _, _) -> {});
    this.user = new User(server, "default");
    for (var manifest : List.of("crd.yaml", "secret.yaml")) {
      user.apply(manifests.resolve(manifest));
    }
    this.controller =
        ControllerProgram.start(
            List.of("-XX:+UseSerialGC", "-jar", jar.toString()),
            cluster.kubeconfig(),
            folder.resolve("controller.log"));
    var spec =
        "{nodes: %d, topology: %s, secret: bitcoin-default-secret}".formatted(nodes, topology);
    user.apply(Network.manifest("measured", spec));
    this.network = new Network(cluster, user, "measured");
  }

  void change(String spec) throws IOException, InterruptedException {
    user.patch(network.path(), "{\"spec\":" + spec + "}");
  }

  void await(String what, Seen.Look look) throws InterruptedException {
    Waiting.until(what, controller::lastWords, look);
  }

  Graph graph() throws IOException, InterruptedException {
    return Graph.read(network.pods(), client, CREDENTIALS);
  }

  /**
   * Waits until all is as declared, by the nodes' own word. To ask fifty nodes and judge their
   * answers takes the processors that they need: so three are asked first, one after the other.
   */
  void awaitGraph(Wiring wiring) throws IOException, InterruptedException {
    var pods = network.pods();
    for (var pod : List.of(pods.getFirst(), pods.get(pods.size() / 2), pods.getLast())) {
      await("the links of " + pod.metadata().name(), () -> linked(pod, wiring, pods.size()));
    }
    await("the wanted graph", () -> graph().complete(wiring));
  }

  private Seen linked(Pod pod, Wiring wiring, int nodes) throws IOException, InterruptedException {
    var node = Graph.read(List.of(pod), client, CREDENTIALS).nodes().entrySet().iterator().next();
    var listed = wiring.listed(node.getKey(), nodes).size();
    var links = 0;
    for (var other = 0; other < nodes; other++) {
      links += wiring.links(node.getKey(), other, nodes) ? 1 : 0;
    }
    var has = node.getValue().addedNodes().size();
    var up = node.getValue().peers().stream().filter(peer -> peer.version() > 0).count();
    return has == listed && up >= links
        ? new Seen.Good("")
        : new Seen.NotYet(listed + " entries, " + links + " links", has + ", " + up);
  }

  @Override
  public void close() throws IOException {
    controller.close();
    client.close();
    server.close();
    cluster.close();
  }
}
