package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Troubles that only a person can end: each is told by a condition and an event, nothing is touched
 * and nothing used in its place, and it is over soon after the repair, by itself.
 */
final class NeedsAPersonTest {
  private static final String GOOD = "{BC_RPC_USER: user, BC_RPC_PASSWORD: password}";

  /**
   * A trouble.
   *
   * @param network in trouble; of its name is the Secret that it wants, too
   * @param object path of what is in the way or broken; that of the Secret may lead to nothing
   * @param begin the manifest that makes the trouble; empty if nothing has to be there
   */
  private record Trouble(String network, String reason, String says, String object, String begin) {
    boolean ofSecret() {
      return object.contains("/secrets/");
    }
  }

  private static Trouble secret(String network, String reason, String says, String stringData) {
    return new Trouble(
        network,
        reason,
        "Secret " + network + " " + says,
        "/api/v1/namespaces/default/secrets/" + network,
        stringData.isEmpty() ? "" : secret(network, stringData));
  }

  private static String secret(String name, String stringData) {
    return """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s, namespace: default}
        stringData: %s
        """
        .formatted(name, stringData);
  }

  private static final List<Trouble> TROUBLES =
      List.of(
          secret("missing", "SecretMissing", "does not exist; make it: kubectl create", ""),
          secret(
              "halved", "SecretIncomplete", "lacks the key BC_RPC_PASSWORD", "{BC_RPC_USER: user}"),
          secret(
              "colon",
              "SecretUnusable",
              "has a BC_RPC_USER with a colon",
              "{BC_RPC_USER: 'us:er', BC_RPC_PASSWORD: password}"),
          new Trouble(
              "service",
              "ObjectInTheWay",
              "Service service-svc is there already",
              "/api/v1/namespaces/default/services/service-svc",
              """
              apiVersion: v1
              kind: Service
              metadata: {name: service-svc, namespace: default}
              spec: {clusterIP: None, ports: [{port: 80, protocol: TCP}]}
              """),
          new Trouble(
              "set",
              "ObjectInTheWay",
              "StatefulSet set-sts is there already",
              "/apis/apps/v1/namespaces/default/statefulsets/set-sts",
              """
              apiVersion: apps/v1
              kind: StatefulSet
              metadata: {name: set-sts, namespace: default}
              spec:
                replicas: 0
                serviceName: x
                selector: {matchLabels: {app: x}}
                template:
                  metadata: {labels: {app: x}}
                  spec: {containers: [{name: x, image: x}]}
              """));

  private Stage stage;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    stage = new Stage(folder);
    stage.startController();
  }

  @AfterEach
  void end() throws IOException {
    stage.close();
  }

  /** One test: all wait side by side for the look that finds them repaired. */
  @Test
  void eachIsToldLeftAloneAndOverSoonAfterItsRepair() throws Exception {
    var before = new ArrayList<JsonNode>();
    for (var trouble : TROUBLES) {
      before.add(begin(trouble));
    }
    for (var i = 0; i < TROUBLES.size(); i++) {
      assertTold(TROUBLES.get(i));
      assertEquals(before.get(i), object(TROUBLES.get(i)));
    }
    // without credentials, or with a bitcoin.conf of somebody else's, no pod is started
    for (var name : List.of("missing", "halved", "colon", "conf", "set")) {
      assertEquals(List.of(), network(name).pods(), name);
    }
    for (var trouble : TROUBLES) {
      repair(trouble);
    }
    for (var trouble : TROUBLES) {
      stage.awaitComplete(network(trouble.network()), 1);
    }
  }

  private JsonNode begin(Trouble trouble) throws Exception {
    var own = secret(trouble.network(), GOOD);
    for (var manifest :
        trouble.ofSecret() ? List.of(trouble.begin()) : List.of(trouble.begin(), own)) {
      if (!manifest.isEmpty()) {
        stage.user.apply(Yaml.readOne(manifest));
      }
    }
    if (trouble.object().contains("/statefulsets/")) {
      stage.await("its controller has seen it", () -> observed(trouble));
    }
    var object = object(trouble);
    stage.create(trouble.network(), "{nodes: 1, secret: %s}".formatted(trouble.network()));
    return object;
  }

  private Seen observed(Trouble trouble) throws IOException, InterruptedException {
    var status = stage.user.get(trouble.object()).path("status");
    return status.path("observedGeneration").asInt() == 1
        ? new Seen.Good("")
        : new Seen.NotYet("generation 1", status.toString());
  }

  private JsonNode object(Trouble trouble) throws Exception {
    return trouble.begin().isEmpty() ? MissingNode.getInstance() : stage.user.get(trouble.object());
  }

  private Network network(String name) {
    return new Network(stage.cluster, stage.user, name);
  }

  private void assertTold(Trouble trouble) throws Exception {
    var network = network(trouble.network());
    var condition = stage.awaitReason(network, "Ready", trouble.reason());
    assertEquals("False", condition.path("status").asText());
    assertTrue(condition.path("message").asText().startsWith(trouble.says()), condition::toString);
    stage.awaitWarning(network, trouble.reason());
  }

  private void repair(Trouble trouble) throws Exception {
    if (trouble.ofSecret()) {
      stage.user.apply(Yaml.readOne(secret(trouble.network(), GOOD)));
    } else {
      stage.user.delete(trouble.object());
    }
  }
}
