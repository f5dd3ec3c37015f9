package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Peers;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever happens to the nodes, or is done to them by hand: the network becomes whole again. */
final class RepairTest extends OnStage {
  private static final String THREE_NODES = "{nodes: 3, secret: bitcoin-default-secret}";

  /** Somebody's; nobody spends here. */
  private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

  /** Nothing is there. */
  private static final String GARBAGE = "127.0.0.99:1";

  private Network network;
  private Network frosty;

  @BeforeAll
  void start() throws Exception {
    network = stage.create("whole", THREE_NODES);
    frosty = stage.create("frosty", THREE_NODES);
    stage.awaitComplete(network, 3);
  }

  private static ObjectKey pod(Network of, int ordinal) {
    return new ObjectKey("default", of.podName(ordinal));
  }

  private String address(int ordinal) throws IOException, InterruptedException {
    return network.pod(ordinal).orElseThrow().status().podIP();
  }

  /** Looks are up to half a minute apart; who changes the object gets one at once. */
  private void touch(Network touched) throws IOException, InterruptedException {
    var now = Long.toString(System.nanoTime());
    stage.user.patch(
        touched.path(), "{\"metadata\":{\"annotations\":{\"touched\":\"" + now + "\"}}}");
  }

  @Test
  void aFrozenNodeDoesNotKeepTheOthersFromBeingMeshed() throws Exception {
    stage.awaitComplete(frosty, 3);
    var frozen = pod(frosty, 1);
    stage.cluster.pause(frozen);
    try {
      stage.user.scale(frosty.path(), 4);
      stage.await("connected", () -> Judge.connected(frosty.peersOf(List.of(0, 2, 3))));
    } finally {
      stage.cluster.resume(frozen);
    }
    stage.awaitComplete(frosty, 4);
  }

  @Test
  void aNodeThatFreezesBeforeItIsReadyDoesNotEither() throws Exception {
    var early = stage.create("early", THREE_NODES);
    var frozen = pod(early, 0);
    stage.await("bitcoind runs", () -> freeze(frozen));
    try {
      stage.await("connected", () -> Judge.connected(early.peersOf(List.of(1, 2))));
    } finally {
      stage.cluster.resume(frozen);
    }
    stage.awaitComplete(early, 3);
  }

  private Seen freeze(ObjectKey pod) throws IOException, InterruptedException {
    try {
      stage.cluster.pause(pod);
      return new Seen.Good("");
    } catch (StatusException e) {
      return new Seen.NotYet("a process", "" + e.getMessage());
    }
  }

  /** An empty node that asks another empty one first would wait for its blocks for ever. */
  @Test
  void emptyNodesThatJoinTogetherGetTheChain() throws Exception {
    var growing = stage.createComplete("growing", 1);
    growing.bitcoinCli(growing.podName(0), "generatetoaddress", "101", ADDRESS);
    stage.user.scale(growing.path(), 5);
    stage.await("the chain is on all", () -> Judge.synced(growing.chains(5), 101));
    stage.awaitComplete(growing, 5);
  }

  @Test
  void aNodeThatLostItsListAtTheSameAddressGetsItAgain() throws Exception {
    var pod = pod(network, 2);
    var before = address(2);
    var pid = stage.cluster.pidOf(pod);
    stage.cluster.kill(pod);
    stage.await(
        "another process",
        () -> {
          var now = stage.cluster.pidOf(pod);
          return now.isPresent() && !now.equals(pid)
              ? new Seen.Good("")
              : new Seen.NotYet("another process", now.toString());
        });
    stage.awaitComplete(network, 3);
    assertEquals(before, address(2));
  }

  @Test
  void whatSomebodyAddedByHandIsRemovedAndOnlyWhatTheSpecNamesStays() throws Exception {
    var other = stage.createComplete("other", 1);
    var foreign = other.pod(0).orElseThrow().status().podIP();
    network.bitcoinCli(network.podName(0), "addnode", GARBAGE, "add");
    // a pass that comes just then closes it again
    stage.await(
        "a wrong connection",
        () -> {
          network.bitcoinCli(network.podName(0), "addnode", foreign, "onetry");
          return connected(foreign, true);
        });
    touch(network);
    stage.await("no wrong connection", () -> connected(foreign, false));
    stage.awaitComplete(network, 3);

    stage.change(network, "{\"peers\": [\"" + foreign + "\"]}");
    for (var node : List.of(0, 1, 2)) {
      stage.await("a declared peer", () -> lists(node, foreign, true));
    }
    network.bitcoinCli(network.podName(0), "addnode", foreign, "onetry");
    stage.await("a declared connection", () -> connected(foreign, true));
    network.bitcoinCli(network.podName(0), "addnode", GARBAGE, "add");
    touch(network);
    stage.await("another look", () -> lists(0, Peers.host(GARBAGE), false));
    assertEquals(new Seen.Good(""), connected(foreign, true));
    assertEquals(new Seen.Good(""), lists(0, foreign, true));

    stage.change(network, "{\"peers\": null}");
    stage.await("no connection that was declared once", () -> connected(foreign, false));
    stage.awaitComplete(network, 3);
  }

  private Seen connected(String address, boolean wanted) throws IOException, InterruptedException {
    var dialled = peers(0).dialled();
    return dialled.contains(address) == wanted
        ? new Seen.Good("")
        : new Seen.NotYet(address + " dialled: " + wanted, dialled.toString());
  }

  private Seen lists(int node, String address, boolean wanted)
      throws IOException, InterruptedException {
    var listed = peers(node).listed();
    return listed.contains(address) == wanted
        ? new Seen.Good("")
        : new Seen.NotYet(address + " listed: " + wanted, listed.toString());
  }

  private Peers peers(int ordinal) throws IOException, InterruptedException {
    return network.peersOf(List.of(ordinal)).getFirst();
  }

  @Test
  void aStatefulSetThatSomebodyEditedIsSetBack() throws Exception {
    var before = stage.user.get(network.statefulSetPath()).path("spec");
    stage.user.patch(
        network.statefulSetPath(),
        """
        {"spec": {"replicas": 1, "template": {"spec": {"containers": [
          {"name": "bitcoind", "image": "somebody/else:1"}]}}}}
        """);
    stage.await(
        "the spec as it was",
        () -> {
          var now = stage.user.get(network.statefulSetPath()).path("spec");
          return now.equals(before) ? new Seen.Good("") : new Seen.NotYet("" + before, "" + now);
        });
    stage.await("as it was", network::rolledOut);
    stage.awaitComplete(network, 3);
  }

  /** {@code kubectl patch}: to apply the Service again leaves other managers' keys. */
  @Test
  void aSelectorThatSomebodyNarrowedSelectsAllAgain() throws Exception {
    var path = "/api/v1/namespaces/default/services/whole-svc";
    var before = stage.user.get(path).path("spec");
    stage.user.patch(
        path, "{\"spec\":{\"selector\":{\"tier\":\"x\"},\"publishNotReadyAddresses\":true}}");
    stage.await(
        "the selector as it was",
        () -> {
          var now = stage.user.get(path).path("spec").path("selector");
          return now.equals(before.path("selector"))
              ? new Seen.Good("")
              : new Seen.NotYet("" + before.path("selector"), "" + now);
        });
    assertTrue(stage.user.get(path).at("/spec/publishNotReadyAddresses").asBoolean());
  }
}
