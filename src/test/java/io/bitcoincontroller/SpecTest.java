package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.yaml.Yaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of a changed spec: one that can't be carried out changes nothing that runs. */
final class SpecTest extends OnStage {
  /** Somebody's; nobody spends here. */
  private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

  private Network network;

  @BeforeAll
  void start() throws Exception {
    network = stage.createComplete("running", 2);
  }

  private List<String> pods() throws Exception {
    return network.pods().stream().map(pod -> pod.metadata().uid()).toList();
  }

  @Test
  void whatTheSchemaRefusesNamesTheFieldAndChangesNothing() throws Exception {
    var before = stage.user.get(network.path()).path("spec");
    for (var spec :
        List.of(
            "{nodes: 501}",
            "{nodes: -1}",
            "{nodes: 2, topology: Ring}",
            "{nodes: 2, links: ['0-500']}",
            "{nodes: 2, partition: [[-1]]}",
            "{nodes: 2, partition: [[]]}",
            "{nodes: 2, peers: ['a b']}")) {
      var reply = stage.user.tryToApply(Network.manifest("running", spec));
      var failure = assertInstanceOf(Reply.Failure.class, reply, spec);
      assertEquals(422, failure.code(), spec);
      var field = spec.contains(", ") ? spec.replaceAll(".*, (\\w+):.*", "$1") : "nodes";
      assertTrue(failure.message().contains("spec." + field), failure.text());
    }
    assertEquals(before, stage.user.get(network.path()).path("spec"));
  }

  @Test
  void whatOnlyTheControllerCanRefuseIsAConditionAndAnEventAndTheNodesGoOn() throws Exception {
    var pods = pods();
    stage.change(network, "{\"peers\": [\"10.1.2.3:99999\"], \"nodes\": 1}");
    var condition = stage.awaitReason(network, "Ready", "InvalidSpec");
    assertEquals("False", condition.path("status").asText());
    assertTrue(
        condition.path("message").asText().contains("spec.peers: \"10.1.2.3:99999\" is no address"),
        condition::toString);
    stage.awaitWarning(network, "InvalidSpec");
    assertEquals(pods, pods());
    assertTrue(network.pods().stream().allMatch(Pod::ready));
    stage.change(network, "{\"peers\": null, \"nodes\": 2}");
    stage.awaitComplete(network, 2);
    assertEquals(pods, pods());
  }

  @Test
  void aNameThatAnOlderCustomResourceLetInAndIsTooLongForPodsMakesNothing() throws Exception {
    var older = (ObjectNode) Yaml.readOne(Files.readString(Stage.MANIFESTS.resolve("crd.yaml")));
    ((ObjectNode) older.at("/spec/versions/0/schema/openAPIV3Schema/properties"))
        .remove("metadata");
    stage.user.apply(older);
    var name = "n".repeat(49);
    var tooLong = stage.create(name, "{nodes: 1}");
    var condition = stage.awaitReason(tooLong, "Ready", "InvalidSpec");
    assertTrue(condition.path("message").asText().startsWith("metadata.name: at most 48"));
    stage.awaitWarning(tooLong, "InvalidSpec");
    var set = new ObjectKey("default", name + "-sts");
    assertTrue(stage.cluster.storage().get(Kind.STATEFUL_SETS, set).isEmpty());
  }

  @Test
  void whereNoSecretIsNamedOneIsMadeForThisNetworkAlone() throws Exception {
    var made = stage.create("made", "{nodes: 2}");
    stage.awaitComplete(made, 2);
    var secret = stage.user.get("/api/v1/namespaces/default/secrets/made-rpc");
    var owner = secret.at("/metadata/ownerReferences/0");
    assertEquals(stage.user.get(made.path()).at("/metadata/uid"), owner.path("uid"));
    var password = text(secret, "BC_RPC_PASSWORD");
    assertTrue(password.length() >= 32, "a short password");
    var set = stage.user.get(made.statefulSetPath()).toString();
    assertFalse(set.contains(password), "the password is in the pods");
    assertFalse(String.join("\n", stage.controller().lines()).contains(password), "it was logged");
  }

  private static String text(JsonNode secret, String key) {
    var bytes = Base64.getDecoder().decode(secret.path("data").path(key).asText());
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Secrets are not watched: a change of the spec has them read again. */
  @Test
  void aChangedSecretAndConfigurationReachThePodsAndTheControllerFollows() throws Exception {
    applySecret("first");
    var rolled = stage.create("rolled", "{nodes: 3, secret: changing}");
    stage.awaitComplete(rolled, 3);
    rolled.bitcoinCli(rolled.podName(0), "generatetoaddress", "101", ADDRESS);
    stage.await("101 blocks on all nodes", () -> Judge.synced(rolled.chains(3), 101));
    var before = rpcAuth(rolled);
    applySecret("second");
    stage.change(rolled, "{\"config\": [\"uacomment=changed\"]}");
    stage.awaitRolledOut(rolled, 3);
    assertNotEquals(before, rpcAuth(rolled));
    stage.await("the chain is there still", () -> Judge.synced(rolled.chains(3), 101));
    var refused = stage.controller().lines().stream().filter(l -> l.contains("CredentialsRefused"));
    assertEquals(List.of(), refused.toList(), "rolling is no error");
    for (var node : List.of(0, 1, 2)) {
      var info = rolled.bitcoinCli(rolled.podName(node), "getnetworkinfo");
      assertTrue(info.path("subversion").asText().contains("(changed)"), info::toString);
    }
  }

  private void applySecret(String password) throws Exception {
    stage.user.apply(
        Yaml.readOne(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: changing, namespace: default}
            stringData: {BC_RPC_USER: user, BC_RPC_PASSWORD: %s}
            """
                .formatted(password)));
  }

  private String rpcAuth(Network of) throws Exception {
    var container = stage.user.get(of.statefulSetPath()).at("/spec/template/spec/containers/0");
    return StreamSupport.stream(container.path("args").spliterator(), false)
        .map(JsonNode::asText)
        .filter(argument -> argument.startsWith("-rpcauth="))
        .findFirst()
        .orElseThrow();
  }
}
