package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.local.user.Graph;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.mesh.Connectivity;
import io.bitcoincontroller.mesh.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The topology for networks that outgrow a full mesh, on real nodes. */
@Execution(ExecutionMode.CONCURRENT)
final class SparseTest {
  /** Of manifests/secret.yaml. */
  private static final Credentials CREDENTIALS = new Credentials("user", "password");

  private static Graph graph(Network network, BitcoindClient client)
      throws IOException, InterruptedException {
    return Graph.read(network.pods(), client, CREDENTIALS);
  }

  @Test
  void fiftyNodesAreOneNetworkWithOneConnectionForEachLink(@TempDir Path folder) throws Exception {
    try (var stage = new Stage(folder);
        var client = new BitcoindClient((_, _) -> {})) {
      stage.startController();
      var spec = "{nodes: 50, topology: Sparse, secret: bitcoin-default-secret}";
      var network = stage.create("sparse", spec);
      stage.await("Ready, Meshed and Synced", network::well);
      var graphs = new ArrayList<Graph>();
      // two dials of one link at a time both come through, and the second is closed soon
      stage.await(
          "one connection for each link",
          () -> {
            graphs.add(graph(network, client));
            var connections = graphs.getLast().connections();
            return connections == 400
                ? graphs.getLast().complete(Topology.SPARSE)
                : new Seen.NotYet("400 connections", "" + connections);
          });
      var graph = graphs.getLast();
      assertEquals(400, graph.links().size());
      assertTrue(Connectivity.diameter(graph.links(), 50) <= 3);
      assertEquals(8, Connectivity.connectivity(graph.links(), 50));
    }
  }

  private static boolean isStrong(Graph graph) {
    return Connectivity.connectivity(graph.links(), 20) >= 7;
  }

  /** Nothing that is wanted before or after is cut on the way. */
  @Test
  void aFullMeshBecomesSparseAndBackWithoutASplit(@TempDir Path folder) throws Exception {
    try (var stage = new Stage(folder);
        var client = new BitcoindClient((_, _) -> {})) {
      stage.startController();
      var spec = "{nodes: 20, secret: bitcoin-default-secret}";
      var network = stage.create("changing", spec);
      stage.await("Ready, Meshed and Synced", network::well);
      stage.await("a full mesh", () -> graph(network, client).complete(Topology.FULL_MESH));
      stage.change(network, "{\"topology\": \"Sparse\"}");
      stage.await(
          "a sparse one",
          () -> {
            var graph = graph(network, client);
            // nodes are read side by side: a link that is just being replaced may be missed once
            assertTrue(isStrong(graph) || isStrong(graph(network, client)), "nearly split");
            return graph.complete(Topology.SPARSE);
          });
      stage.change(network, "{\"topology\": \"FullMesh\"}");
      stage.await("a full mesh again", () -> graph(network, client).complete(Topology.FULL_MESH));
    }
  }
}
