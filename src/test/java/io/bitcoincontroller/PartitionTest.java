package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.mesh.CustomLinks;
import io.bitcoincontroller.mesh.CustomLinks.Named;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.Partitioned;
import io.bitcoincontroller.mesh.Topology;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Networks that are split, joined again, or wired by hand, on real nodes. */
final class PartitionTest extends OnRealNodes {
  private String reorg(Network network) throws IOException, InterruptedException {
    var events = stage.user.get("/apis/events.k8s.io/v1/namespaces/default/events").path("items");
    for (var event : events) {
      if (event.at("/regarding/name").asText().equals(network.name())
          && event.path("reason").asText().equals("Reorganised")) {
        return event.path("note").asText();
      }
    }
    return "";
  }

  @Test
  void threeNodesSplitMineTwoChainsAndJoinOnTheTallerOne() throws Exception {
    var network = stage.createComplete("split", 3);
    network.bitcoinCli(network.podName(0), "generatetoaddress", "101", ADDRESS);
    stage.await("101 blocks on all", () -> Judge.synced(network.chains(3), 101));
    stage.change(network, "{\"partition\": [[0, 1]]}");
    awaitGraph(network, new Partitioned(Topology.FULL_MESH, List.of(Set.of(0, 1))));
    awaitMeshed(network, "2 partitions: 1 of 1 links are up");
    network.bitcoinCli(network.podName(2), "generatetoaddress", "3", ADDRESS);
    network.bitcoinCli(network.podName(0), "generatetodescriptor", "5", OTHER_MINER);
    var tip = network.bitcoinCli(network.podName(2), "getbestblockhash").asText();
    stage.await(
        "Synced tells both tips",
        () -> {
          var synced = network.condition("Synced");
          var message = synced.path("message").asText();
          return synced.path("reason").asText().equals("Partitioned")
                  && message.contains("nodes 0-1 (height 106, tip ")
                  && message.contains("node 2 (height 104, tip " + tip + ")")
                  && network.status().path("tips").asInt() == 2
              ? new Seen.Good("")
              : new Seen.NotYet("heights 106 and 104", network.status().toString());
        });
    stage.change(network, "{\"partition\": null}");
    stage.await("106 blocks on all", () -> Judge.synced(network.chains(3), 106));
    stage.awaitComplete(network, 3);
    stage.await(
        "an event tells the depth",
        () -> {
          var note = reorg(network);
          return note.startsWith("a reorg of 3 blocks on node 2: their chain of 104 blocks")
              ? new Seen.Good("")
              : new Seen.NotYet("a reorg of 3 blocks", note);
        });
    assertEquals(1, network.status().path("tips").asInt());
  }

  @Test
  void aSparseNetworkOfTwentyHasConnectedSidesAndPodsThatComeBackStayOnTheirs() throws Exception {
    var sparse = "{nodes: 20, topology: Sparse, secret: bitcoin-default-secret}";
    var network = stage.create("halves", sparse);
    stage.await("a network", network::well);
    var even = new TreeSet<>(IntStream.range(0, 10).map(i -> 2 * i).boxed().toList());
    stage.change(network, "{\"partition\": [" + even + "]}");
    var halves = new Partitioned(Topology.SPARSE, List.of(even));
    awaitGraph(network, halves);
    awaitMeshed(network, "2 partitions: 90 of 90 links are up");
    for (var side : List.of(0, 1)) {
      network.bitcoinCli(network.podName(side), "generatetoaddress", "" + (2 + side), ADDRESS);
    }
    var uid = network.pod(4).orElseThrow().metadata().uid();
    stage.user.delete(network.podPath(4));
    stage.await(
        "another pod",
        () ->
            network
                    .pod(4)
                    .filter(pod -> pod.ready() && !pod.metadata().uid().equals(uid))
                    .isPresent()
                ? new Seen.Good("")
                : new Seen.NotYet("a ready pod", "none"));
    awaitGraph(network, halves);
    stage.await(
        "each side has its blocks",
        () -> {
          var faults = new TreeSet<String>();
          for (var chain : network.chains(20)) {
            var ordinal = Integer.parseInt(chain.pod().replaceAll(".*-", ""));
            if (chain.height() != (ordinal % 2 == 0 ? 2 : 3)) {
              faults.add(chain.toString());
            }
          }
          return faults.isEmpty() ? new Seen.Good("") : new Seen.NotYet("2, 3", faults.toString());
        });
    stage.change(network, "{\"partition\": null}");
    awaitGraph(network, Topology.SPARSE);
    stage.await("one chain", () -> Judge.synced(network.chains(20), 3));
  }

  /**
   * By the nodes' own word, as long as a bitcoind may go through entries that it had. It may dial
   * by one of them even later; that connection is closed soon.
   */
  private void splitAndWatch(Network network, int nodes, Topology topology) throws Exception {
    var group = new TreeSet<>(IntStream.range(0, nodes).filter(i -> i % 2 == 0).boxed().toList());
    var halves = new Partitioned(topology, List.of(group));
    var edited = System.nanoTime();
    stage.change(network, "{\"partition\": [" + group + "]}");
    awaitGraph(network, halves);
    var since = new HashMap<Link, Double>();
    stage.await(
        "eight seconds",
        () -> {
          var after = (System.nanoTime() - edited) / 1e9;
          var across =
              graph(network).links().stream()
                  .filter(link -> halves.forbids(link.low(), link.high()))
                  .toList();
          since.keySet().retainAll(across);
          across.forEach(link -> since.putIfAbsent(link, after));
          var stay = since.values().stream().anyMatch(seen -> after - seen > 1);
          assertTrue(after < 2 || !stay, () -> after + " s: " + across);
          return after > 8 ? new Seen.Good("") : new Seen.NotYet("eight seconds", "" + after);
        });
    stage.change(network, "{\"partition\": null}");
    awaitGraph(network, topology);
  }

  @Test
  void aSplitJustAfterTheStartIsCompleteWithinTwoSeconds() throws Exception {
    var full = stage.create("new-full", "{nodes: 12, secret: bitcoin-default-secret}");
    awaitGraph(full, Topology.FULL_MESH);
    stage.await(
        "second connections",
        () -> {
          var count = graph(full).connections();
          return count > 66 ? new Seen.Good("") : new Seen.NotYet("more than 66", "" + count);
        });
    splitAndWatch(full, 12, Topology.FULL_MESH);
    stage.await(
        "as many connections as bitcoind would make",
        () -> {
          var count = graph(full).connections();
          return count == 132 ? new Seen.Good("") : new Seen.NotYet("132", "" + count);
        });
    var sparse = "{nodes: 20, topology: Sparse, secret: bitcoin-default-secret}";
    var network = stage.create("new-sparse", sparse);
    awaitGraph(network, Topology.SPARSE);
    splitAndWatch(network, 20, Topology.SPARSE);
  }

  @Test
  void linksOfOnesOwnAreExactlyThoseAndWhatTheyLeaveApartIsSaid() throws Exception {
    var network = stage.createComplete("named", 4);
    stage.change(network, "{\"topology\": \"Custom\", \"links\": [\"0-1\", \"2>1\", \"2-9\"]}");
    var links =
        CustomLinks.of(
            List.of(new Named(0, 1, false), new Named(2, 1, true), new Named(2, 9, false)));
    awaitGraph(network, links);
    awaitMeshed(network, "2 of 2 links are up; spec.links also names node 9, which");
    awaitMeshed(network, "there is no way between nodes 0-2 and node 3");
    // a node may still dial by its old list, or by an entry as the other end does
    stage.await(
        "one connection for each link, from the end that may dial",
        () -> {
          var graph = graph(network);
          return graph.dialled(2).contains(1)
                  && !graph.dialled(1).contains(2)
                  && graph.connections() == 2
              ? new Seen.Good("")
              : new Seen.NotYet("2 connections, 2 to 1", graph.toString());
        });
    stage.change(network, "{\"topology\": null, \"links\": null}");
    stage.awaitComplete(network, 4);
  }

  @Test
  void aRollOutAndASmallerNetworkDoNotWaitForBlocksOfTheOtherSide() throws Exception {
    var network = stage.createComplete("sides", 4);
    stage.change(network, "{\"partition\": [[0, 1]]}");
    awaitMeshed(network, "2 partitions: 2 of 2 links are up");
    network.bitcoinCli(network.podName(0), "generatetoaddress", "4", ADDRESS);
    network.bitcoinCli(network.podName(3), "generatetodescriptor", "2", OTHER_MINER);
    awaitHeights(network, List.of(4, 4, 2, 2));
    stage.change(network, "{\"config\": [\"uacomment=changed\"]}");
    stage.await("all pods are of the new template", network::rolledOut);
    stage.await("Ready", () -> condition(network, "Ready"));
    awaitHeights(network, List.of(4, 4, 2, 2));
    stage.user.scale(network.path(), 2);
    stage.await(
        "two pods",
        () ->
            network.pods().size() == 2
                ? new Seen.Good("")
                : new Seen.NotYet("two", "" + network.pods().size()));
    awaitHeights(network, List.of(4, 4));
  }

  private static Seen condition(Network network, String type)
      throws IOException, InterruptedException {
    var condition = network.condition(type);
    return condition.path("status").asText().equals("True")
        ? new Seen.Good("")
        : new Seen.NotYet("True", condition.toString());
  }

  private void awaitHeights(Network network, List<Integer> heights) throws Exception {
    stage.await(
        "heights " + heights,
        () -> {
          var seen = network.chains(heights.size()).stream().map(c -> (int) c.height()).toList();
          return seen.equals(heights)
              ? new Seen.Good("")
              : new Seen.NotYet(heights.toString(), seen.toString());
        });
  }
}
