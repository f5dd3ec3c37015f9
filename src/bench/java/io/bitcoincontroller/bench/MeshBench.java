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
import io.bitcoincontroller.mesh.Connectivity;
import io.bitcoincontroller.mesh.Topology;
import io.bitcoincontroller.observe.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Measures how soon real nodes are one network: from the last one's Ready to all links up, by the
 * nodes' own word.
 */
final class MeshBench implements AutoCloseable {
  /** Of manifests/secret.yaml. */
  private static final Credentials CREDENTIALS = new Credentials("user", "password");

  private final LocalCluster cluster;
  private final ApiServer server;
  private final User user;
  private final BitcoindClient client = new BitcoindClient((_, _) -> {});
  private final ControllerProgram controller;

  private MeshBench(Path jar, Path manifests, Path programs, Path folder)
      throws IOException, InterruptedException {
    var log = new Log(Log.Level.WARN, Log.Format.TEXT, System.err, Instant::now);
    var options = LocalCluster.Options.ordinary(programs, folder.resolve("cluster"));
    this.cluster = LocalCluster.start(options.withLog(log));
    this.server = new ApiServer(User.access(cluster.kubeconfig()), "mesh-bench", (_, _, _) -> {});
    this.user = new User(server, "default");
    for (var manifest : List.of("crd.yaml", "secret.yaml")) {
      user.apply(manifests.resolve(manifest));
    }
    this.controller =
        ControllerProgram.start(
            List.of("-XX:+UseSerialGC", "-jar", jar.toString()),
            cluster.kubeconfig(),
            folder.resolve("controller.log"));
  }

  /** {@code MeshBench <jar> <manifests> <folder of bitcoind> <number of nodes>...}. */
  public static void main(String[] args) throws Exception {
    for (var argument : List.of(args).subList(3, args.length)) {
      var size = Integer.parseInt(argument);
      var folder = Files.createTempDirectory("mesh-bench");
      try (var bench =
          new MeshBench(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), folder)) {
        bench.measure(size, size > 9 ? Topology.SPARSE : Topology.FULL_MESH);
      }
    }
  }

  private void measure(int nodes, Topology topology) throws Exception {
    try (var table = new Table(nodes + " nodes, " + topology)) {
      var spec =
          "{nodes: %d, topology: %s, secret: bitcoin-default-secret}".formatted(nodes, topology);
      user.apply(Network.manifest("measured", spec));
      var network = new Network(cluster, user, "measured");
      Waiting.until("all pods are ready", controller::lastWords, () -> ready(network, nodes));
      var ready = System.nanoTime();
      Waiting.until(
          "the wanted graph", controller::lastWords, () -> graph(network).complete(topology));
      var goal = nodes == 50 ? new Goal.Under(5) : Goal.none();
      var seconds = Figures.once((System.nanoTime() - ready) / 1e9);
      table.row("last Ready to all links up, seconds", 2, seconds, goal);
      Waiting.until("the status says so", controller::lastWords, network::well);
      var graph = graph(network);
      var links = graph.links();
      table.row("links", 0, Figures.once(links.size()), Goal.none());
      table.row("connections a link", 2, per(graph.connections(), links.size()), Goal.none());
      table.row("connections a node", 2, per(2 * graph.connections(), nodes), Goal.none());
      table.row("batches of RPC calls a node, in all", 1, per(batches(), nodes), Goal.none());
      var diameter = Connectivity.diameter(links, nodes);
      table.row("diameter", 0, Figures.once(diameter), Goal.none());
      var least = Connectivity.connectivity(links, nodes);
      table.row("nodes to cut it, if under 8", 0, Figures.once(least), Goal.none());
    }
  }

  private static Figures per(int count, int of) {
    return Figures.once((double) count / of);
  }

  private Seen ready(Network network, int nodes) throws IOException, InterruptedException {
    var ready = network.pods().stream().filter(Pod::ready).count();
    return ready == nodes
        ? new Seen.Good("")
        : new Seen.NotYet(nodes + " ready pods", ready + " of them");
  }

  private Graph graph(Network network) throws IOException, InterruptedException {
    return Graph.read(network.pods(), client, CREDENTIALS);
  }

  private int batches() throws IOException, InterruptedException {
    return controller
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("bitcoind_requests_total{"))
        .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() throws IOException {
    controller.close();
    client.close();
    server.close();
    cluster.close();
  }
}
