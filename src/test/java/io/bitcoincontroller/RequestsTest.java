package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a network costs the API server. But for creating the network nothing here asks it over HTTP:
 * the requests that it counts are the controller's alone.
 */
final class RequestsTest {
  private static final ObjectKey NETWORK = new ObjectKey("default", "counted");

  private static final int NODES = 3;

  /** Of a test whose API server streams no lists, as all before Kubernetes 1.32. */
  private static final String PAGES = "pages";

  private Stage stage;

  @BeforeEach
  void start(@TempDir Path folder, TestInfo test) throws Exception {
    var pages = test.getTags().contains(PAGES);
    var api = LocalApiServer.Options.ordinary().withStreamingLists(!pages);
    stage = new Stage(folder, options -> options.withApi(api));
    stage.startController();
    stage.await("its caches are synced", this::synced);
    stage.cluster.api().requests().clear();
    stage.create(NETWORK.name(), "{nodes: " + NODES + "}");
    stage.await("the network is well", this::well);
    stage.await("an event says so", this::told);
  }

  @AfterEach
  void end() throws IOException {
    stage.close();
  }

  private Kind kind() {
    var group = "bitcoincontroller.christianb93.github.com";
    return stage.cluster.api().storageKind(group, "v1", "bitcoinnetworks");
  }

  private Seen synced() throws IOException, InterruptedException {
    var answer = stage.controller().get("/readyz");
    return answer.statusCode() == 200 ? new Seen.Good("") : new Seen.NotYet("200", answer.body());
  }

  private Seen told() {
    return stage.cluster.api().requests().entries().stream()
            .anyMatch(entry -> entry.path().endsWith("/events") && entry.code() == 201)
        ? new Seen.Good("")
        : new Seen.NotYet("an event", "none");
  }

  private Seen well() {
    var network = stage.cluster.storage().get(kind(), NETWORK).orElseThrow();
    var conditions = network.at("/status/conditions").findValuesAsText("status");
    return conditions.toString().equals("[True, True, True]")
        ? new Seen.Good("")
        : new Seen.NotYet("three times True", conditions.toString());
  }

  /**
   * Seven: the Secret and three children are made, and one event and one status report it. Nodes
   * that come up more than five seconds apart cost another status and an event; then what was
   * created has an event of its own. The disruption budget takes two of them, one to see that no
   * other budget selects the pods; a network with {@code disruptionBudget: false} does without.
   */
  @Test
  void aNewNetworkCostsSevenAndOneThatIsWellNone() throws Exception {
    var counts = new TreeMap<String, Integer>();
    for (var entry : stage.cluster.api().requests().entries()) {
      if (entry.path().endsWith("/bitcoinnetworks/counted") || entry.path().endsWith("/v1")) {
        continue; // that was the user
      }
      if (entry.path().endsWith("/v1/poddisruptionbudgets") || entry.path().equals("/version")) {
        continue; // the start, beside which the first networks are served
      }
      counts.merge(entry.method() + " " + entry.code() + " " + entry.path(), 1, Integer::sum);
    }
    var events =
        counts.getOrDefault("POST 201 /apis/events.k8s.io/v1/namespaces/default/events", 0);
    var statuses = sum(counts, "/status");
    assertTrue(events <= 1 + statuses && statuses <= 1 + NODES, counts::toString);
    assertEquals(5, sum(counts, "") - events - statuses, counts::toString);
    var namespace = "/namespaces/default/";
    for (var once :
        new String[] {
          "GET 200 /apis/policy/v1" + namespace + "poddisruptionbudgets",
          "POST 201 /apis/policy/v1" + namespace + "poddisruptionbudgets",
          "POST 201 /api/v1" + namespace + "secrets",
          "POST 201 /api/v1" + namespace + "services",
          "POST 201 /apis/apps/v1" + namespace + "statefulsets"
        }) {
      assertEquals(1, counts.get(once), counts::toString);
    }
    assertEquals(0, metric("rest_client_requests_total{code=\"201\",method=\"PATCH\"}"));
    // heights and numbers of peers are told up to ten seconds late
    stage.await("two looks without a request", this::quietLooks);
  }

  /** Items of a list that is not streamed name no kind. */
  @Tag(PAGES)
  @Test
  void afterARestartOneThatIsWellCostsItsSecret() throws Exception {
    stage.await("all numbers are reported", this::quietLooks);
    stage.controller().kill();
    stage.cluster.api().requests().clear();
    stage.startController();
    stage.await("its caches are synced", this::synced);
    stage.await("two looks without a request", this::quietLooks);
    assertEquals(0, metric("rest_client_requests_total{code=\"200\",method=\"PATCH\"}"));
  }

  private static int sum(Map<String, Integer> counts, String end) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(end))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private int metric(String series) throws IOException, InterruptedException {
    return stage
        .controller()
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToInt(line -> Integer.parseInt(line.substring(series.length() + 1)))
        .sum();
  }

  private Seen quietLooks() throws IOException, InterruptedException {
    stage.cluster.api().requests().clear();
    for (var look = 0; look < 2; look++) {
      var before = stage.passes();
      stage.cluster.storage().update(kind(), NETWORK, touched());
      stage.await("another look", () -> stage.morePasses(before));
    }
    var entries = stage.cluster.api().requests().entries();
    return entries.isEmpty() ? new Seen.Good("") : new Seen.NotYet("none", entries.toString());
  }

  /** An event of its network makes the controller look at once. */
  private static UnaryOperator<ObjectNode> touched() {
    var now = Long.toString(System.nanoTime());
    return network -> {
      network.withObject("/metadata/annotations").put("touched", now);
      return network;
    };
  }
}
