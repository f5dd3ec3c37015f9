package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Faults.Fault;
import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.http.HttpRequest;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The metrics, alerts and dashboard of manifests/monitoring. Each situation that an alert is for is
 * brought about on a local cluster with real nodes, and scraped twice; Prometheus' promtool then
 * judges the rules on half an hour of the same.
 */
@Timeout(300)
@TestInstance(Lifecycle.PER_CLASS)
final class MonitoringTest {
  private static final Path MONITORING = Stage.MANIFESTS.resolve("monitoring");
  private static final Duration BOOKMARKS = Duration.ofMillis(400);

  /** Five bookmarks that did not come. */
  private static final double BLIND_SECONDS = 2;

  /** Two somebodies'; nobody spends here. */
  private static final List<String> ADDRESSES =
      List.of(
          "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080",
          "bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry");

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

  /** Each replica as the product wires it, in this process. */
  private final class Replica implements AutoCloseable {
    final String pod;
    final Metrics metrics = new Metrics();
    final RequestMetrics requests = new RequestMetrics(metrics);
    final ApiServer api;
    final BitcoindClient bitcoind = new BitcoindClient(requests);
    final ControllerProcess process;

    Replica(String pod) throws Exception {
      this.pod = pod;
      var run =
          (Config.CommandLine.Run)
              Config.parse(
                  "--bind-address=127.0.0.1:0",
                  "--leader-elect-lease-duration=30s",
                  "--leader-elect-renew-deadline=20s",
                  "--leader-elect-retry-period=200ms");
      api = new ApiServer(User.access(stage.cluster.kubeconfig()), pod, requests);
      process =
          new ControllerProcess(
              run.config(), api, bitcoind, Optional.of(LEASE), () -> {}, metrics, log.log);
      process.start();
      replicas.add(this);
    }

    Scrape scrape() throws IOException, InterruptedException {
      return Scrape.of(process.httpAddress(), pod);
    }

    @Override
    public void close() throws InterruptedException {
      process.stop();
      process.close();
      bitcoind.close();
      api.close();
    }
  }

  /** What promtool is given, and the alert that has to fire; empty: none. */
  private record Situation(Map<String, String> input, String alert) {}

  private static final ObjectKey LEASE = new ObjectKey("default", "bitcoin-controller");

  private final LogLines log = new LogLines();
  private final List<Replica> replicas = new ArrayList<>();
  private final Map<String, Situation> situations = new LinkedHashMap<>();
  private Stage stage;
  private Replica leader;

  /** Of the leader, when all was there. */
  private Scrape whole;

  @BeforeAll
  void bringAbout(@TempDir Path folder) throws Exception {
    // a watch without a first state in it, which a stalled one would never end
    var api = LocalApiServer.Options.ordinary().withBookmarks(BOOKMARKS).withStreamingLists(false);
    stage = new Stage(folder.resolve("stage"), options -> options.withApi(api));
    leader = new Replica("first");
    stage.createComplete("well", 2);
    scraped("well", "bitcoin_network_condition", 3);
    situations.put("all is well", goesOn(leader, BLIND_SECONDS, _ -> true, ""));
    fork();
    stuck();
    passErrors();
    whole = leader.scrape();
    stage.user.delete(new Network(stage.cluster, stage.user, "stuck").path());
    scraped("stuck", "bitcoin_network_condition", 0);
    assertFalse(leader.scrape().text().contains("\"stuck\""), "series of a network that is gone");
    var second = blind();
    noLeader(second);
  }

  @AfterAll
  void close() throws Exception {
    stage.cluster.api().faults().clear();
    for (var replica : replicas) {
      replica.close();
    }
    stage.close();
  }

  /** Waits until the leader's series of a network have this sum. */
  private void scraped(String network, String name, double sum) throws InterruptedException {
    stage.await(
        network + ": " + name + " " + sum,
        () -> {
          var now = leader.scrape().sum(name, "name=\"" + network + "\"");
          return now == sum ? new Seen.Good("") : new Seen.NotYet("" + sum, "" + now);
        });
  }

  /** Scrapes twice, so long apart. */
  private Situation goesOn(Replica replica, double seconds, Predicate<String> which, String alert)
      throws IOException, InterruptedException {
    var first = replica.scrape();
    stage.await(
        "time goes on",
        () ->
            System.nanoTime() - first.nanos() > seconds * 1e9
                ? new Seen.Good("")
                : new Seen.NotYet("a later moment", "too soon"));
    return new Situation(first.goesOn(replica.scrape(), BLIND_SECONDS, which), alert);
  }

  /** What concerns no network, and this one. */
  private static Predicate<String> about(String network) {
    return name -> !name.contains("namespace=") || name.contains("name=\"" + network + "\"");
  }

  private void fork() throws Exception {
    var network = stage.createComplete("forked", 2);
    mine(network, 0);
    scraped("forked", "bitcoin_network_height_lowest", 1);
    var block = network.bitcoinCli(network.podName(1), "getbestblockhash").asText();
    network.bitcoinCli(network.podName(1), "invalidateblock", block);
    mine(network, 1);
    touch(network);
    scraped("forked", "bitcoin_network_best_blocks", 2);
    situations.put("a fork", goesOn(leader, 0, about("forked"), "BitcoinNetworkForked"));
  }

  private static void mine(Network network, int node) throws IOException, InterruptedException {
    var to = ADDRESSES.get(node);
    network.bitcoinCli(network.podName(node), "generatetoaddress", "1", to);
  }

  /** Looks are up to half a minute apart; who changes the object gets one at once. */
  private void touch(Network touched) throws IOException, InterruptedException {
    stage.user.patch(touched.path(), "{\"metadata\":{\"annotations\":{\"touched\":\"yes\"}}}");
  }

  /** No room for its pods. */
  private void stuck() throws Exception {
    stage.cluster.quota("default", 4);
    stage.create("stuck", "{nodes: 1}");
    scraped("stuck", "bitcoin_network_nodes_wanted", 1);
    situations.put("a stuck network", goesOn(leader, 0, about("stuck"), "BitcoinNetworkStuck"));
  }

  private void passErrors() throws Exception {
    stage
        .cluster
        .api()
        .faults()
        .inject(Fault.INTERNAL_ERROR, request -> ofStatus(request, "erring"), 1_000_000);
    stage.create("erring", "{nodes: 0}");
    var before = failures();
    stage.await("a pass fails", () -> more(before));
    var first = leader.scrape();
    var then = failures();
    stage.await("it fails again", () -> more(then));
    var input = first.goesOn(leader.scrape(), BLIND_SECONDS, about("none"));
    situations.put("passes fail", new Situation(input, "BitcoinControllerPassErrors"));
    stage.cluster.api().faults().clear();
  }

  private static boolean ofStatus(HttpRequest request, String network) {
    return request.path().endsWith("/bitcoinnetworks/" + network + "/status");
  }

  private double failures() throws IOException, InterruptedException {
    return leader.scrape().sum("controller_runtime_reconcile_errors_total");
  }

  private Seen more(double before) throws IOException, InterruptedException {
    var now = failures();
    return now > before ? new Seen.Good("") : new Seen.NotYet("over " + before, "" + now);
  }

  /** A second replica, which stands by. It lists the pods, and its watch of them stays silent. */
  private Replica blind() throws Exception {
    stage.cluster.api().faults().inject(Fault.STALL, MonitoringTest::ofPods, 1_000_000);
    var second = new Replica("second");
    stage.await(
        "the watch is blind",
        () -> {
          var age = second.scrape().sum("cache_proved_age_seconds", "resource=\"pods\"");
          var other = second.scrape().sum("cache_proved_age_seconds", "statefulsets");
          return age > BLIND_SECONDS && other < BLIND_SECONDS
              ? new Seen.Good("")
              : new Seen.NotYet("old pods", age + " beside " + other);
        });
    var input = new LinkedHashMap<String, String>();
    // it is the first replica that leads
    input.putAll(goesOn(second, BLIND_SECONDS, name -> !isElection(name), "").input());
    input.putAll(goesOn(leader, 0, MonitoringTest::isElection, "").input());
    situations.put("a blind watch", new Situation(input, "BitcoinControllerWatchBlind"));
    return second;
  }

  private static boolean ofPods(HttpRequest request) {
    return request.path().endsWith("/pods") && request.query().containsKey("watch");
  }

  private static boolean isElection(String name) {
    return name.startsWith("leader_election");
  }

  /** Somebody else has taken the lease, and does nothing with it. */
  private void noLeader(Replica second) throws Exception {
    var path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/bitcoin-controller";
    var spec = "{\"spec\":{\"holderIdentity\":\"nobody\",\"renewTime\":\"%s\"}}";
    stage.user.patch(path, spec.formatted(Instant.now()));
    stage.await(
        "the lease is lost",
        () -> {
          var leads = leader.scrape().sum("leader_election_master_status");
          return leads == 0 ? new Seen.Good("") : new Seen.NotYet("no leader", "" + leads);
        });
    var input = new LinkedHashMap<String, String>();
    for (var replica : List.of(leader, second)) {
      input.putAll(goesOn(replica, 0, name -> !name.contains("_age_"), "").input());
    }
    situations.put("no leader", new Situation(input, "BitcoinControllerNoLeader"));
    assertEquals(Set.of(), ofNetworks(leader.scrape()), "of networks that another looks after");
  }

  private static Set<String> ofNetworks(Scrape scrape) {
    var names = new TreeSet<String>();
    scrape.series().keySet().stream().filter(n -> n.contains("namespace=")).forEach(names::add);
    return names;
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
    situations.forEach((name, situation) -> add(tests, name, situation));
    var tried = Files.writeString(folder.resolve("tests.json"), file.toPrettyString());
    var ran = promtool.run("", List.of("test", "rules", tried.toString()));
    assertEquals(0, ran.code(), () -> ran.output() + "\n" + log);
    var alerts = new TreeSet<String>();
    rules().at("/groups/0/rules").forEach(rule -> alerts.add(rule.path("alert").asText()));
    var tries = new TreeSet<String>();
    situations.values().forEach(situation -> tries.add(situation.alert()));
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
