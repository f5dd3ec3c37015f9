package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.Situations.Situation;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The metrics, alerts and dashboard of manifests/monitoring. Prometheus' promtool judges the alerts
 * on half an hour of each of the {@link Situations}.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
@TestInstance(Lifecycle.PER_CLASS)
final class MonitoringTest {
  private static final Path MONITORING = Stage.MANIFESTS.resolve("monitoring");

  /** Names that dashboards of client-go and controller-runtime know. */
  private static final List<String> KNOWN =
      List.of(
          "workqueue_depth",
          "workqueue_adds_total",
          "workqueue_queue_duration_seconds_bucket",
          "workqueue_work_duration_seconds_bucket",
          "workqueue_unfinished_work_seconds",
          "workqueue_longest_running_processor_seconds",
          "workqueue_retries_total",
          "controller_runtime_reconcile_total",
          "controller_runtime_reconcile_errors_total",
          "controller_runtime_reconcile_time_seconds_bucket",
          "controller_runtime_max_concurrent_reconciles",
          "controller_runtime_active_workers",
          "rest_client_requests_total",
          "rest_client_request_duration_seconds_bucket",
          "leader_election_master_status");

  /** A name in a PromQL expression that is no function, no word of the language, and no label. */
  private static final Pattern NAME = Pattern.compile("\\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\\b(?!\\()");

  private Situations situations;
  private Scrape whole;

  @BeforeAll
  void bringAbout(@TempDir Path folder) throws Exception {
    situations = new Situations(folder.resolve("stage"));
    whole = situations.bringAbout();
  }

  @AfterAll
  void close() throws Exception {
    situations.end();
  }

  private static JsonNode rules() throws IOException {
    return Yaml.readOne(Files.readString(MONITORING.resolve("alerts.yaml"))).path("spec");
  }

  private static JsonNode dashboard() throws IOException {
    return Json.MAPPER.readTree(Files.readString(MONITORING.resolve("dashboard.json")));
  }

  @Test
  void eachAlertFiresInItsSituationAndNoOther(@TempDir Path folder) throws Exception {
    var promtool = Promtool.need(folder);
    Files.writeString(folder.resolve("rules.json"), rules().toString());
    var file = JsonNodeFactory.instance.objectNode().put("evaluation_interval", "1m");
    file.putArray("rule_files").add("rules.json");
    var tests = file.putArray("tests");
    situations.all.forEach((name, situation) -> add(tests, name, situation));
    var tried = Files.writeString(folder.resolve("tests.json"), file.toPrettyString());
    var ran = promtool.run("", List.of("test", "rules", tried.toString()));
    assertEquals(0, ran.code(), () -> ran.output() + "\n" + situations.log);
    var alerts = new TreeSet<String>();
    rules().at("/groups/0/rules").forEach(rule -> alerts.add(rule.path("alert").asText()));
    var tries = new TreeSet<String>();
    situations.all.values().forEach(situation -> tries.add(situation.alert()));
    tries.remove("");
    assertEquals(alerts, tries, "each alert has its situation");
  }

  private static void add(ArrayNode tests, String name, Situation situation) {
    var test = tests.addObject().put("name", name).put("interval", "1m");
    var input = test.putArray("input_series");
    situation.input().forEach((n, v) -> input.addObject().put("series", n).put("values", v));
    var asked = test.putArray("promql_expr_test").addObject().put("eval_time", "28m");
    asked.put("expr", "count by (alertname) (ALERTS{alertstate=\"firing\"})");
    var fires = asked.putArray("exp_samples");
    if (!situation.alert().isEmpty()) {
      var alert = "{alertname=\"" + situation.alert() + "\"}";
      fires.addObject().put("labels", alert).put("value", 1);
    }
  }

  @Test
  void eachAlertSaysWhatToDo() throws Exception {
    for (var rule : rules().at("/groups/0/rules")) {
      var alert = rule.path("alert").asText();
      assertTrue(rule.at("/annotations/summary").asText().length() > 30, alert);
      assertTrue(rule.at("/annotations/description").asText().length() > 200, alert);
      assertFalse(rule.at("/labels/severity").asText().isEmpty(), alert);
    }
  }

  @Test
  void prometheusReadsEveryExpression(@TempDir Path folder) throws Exception {
    var promtool = Promtool.need(folder);
    var all = rules().deepCopy();
    var group = ((ArrayNode) all.path("groups")).addObject().put("name", "dashboard");
    var records = group.putArray("rules");
    for (var expression : dashboardExpressions()) {
      var written = expression.replace("$__rate_interval", "5m").replaceAll("\\$\\w+", ".*");
      records.addObject().put("record", "panel:" + records.size()).put("expr", written);
    }
    var file = Files.writeString(folder.resolve("rules.json"), all.toString());
    var ran = promtool.run("", List.of("check", "rules", file.toString()));
    assertEquals(0, ran.code(), ran::output);
    assertTrue(records.size() > 20, ran::output);
  }

  private static List<String> dashboardExpressions() throws IOException {
    var expressions = new ArrayList<String>();
    for (var panel : dashboard().path("panels")) {
      panel.path("targets").forEach(target -> expressions.add(target.path("expr").asText()));
    }
    return expressions;
  }

  @Test
  void everyMetricThatTheyNameIsThere() throws Exception {
    var named = new TreeSet<>(KNOWN);
    var expressions = new ArrayList<>(dashboardExpressions());
    rules().at("/groups/0/rules").forEach(rule -> expressions.add(rule.path("expr").asText()));
    dashboard()
        .at("/templating/list")
        .forEach(each -> expressions.add(each.path("definition").asText().replaceAll(",.*", "")));
    for (var expression : expressions) {
      var bare = expression.replaceAll("\\{[^}]*}|\\b(by|le) \\([^)]*\\)|\\[[^]]*]", "");
      var names = NAME.matcher(bare);
      while (names.find()) {
        named.add(names.group());
      }
    }
    assertTrue(named.size() > KNOWN.size() + 10, named::toString);
    named.removeAll(whole.names());
    assertEquals(Set.of(), named, "named, and not scraped");
  }

  @Test
  void theDashboardsPanelsStandSideBySide() throws Exception {
    var taken = new TreeSet<String>();
    var ids = new TreeSet<Integer>();
    for (var panel : dashboard().path("panels")) {
      var title = panel.path("title").asText();
      assertFalse(title.isEmpty());
      assertTrue(ids.add(panel.path("id").asInt()), title);
      var place = panel.path("gridPos");
      for (var x = 0; x < place.path("w").asInt(); x++) {
        for (var y = 0; y < place.path("h").asInt(); y++) {
          var cell = (place.path("x").asInt() + x) + "," + (place.path("y").asInt() + y);
          assertTrue(taken.add(cell), title);
        }
      }
      assertTrue(place.path("x").asInt() + place.path("w").asInt() <= 24, title);
    }
  }

  @Test
  void prometheusHasNothingToSayAgainstTheNames(@TempDir Path folder) throws Exception {
    var promtool = Promtool.need(folder);
    var ran = promtool.run(whole.text(), List.of("check", "metrics"));
    assertEquals("", ran.output());
    assertEquals(0, ran.code());
  }

  @Test
  void aNetworksSeriesAreThoseOfItsLastPass() {
    var well = "name=\"well\"";
    assertEquals(2, whole.sum("bitcoin_network_nodes_wanted", well));
    assertEquals(2, whole.sum("bitcoin_network_nodes_ready", well));
    assertEquals(1, whole.sum("bitcoin_network_links_wanted", well));
    assertEquals(1, whole.sum("bitcoin_network_links_up", well));
    assertEquals(1, whole.sum("bitcoin_network_best_blocks", well));
    assertEquals(0, whole.sum("bitcoin_network_rollout_waiting", well));
    assertEquals(3, whole.sum("bitcoin_network_condition", well));
    assertEquals(1, whole.sum("bitcoin_network_height_highest", "name=\"forked\""));
    assertTrue(whole.sum("bitcoin_network_ready_to_meshed_seconds_count") >= 2);
    assertTrue(whole.sum("bitcoind_rpc_calls_total", "getpeerinfo", "\"success\"") > 3);
  }
}
