package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.local.api.Faults.Fault;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks from under which something is taken while they work: the Secret, or the spec itself. */
final class HeldTest extends OnStage {
  private static final String GROUP = "/apis/bitcoincontroller.christianb93.github.com/v1/";
  private static final String SECRETS = "/api/v1/namespaces/default/secrets/";

  private void makeSecret(String name, String stringData) throws Exception {
    stage.user.apply(
        Yaml.readOne(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: %s, namespace: default}
            stringData: %s
            """
                .formatted(name, stringData)));
  }

  /** Another declared peer, which all nodes have to list: the Secret is read for it, too. */
  private void declare(Network network, String peer) throws Exception {
    stage.change(network, "{\"peers\": [\"" + peer + "\"]}");
    for (var node : List.of(0, 1)) {
      stage.await(
          peer + " declared",
          () -> {
            var listed = network.peersOf(List.of(node)).getFirst().listed();
            return listed.contains(peer)
                ? new Seen.Good("")
                : new Seen.NotYet(peer, listed.toString());
          });
    }
  }

  private static List<String> uids(Network network) throws Exception {
    return network.pods().stream().map(pod -> pod.metadata().uid()).sorted().toList();
  }

  @Test
  void aSecretThatCantBeHadTakesNothingFromANetworkThatWorks() throws Exception {
    makeSecret("mine", "{BC_RPC_USER: user, BC_RPC_PASSWORD: password}");
    var network = stage.create("keeping", "{nodes: 2, secret: mine}");
    stage.awaitComplete(network, 2);
    var uids = uids(network);
    stage.cluster.api().faults().inject(Fault.FORBIDDEN, r -> r.path().equals(SECRETS + "mine"), 1);
    declare(network, "127.0.9.1");
    assertWellBut(network, "SecretForbidden");
    stage.user.patch(SECRETS + "mine", "{\"data\":{\"BC_RPC_PASSWORD\":null}}");
    declare(network, "127.0.9.2");
    assertWellBut(network, "SecretIncomplete");
    stage.user.delete(SECRETS + "mine");
    declare(network, "127.0.9.3");
    assertWellBut(network, "SecretMissing");
    makeSecret("mine", "{BC_RPC_USER: user, BC_RPC_PASSWORD: password}");
    declare(network, "127.0.9.4");
    assertWellBut(network, "AllNodesReady");
    assertEquals(uids, uids(network));
  }

  private void assertWellBut(Network network, String reason) throws Exception {
    stage.awaitReason(network, "Ready", reason);
    stage.await("all is well nevertheless", network::well);
  }

  @Test
  void theGeneratedSecretIsMadeAgainAsTheNodesKnowIt() throws Exception {
    var network = stage.create("made", "{nodes: 2}");
    stage.awaitComplete(network, 2);
    var uids = uids(network);
    var data = stage.user.get(SECRETS + "made-rpc").path("data");
    stage.user.delete(SECRETS + "made-rpc");
    declare(network, "127.0.9.5");
    stage.await("all is well", network::well);
    assertEquals(data, stage.user.get(SECRETS + "made-rpc").path("data"));
    assertEquals(uids, uids(network));
  }

  /** Before something is made again the controller asks whether the network is still there. */
  @Test
  void aRefusedLookAtTheNetworkKeepsNoNodeFromBeingTold() throws Exception {
    var network = stage.createComplete("refused", 2);
    var faults = stage.cluster.api().faults();
    faults.inject(
        Fault.FORBIDDEN,
        r ->
            r.method().equals("GET")
                && r.path().equals(network.path())
                && r.header("User-Agent").startsWith("bitcoin-controller/"),
        10_000);
    try {
      stage.user.delete("/api/v1/namespaces/default/services/refused-svc");
      declare(network, "127.0.9.6");
    } finally {
      faults.clear();
    }
    stage.await("all is well", network::well);
  }

  @Test
  void aDeletedNetworkThatAFinalizerHoldsIsToldOfTrulyAndLeftAlone() throws Exception {
    var network = stage.createComplete("going", 2);
    stage.user.patch(network.path(), "{\"metadata\":{\"finalizers\":[\"example.org/hold\"]}}");
    stage.user.delete(network.path());
    stage.awaitReason(network, "Ready", "Deleting");
    var events = network.events();
    stage.user.delete("/api/v1/namespaces/default/services/going-svc");
    stage.user.delete(SECRETS + "bitcoin-default-secret");
    stage.user.delete(network.statefulSetPath());
    stage.await(
        "a status without pods",
        () -> {
          var status = network.status();
          return status.path("readyReplicas").asInt(9) == 0
                  && status.at("/nodes/0/ip").asText("?").isEmpty()
              ? new Seen.Good("")
              : new Seen.NotYet("no pods", status.toString());
        });
    var requests = stage.cluster.api().requests().entries();
    var writes =
        requests.stream()
            .filter(r -> !r.method().equals("GET") && r.path().contains("going"))
            .filter(r -> r.path().startsWith("/api") && !r.path().startsWith(GROUP))
            .filter(r -> r.method().equals("PATCH"))
            .toList();
    assertEquals(List.of(), writes);
    var made =
        stage.controller().lines().stream()
            .filter(line -> line.contains(" created network=default/going "))
            .toList();
    assertEquals(3, made.size(), made::toString); // of its beginning, one a child
    assertEquals(events, network.events());
    stage.user.patch(network.path(), "{\"metadata\":{\"finalizers\":null}}");
    stage.await("it is gone", () -> gone(network));
    makeSecret("bitcoin-default-secret", "{BC_RPC_USER: user, BC_RPC_PASSWORD: password}");
    assertTrue(network.pods().isEmpty());
  }

  private Seen gone(Network network) throws IOException, InterruptedException {
    var all = stage.user.get(GROUP + "namespaces/default/bitcoinnetworks");
    return all.path("items").findValuesAsText("name").contains(network.name())
        ? new Seen.NotYet("no " + network.name(), "it is there")
        : new Seen.Good("");
  }
}
