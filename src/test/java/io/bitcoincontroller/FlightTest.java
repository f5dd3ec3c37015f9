package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flight recorder of the shipped controller, on the local cluster. */
final class FlightTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD = "a-password-that-nobody-may-see";

  @TempDir private Path folder;

  private static List<JsonNode> record(Stage stage) throws IOException, InterruptedException {
    var entries = new ArrayList<JsonNode>();
    for (var line : stage.controller().get("/record").body().lines().toList()) {
      entries.add(JSON.readTree(line));
    }
    return entries;
  }

  private static List<JsonNode> of(List<JsonNode> entries, String kind) {
    return entries.stream().filter(entry -> entry.path("kind").asText().equals(kind)).toList();
  }

  @Test
  void aPassHasItsCausesWhatItSawAndWhatItDid() throws Exception {
    try (var nodes = new DoubleNetwork();
        var stage = Stage.simulated(folder, nodes)) {
      stage.startController();
      stage.user.patch(
          "/api/v1/namespaces/default/secrets/bitcoin-default-secret",
          "{\"stringData\": {\"BC_RPC_PASSWORD\": \"" + PASSWORD + "\"}}");
      var network = stage.create("seen", "{nodes: 3, secret: bitcoin-default-secret}");
      stage.await("a network", network::well);
      stage.user.patch(network.path(), "{\"spec\": {\"config\": [\"uacomment=new\"]}}");
      stage.await("a pass over the change of the spec has ended", () -> ended(stage));
      stage.await("all pods are of the new template", network::rolledOut);
      var entries = record(stage);

      var text = entries.toString();
      assertFalse(text.contains(PASSWORD), "the password");
      assertFalse(text.contains("Authorization"), "a header");

      var pass = passOverTheSpec(entries);
      var own = entries.stream().filter(e -> e.path("pass").equals(pass)).toList();
      var kinds = own.stream().map(e -> e.path("kind").asText()).collect(Collectors.toSet());
      assertTrue(kinds.containsAll(List.of("pass", "observed", "plan", "call", "end")), "" + own);
      var differences = of(own, "plan").getFirst().path("differences");
      var written =
          StreamSupport.stream(differences.spliterator(), false)
              .filter(each -> each.path("lane").asText().equals("objects"))
              .map(each -> each.path("target").asText())
              .toList();
      assertFalse(written.isEmpty(), "" + own);
      var targets = of(own, "call").stream().map(e -> e.path("target").asText()).toList();
      assertTrue(targets.containsAll(written), targets + " " + written);
      assertTrue(of(own, "pass").getFirst().path("waited").isNumber(), "" + own);
      var statuses = of(entries, "status").stream().map(e -> e.path("words").asText()).toList();
      assertTrue(statuses.stream().anyMatch(words -> words.contains("Meshed")), "" + statuses);
      assertEquals(
          List.of("default/seen"),
          own.stream().map(e -> e.path("network").asText()).distinct().toList());
    }
  }

  private static Seen ended(Stage stage) throws IOException, InterruptedException {
    var entries = record(stage);
    var pass = passOverTheSpec(entries);
    return of(entries, "end").stream().anyMatch(end -> end.path("pass").equals(pass))
        ? new Seen.Good("")
        : new Seen.NotYet("the end of a pass over the change of the spec", "pass " + pass);
  }

  /**
   * Number of the first pass that has a new generation among its causes, or of the one that follows
   * it where that one had to wait for the cache.
   */
  private static JsonNode passOverTheSpec(List<JsonNode> entries) {
    var changes =
        of(entries, "change").stream()
            .filter(e -> e.path("resource").asText().equals("bitcoinnetworks"))
            .filter(e -> e.path("words").asText().contains("generation 1 -> 2"))
            .map(e -> e.path("seq").asLong())
            .collect(Collectors.toSet());
    return of(entries, "pass").stream()
        .filter(
            pass ->
                StreamSupport.stream(pass.path("causes").spliterator(), false)
                    .anyMatch(cause -> changes.contains(cause.path("of").asLong())))
        .mapToLong(pass -> pass.path("pass").asLong())
        .boxed()
        .findFirst()
        .flatMap(first -> firstPlan(entries, first))
        .orElse(MissingNode.getInstance());
  }

  private static Optional<JsonNode> firstPlan(List<JsonNode> entries, long pass) {
    return of(entries, "plan").stream()
        .map(plan -> plan.path("pass"))
        .filter(number -> number.asLong() >= pass)
        .findFirst();
  }

  /** What the first lists have is no change, and whoever looks sees how things are. */
  @Test
  void aProcessThatBeginsLooksAtAllOnceAndAgainForAReader() throws Exception {
    try (var nodes = new DoubleNetwork();
        var stage = Stage.simulated(folder, nodes)) {
      stage.startController();
      var network = stage.create("quiet", "{nodes: 3}");
      stage.await("a network", network::well);
      stage.controller().close();
      stage.startController();
      stage.await("a pass", () -> passed(stage));
      var entries = record(stage);
      assertEquals("synced", of(entries, "pass").getFirst().at("/causes/0/cause").asText());
      assertTrue(of(entries, "change").stream().noneMatch(FlightTest::isNew), "" + entries);
      stage.await("a look for the reader", () -> lookedFor(stage));
    }
  }

  private static boolean isNew(JsonNode change) {
    return change.path("type").asText().equals("ADDED");
  }

  private static Seen passed(Stage stage) throws IOException, InterruptedException {
    var metrics = stage.controller().get("/metrics").body();
    return metrics
            .lines()
            .anyMatch(line -> line.matches("controller_runtime_reconcile_total.* [1-9].*"))
        ? new Seen.Good("")
        : new Seen.NotYet("a pass", metrics);
  }

  private static Seen lookedFor(Stage stage) throws IOException, InterruptedException {
    var entries = record(stage);
    var asked =
        of(entries, "cause").stream()
            .filter(cause -> cause.path("words").asText().equals("to look at the recording"))
            .mapToLong(cause -> cause.path("seq").asLong())
            .findFirst();
    var seen =
        of(entries, "observed").stream()
            .filter(entry -> entry.path("seq").asLong() > asked.orElse(Long.MAX_VALUE))
            .anyMatch(entry -> entry.path("nodes").size() == 3 || entry.has("same"));
    return seen ? new Seen.Good("") : new Seen.NotYet("an observation", "" + entries);
  }

  @Test
  void theSidesOfANetworkAreRecordedAndWhoDials() throws Exception {
    try (var nodes = new DoubleNetwork();
        var stage = Stage.simulated(folder, nodes)) {
      stage.startController();
      var spec = "{nodes: 3, topology: Custom, links: [\"2>0\"]}";
      stage.create("wired", spec);
      stage.await("all are ready and linked", () -> linked(stage));
      var observed = of(record(stage), "observed").stream().filter(FlightTest::isLinked).toList();
      var last = observed.getLast();
      assertEquals(JSON.readTree("[\"0,2\", \"1\"]"), last.path("sides"));
      var link = JSON.readTree("{\"from\": 2, \"to\": 0, \"state\": \"up\", \"oneWay\": true}");
      assertEquals(link, last.at("/links/0"));
      assertEquals("0", last.at("/nodes/2/shallList").asText());
      assertTrue(last.at("/nodes/0/shallList").isMissingNode(), "" + last);
    }
  }

  private static boolean isLinked(JsonNode observed) {
    return observed.at("/links/0/state").asText().equals("up");
  }

  private static Seen linked(Stage stage) throws IOException, InterruptedException {
    var entries = of(record(stage), "observed");
    return entries.stream().anyMatch(FlightTest::isLinked)
        ? new Seen.Good("")
        : new Seen.NotYet("a link that is up", "" + entries);
  }

  @Test
  void withoutAPageNothingIsServedAndNothingRecorded() throws Exception {
    try (var nodes = new DoubleNetwork();
        var stage = Stage.simulated(folder, nodes)) {
      var controller = stage.startController("--page=false");
      var network = stage.create("unseen", "{nodes: 2}");
      stage.await("a network", network::well);
      assertEquals(404, controller.get("/").statusCode());
      assertEquals(404, controller.get("/record").statusCode());
      assertTrue(controller.get("/metrics").body().contains("recorder_bytes 0\n"));
    }
  }
}
