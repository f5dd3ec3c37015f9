package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.yaml.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes that don't start, and nodes that start late: the condition says why. */
@Execution(ExecutionMode.CONCURRENT)
final class StartTest extends OnStage {
  /** Lines that bitcoind ends at, and the part of its last words that a person needs. */
  private static final Map<String, String> WRONG =
      Map.of(
          "maxmempool=1",
          "CrashLoopBackOff: Error: -maxmempool must be at least 5 MB",
          "debug=foo",
          "Error: Unsupported logging category -debug=foo",
          "asmap=nope",
          "Error: Could not find asmap file",
          "pid=/nope/x",
          "Error: Unable to create the PID file '/nope/x'",
          "foo",
          ": foo",
          "-foo=1",
          "must be specified without leading -",
          "mocktime=-1",
          "SetMockTime: Assertion `mock_time_in",
          "peerblockfilters=1",
          "Error: Cannot set -peerblockfilters without");

  @Test
  void whatBitcoindSaysAtItsEndIsTheReason() throws Exception {
    var networks = new LinkedHashMap<Network, String>();
    for (var wrong : WRONG.entrySet()) {
      var spec = "{nodes: 1, config: ['" + wrong.getKey() + "']}";
      networks.put(stage.create("wrong-" + networks.size(), spec), wrong.getValue());
    }
    for (var network : networks.entrySet()) {
      stage.awaitMessage(network.getKey(), "Ready", network.getValue());
    }
    for (var network : networks.keySet()) {
      stage.user.delete(network.path());
    }
  }

  @Test
  void podsThatCantBeMadeAreToldInTheWordsOfTheStatefulSetsController() throws Exception {
    var namespace = (ObjectNode) Yaml.readOne("metadata: {name: small}");
    stage.cluster.create(Kind.NAMESPACES, namespace.put("kind", "Namespace"));
    stage.cluster.quota("small", 2);
    var user = stage.user("small");
    ObjectNode manifest = Network.manifest("crowded", "{nodes: 3}").deepCopy();
    manifest.withObject("/metadata").put("namespace", "small");
    user.apply(manifest);
    var crowded = new Network(stage.cluster, user, "crowded");
    stage.awaitMessage(
        crowded,
        "Ready",
        "waiting for crowded-sts-2 (FailedCreate: pods \"crowded-sts-2\" is forbidden: exceeded"
            + " quota: pods, requested: pods=1, used: pods=2, limited: pods=2)");
    stage.cluster.quota("small", 3);
    stage.awaitComplete(crowded, 3);
  }

  /** As after a week-end, or where blocks were mined with another clock. */
  @Test
  void aChainThatHasRestedForAYearStillRelaysTransactions() throws Exception {
    var rested = stage.createComplete("rested", 2);
    var nodes = List.of(rested.podName(0), rested.podName(1));
    // before its wallet is made, which looks at no block older than itself
    var yearAgo = Long.toString(Instant.now().minus(Duration.ofDays(365)).getEpochSecond());
    rested.bitcoinCli(nodes.get(0), "setmocktime", yearAgo);
    rested.bitcoinCli(
        nodes.get(0), "-named", "createwallet", "wallet_name=w", "load_on_startup=true");
    var address = rested.bitcoinCli(nodes.get(0), "getnewaddress").asText();
    rested.bitcoinCli(nodes.get(0), "generatetoaddress", "101", address);
    stage.await("the blocks", () -> Judge.synced(rested.chains(2), 101));
    for (var node : nodes) {
      rested.bitcoinCli(node, "stop");
    }
    stage.await("started again", () -> Judge.synced(rested.chains(2), 101));
    stage.awaitComplete(rested, 2);
    for (var node : nodes) {
      assertFalse(
          rested.bitcoinCli(node, "getblockchaininfo").path("initialblockdownload").asBoolean());
    }
    var sent = rested.bitcoinCli(nodes.get(0), "sendtoaddress", address, "0.1").asText();
    stage.await(
        "the transaction on the other node",
        () -> {
          var pool = rested.bitcoinCli(nodes.get(1), "getrawmempool").toString();
          return pool.contains(sent) ? new Seen.Good("") : new Seen.NotYet(sent, pool);
        });
  }

  @Test
  void aNodeThatTakesItsTipForTooOldIsNotSynced() throws Exception {
    var old = stage.create("old", "{nodes: 1, config: ['maxtipage=60']}");
    stage.await(
        "ready",
        () ->
            old.condition("Ready").path("status").asText().equals("True")
                ? new Seen.Good("")
                : new Seen.NotYet("ready", ""));
    stage.awaitMessage(
        old,
        "Synced",
        "initial block download, in which bitcoind relays no transactions: old-sts-0");
  }
}
