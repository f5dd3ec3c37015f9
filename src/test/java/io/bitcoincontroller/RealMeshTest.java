package io.bitcoincontroller;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.local.user.Graph;
import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is promised of links, lists and declared peers, on real nodes. */
@Execution(ExecutionMode.CONCURRENT)
final class RealMeshTest extends OnRealNodes {
  private static final Duration AMPLE = Duration.ofSeconds(20);

  /** One try in four makes two connections of one direction. */
  private static final int MOST_TRIES = 400;

  private static String address(Network of, int ordinal) throws IOException, InterruptedException {
    return of.pod(ordinal).orElseThrow().status().podIP();
  }

  /** Looks are up to half a minute apart; who changes the object gets one at once. */
  private void touch(Network touched) throws IOException, InterruptedException {
    var now = Long.toString(System.nanoTime());
    stage.user.patch(
        touched.path(), "{\"metadata\":{\"annotations\":{\"touched\":\"" + now + "\"}}}");
  }

  /** Each second connection of one direction, in whatever state. */
  private static List<String> doubled(Graph graph) {
    var doubled = new ArrayList<String>();
    graph
        .nodes()
        .forEach(
            (ordinal, info) -> {
              var seen = new TreeSet<String>();
              info.peers().stream()
                  .filter(peer -> !peer.inbound())
                  .filter(peer -> !seen.add(peer.address()))
                  .forEach(peer -> doubled.add(ordinal + " to " + peer));
            });
    return doubled;
  }

  /** Ends all connections of nodes 0 and 1, and has each dial the other several times at once. */
  private Graph dialAtOnce(Network network) throws Exception {
    var addresses = List.of(address(network, 0), address(network, 1));
    var calls = new ArrayList<Callable<Object>>();
    for (var from : List.of(0, 1)) {
      var server = BitcoindClient.server(addresses.get(from));
      var dial = RpcRequest.tryNode(addresses.get(1 - from));
      for (var n = 0; n < 4; n++) {
        calls.add(() -> client.call(server, CREDENTIALS, List.of(dial), AMPLE, () -> true));
      }
    }
    stage.await("no connections of 0 and 1", () -> cutOff(network, addresses));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.invokeAll(calls);
    }
    return awaitAnswers(network);
  }

  /** bitcoind and the controller dial again: one cut may be one too few. */
  private Seen cutOff(Network network, List<String> addresses)
      throws IOException, InterruptedException {
    var graph = graph(network);
    if (!graph.nodes().keySet().containsAll(List.of(0, 1))) {
      return new Seen.NotYet("nodes 0 and 1", graph.nodes().keySet().toString());
    }
    if (!graph.dialled(0).contains(1) && !graph.dialled(1).contains(0)) {
      return new Seen.Good("");
    }
    for (var from : List.of(0, 1)) {
      var closes =
          requireNonNull(graph.nodes().get(from)).peers().stream()
              .map(peer -> RpcRequest.disconnectNode(peer.id()))
              .toList();
      if (!closes.isEmpty()) {
        var server = BitcoindClient.server(addresses.get(from));
        client.call(server, CREDENTIALS, closes, AMPLE, () -> true);
      }
    }
    return new Seen.NotYet("none", "one");
  }

  @Test
  void aSecondConnectionOfOneDirectionIsClosedAndDoesNotComeBack() throws Exception {
    var network = stage.createComplete("doubled", 3);
    var tries = 0;
    while (doubled(dialAtOnce(network)).isEmpty()) {
      assertTrue(++tries < MOST_TRIES, "no two dials came through together");
    }
    touch(network);
    awaitSingle(network);
    stage.awaitComplete(network, 3);
    var ids = ids(awaitSingle(network));
    var passes = stage.passes();
    touch(network);
    stage.await("another look", () -> stage.morePasses(passes));
    assertTrue(ids(awaitAnswers(network)).containsAll(ids), "what stayed stays");
  }

  /** Waits until no two connections have one direction. */
  private Graph awaitSingle(Network network) throws InterruptedException {
    var read = new ArrayList<Graph>();
    stage.await(
        "one connection of each direction",
        () -> {
          read.add(graph(network));
          var doubled = doubled(read.getLast());
          return doubled.isEmpty()
              ? new Seen.Good("")
              : new Seen.NotYet("no second one", doubled.toString());
        });
    return read.getLast();
  }

  /** Of connections that were dialled, by node. */
  private static Set<String> ids(Graph of) {
    var ids = new TreeSet<String>();
    of.nodes()
        .forEach(
            (ordinal, info) ->
                info.peers().stream()
                    .filter(peer -> !peer.inbound())
                    .map(NodeInfo.Peer::id)
                    .forEach(id -> ids.add(ordinal + " " + id)));
    return ids;
  }

  @Test
  void ownNodesDeclaredAsPeersInAnySpellingLeaveTheListsAsTheyAre() throws Exception {
    var network = stage.createComplete("spelled", 3);
    var parts = new ArrayList<String>();
    for (var part : address(network, 1).split("\\.", -1)) {
      parts.add("0x" + HexFormat.of().toHexDigits((byte) Integer.parseInt(part)));
    }
    var hex = String.join(".", parts);
    stage.change(
        network, "{\"peers\": [\"" + hex + "\", \"spelled-sts-0.spelled-svc.default.svc\"]}");
    stage.await("the lists are as wanted", network::well);
    stage.awaitComplete(network, 3);
    assertEquals("3 of 3 links are up", network.condition("Meshed").path("message").asText());
  }

  @Test
  void nodesThatJudgedTheChainInvalidAreLetAloneUntilTheyTakeItBack() throws Exception {
    var network = stage.createComplete("judging", 3);
    network.bitcoinCli(network.podName(0), "generatetoaddress", "10", ADDRESS);
    stage.await("ten blocks on all", () -> Judge.synced(network.chains(3), 10));
    stage.awaitComplete(network, 3);
    var block = network.bitcoinCli(network.podName(0), "getblockhash", "5").asText();
    var tip = network.bitcoinCli(network.podName(0), "getblockhash", "10").asText();
    for (var node : List.of(1, 2)) {
      network.bitcoinCli(network.podName(node), "invalidateblock", block);
    }
    // a chain of their own is not the tallest, and higher than what they judged
    network.bitcoinCli(network.podName(0), "generatetoaddress", "5", ADDRESS);
    network.bitcoinCli(network.podName(1), "generatetodescriptor", "8", OTHER_MINER);
    var before = record(network);
    touch(network);
    var condition = stage.awaitReason(network, "Synced", "ChainJudgedInvalid");
    var message = condition.path("message").asText();
    assertTrue(message.contains("reconsiderblock " + tip), message);
    assertTrue(message.startsWith("judging-sts-1, judging-sts-2 judged"), message);
    var told = new TreeSet<String>();
    for (var look = 0; look < 3; look++) {
      var passes = stage.passes();
      touch(network);
      stage.await("another look", () -> stage.morePasses(passes));
      told.addAll(record(network));
    }
    told.removeAll(before);
    assertTrue(told.stream().anyMatch(line -> line.contains("getpeerinfo")), told::toString);
    var closings = told.stream().filter(line -> line.contains("disconnectnode")).toList();
    assertEquals(List.of(), closings, "no connection was closed");
    for (var node : List.of(1, 2)) {
      network.bitcoinCli(network.podName(node), "reconsiderblock", tip);
    }
    touch(network);
    stage.await("fifteen blocks on all", () -> Judge.synced(network.chains(3), 15));
    touch(network);
    stage.await("the status says so", network::well);
  }

  /** What the controller did; bitcoind itself, too, leaves peers that have invalid blocks. */
  private List<String> record(Network network) throws IOException, InterruptedException {
    return stage
        .controller()
        .get("/record?network=default/" + network.name())
        .body()
        .lines()
        .toList();
  }

  @Test
  void aDeclaredPeerIsReachedByAllNodesWhereverItStandsInTheLists() throws Exception {
    var outside = stage.create("outside", "{nodes: 1, secret: bitcoin-default-secret}");
    var network = stage.createComplete("twelve", 12);
    stage.awaitComplete(outside, 1);
    var peer = address(outside, 0);
    stage.change(network, "{\"peers\": [\"" + peer + "\", \"127.0.0.99\"]}");
    stage.await(
        "all nodes have dialled it",
        () -> {
          var missing = new TreeSet<Integer>();
          graph(network)
              .nodes()
              .forEach(
                  (ordinal, info) -> {
                    if (info.peers().stream()
                        .noneMatch(each -> !each.inbound() && each.address().equals(peer))) {
                      missing.add(ordinal);
                    }
                  });
          return missing.isEmpty()
              ? new Seen.Good("")
              : new Seen.NotYet("all twelve", "without " + missing);
        });
    awaitMeshed(network, "; 1 of 2 declared peers are not reached: 127.0.0.99 (by 12 nodes)");
    stage.user.delete(outside.path());
    stage.await(
        "the peer is gone",
        () -> outside.pods().isEmpty() ? new Seen.Good("") : new Seen.NotYet("no pod", "one"));
    touch(network);
    awaitMeshed(network, "; 2 of 2 declared peers are not reached: " + peer + " (by 12 nodes), ");
  }
}
