package io.bitcoincontroller.bench;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Graph;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.mesh.Partitioned;
import io.bitcoincontroller.mesh.Topology;
import io.bitcoincontroller.mesh.Wiring;
import io.bitcoincontroller.observe.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Measures how soon real nodes are two networks, and one again: from the edit to the graph as
 * declared, by the nodes' own word.
 */
final class SplitBench implements AutoCloseable {
  private static final int ROUNDS = 5;

  /** Of manifests/secret.yaml. */
  private static final Credentials CREDENTIALS = new Credentials("user", "password");

  private final LocalCluster cluster;
  private final ApiServer server;
  private final User user;
  private final BitcoindClient client = new BitcoindClient((_, _) -> {});
  private final ControllerProgram controller;

  private SplitBench(Path jar, Path manifests, Path programs, Path folder)
      throws IOException, InterruptedException {
    var log = new Log(Log.Level.WARN, Log.Format.TEXT, System.err, Instant::now);
    var options = LocalCluster.Options.ordinary(programs, folder.resolve("cluster"));
    this.cluster = LocalCluster.start(options.withLog(log));
    this.server = new ApiServer(User.access(cluster.kubeconfig()), "split-bench", (_, _, _) -> {});
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

  /** {@code SplitBench <jar> <manifests> <folder of bitcoind> <number of nodes>:<topology>...}. */
  public static void main(String[] args) throws Exception {
    for (var argument : List.of(args).subList(3, args.length)) {
      var words = argument.split(":", 2);
      var folder = Files.createTempDirectory("split-bench");
      try (var bench =
          new SplitBench(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), folder)) {
        bench.measure(
            Integer.parseInt(words[0]),
            words[1].equals("Sparse") ? Topology.SPARSE : Topology.FULL_MESH);
      }
    }
  }

  private void measure(int nodes, Topology topology) throws Exception {
    try (var table = new Table(nodes + " nodes, " + topology)) {
      var spec =
          "{nodes: %d, topology: %s, secret: bitcoin-default-secret}".formatted(nodes, topology);
      user.apply(Network.manifest("measured", spec));
      var network = new Network(cluster, user, "measured");
      Waiting.until("the network is well", controller::lastWords, network::well);
      var group = new TreeSet<>(IntStream.range(0, nodes).filter(i -> i % 2 == 0).boxed().toList());
      var halves = new Partitioned(topology, List.<Set<Integer>>of(group));
      var splits = new ArrayList<Double>();
      var joins = new ArrayList<Double>();
      for (var round = 0; round < ROUNDS; round++) {
        splits.add(seconds(network, "[" + group + "]", halves));
        joins.add(seconds(network, "null", topology));
      }
      var goal = new Goal.Under(2);
      table.row("from the edit to two networks, seconds", 2, new Figures(splits), goal);
      table.row("from the edit to one network again, seconds", 2, new Figures(joins), goal);
    }
  }

  private double seconds(Network network, String partition, Wiring wiring) throws Exception {
    var edited = System.nanoTime();
    user.patch(network.path(), "{\"spec\":{\"partition\":" + partition + "}}");
    Waiting.until(
        "the wanted graph",
        controller::lastWords,
        () -> Graph.read(network.pods(), client, CREDENTIALS).complete(wiring));
    return (System.nanoTime() - edited) / 1e9;
  }

  @Override
  public void close() throws IOException {
    controller.close();
    client.close();
    server.close();
    cluster.close();
  }
}
