package io.bitcoincontroller.bench;

import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.mesh.Connectivity;
import io.bitcoincontroller.mesh.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures how soon real nodes are one network: from the last one's Ready to all links up, by the
 * nodes' own word.
 */
final class MeshBench {
  private final RealNodes nodes;

  private MeshBench(RealNodes nodes) {
    this.nodes = nodes;
  }

  /** {@code MeshBench <jar> <manifests> <folder of bitcoind> <number of nodes>...}. */
  public static void main(String[] args) throws Exception {
    for (var argument : List.of(args).subList(3, args.length)) {
      var size = Integer.parseInt(argument);
      var topology = size > 9 ? Topology.SPARSE : Topology.FULL_MESH;
      try (var nodes =
          new RealNodes(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), size, topology)) {
        new MeshBench(nodes).measure(size, topology);
      }
    }
  }

  private void measure(int size, Topology topology) throws Exception {
    try (var table = new Table(size + " nodes, " + topology)) {
      nodes.await("all pods are ready", () -> ready(size));
      var ready = System.nanoTime();
      nodes.awaitGraph(topology);
      var goal = size == 50 ? new Goal.Under(5) : Goal.none();
      var seconds = Figures.once((System.nanoTime() - ready) / 1e9);
      table.row("last Ready to all links up, seconds", 2, seconds, goal);
      nodes.await("the status says so", nodes.network::well);
      var graph = nodes.graph();
      var links = graph.links();
      table.row("links", 0, Figures.once(links.size()), Goal.none());
      table.row("connections a link", 2, per(graph.connections(), links.size()), Goal.none());
      table.row("connections a node", 2, per(2 * graph.connections(), size), Goal.none());
      table.row("batches of RPC calls a node, in all", 1, per(batches(), size), Goal.none());
      var diameter = Connectivity.diameter(links, size);
      table.row("diameter", 0, Figures.once(diameter), Goal.none());
      var least = Connectivity.connectivity(links, size);
      table.row("nodes to cut it, if under 8", 0, Figures.once(least), Goal.none());
    }
  }

  private static Figures per(int count, int of) {
    return Figures.once((double) count / of);
  }

  private Seen ready(int wanted) throws IOException, InterruptedException {
    var ready = nodes.network.pods().stream().filter(Pod::ready).count();
    return ready == wanted
        ? new Seen.Good("")
        : new Seen.NotYet(wanted + " ready pods", ready + " of them");
  }

  private int batches() throws IOException, InterruptedException {
    return nodes
        .controller
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("bitcoind_requests_total{"))
        .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
