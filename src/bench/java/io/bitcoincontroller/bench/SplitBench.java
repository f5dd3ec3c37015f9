package io.bitcoincontroller.bench;

import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.mesh.Partitioned;
import io.bitcoincontroller.mesh.Topology;
import io.bitcoincontroller.mesh.Wiring;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Measures how soon real nodes are two networks, and one again: from the edit to the graph as
 * declared, by the nodes' own word. The first split comes just after the nodes were linked, and has
 * a row of its own.
 */
final class SplitBench {
  private static final int ROUNDS = 5;

  private final RealNodes nodes;

  private SplitBench(RealNodes nodes) {
    this.nodes = nodes;
  }

  /** {@code SplitBench <jar> <manifests> <folder of bitcoind> <number of nodes>:<topology>...}. */
  public static void main(String[] args) throws Exception {
    for (var argument : List.of(args).subList(3, args.length)) {
      var words = argument.split(":", 2);
      var size = Integer.parseInt(words[0]);
      var topology = words[1].equals("Sparse") ? Topology.SPARSE : Topology.FULL_MESH;
      try (var nodes =
          new RealNodes(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), size, topology)) {
        new SplitBench(nodes).measure(size, topology);
      }
    }
  }

  private void measure(int size, Topology topology) throws Exception {
    try (var table = new Table(size + " nodes, " + topology)) {
      nodes.await("the network is well", nodes.network::well);
      var group = new TreeSet<>(IntStream.range(0, size).filter(i -> i % 2 == 0).boxed().toList());
      var halves = new Partitioned(topology, List.<Set<Integer>>of(group));
      var first = seconds("[" + group + "]", halves);
      nodes.await("no node may dial across", this::meshed);
      seconds("null", topology);
      var splits = new ArrayList<Double>();
      var joins = new ArrayList<Double>();
      for (var round = 0; round < ROUNDS; round++) {
        nodes.await("the network is well", nodes.network::well);
        splits.add(seconds("[" + group + "]", halves));
        nodes.await("no node may dial across", this::meshed);
        joins.add(seconds("null", topology));
      }
      var goal = new Goal.Under(2);
      table.row("from the edit to two networks, seconds", 2, new Figures(splits), goal);
      table.row("from the edit to one network again, seconds", 2, new Figures(joins), goal);
      table.row("split just after the start, seconds", 2, Figures.once(first), goal);
    }
  }

  private double seconds(String partition, Wiring wiring) throws Exception {
    var edited = System.nanoTime();
    nodes.change("{\"partition\":" + partition + "}");
    nodes.awaitGraph(wiring);
    return (System.nanoTime() - edited) / 1e9;
  }

  private Seen meshed() throws IOException, InterruptedException {
    var meshed = nodes.network.condition("Meshed");
    return meshed.path("status").asText().equals("True")
            && meshed.path("message").asText().startsWith("2 partitions")
        ? new Seen.Good("")
        : new Seen.NotYet("two partitions", meshed.toString());
  }
}
