package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.local.api.Faults.Fault;
import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.http.HttpRequest;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.observe.LogLines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The situations that the alerts are for, brought about one after the other on a local cluster with
 * real nodes, and each scraped twice.
 */
final class Situations {
  private static final Duration BOOKMARKS = Duration.ofMillis(400);

  /** Five bookmarks that did not come. */
  private static final double BLIND_SECONDS = 2;

  /** Two somebodies'; nobody spends here. */
  private static final List<String> ADDRESSES =
      List.of(
          "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080",
          "bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry");

  /** What promtool is given, and the alert that has to fire; empty: none. */
  record Situation(Map<String, String> input, String alert) {}

  final LogLines log = new LogLines();

  /** By what they are called. */
  final Map<String, Situation> all = new LinkedHashMap<>();

  private final List<Replica> replicas = new ArrayList<>();
  private final Stage stage;
  private final Replica leader;

  /** Starts the cluster, and a controller. */
  Situations(Path folder) throws Exception {
    // a watch without a first state in it, which a stalled one would never end
    var api = LocalApiServer.Options.ordinary().withBookmarks(BOOKMARKS).withStreamingLists(false);
    stage = new Stage(folder, options -> options.withApi(api));
    leader = start("first");
  }

  /** Brings them about, and returns a scrape of the leader when all is there. */
  Scrape bringAbout() throws Exception {
    stage.createComplete("well", 2);
    scraped("well", "bitcoin_network_condition", 3);
    all.put("all is well", goesOn(leader, BLIND_SECONDS, _ -> true, ""));
    fork();
    stuck();
    passErrors();
    var whole = leader.scrape();
    stage.user.delete(new Network(stage.cluster, stage.user, "stuck").path());
    stage.await("no series of a network that is gone", () -> without("\"stuck\""));
    var second = blind();
    noLeader(second);
    return whole;
  }

  void end() throws IOException, InterruptedException {
    stage.cluster.api().faults().clear();
    for (var replica : replicas) {
      replica.stop();
    }
    stage.close();
  }

  private Replica start(String pod) throws Exception {
    var replica = new Replica(pod, stage.cluster.kubeconfig(), log.log);
    replicas.add(replica);
    return replica;
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

  private Seen without(String words) throws IOException, InterruptedException {
    var text = leader.scrape().text();
    return text.contains(words) ? new Seen.NotYet("none", words) : new Seen.Good("");
  }

  /** Scrapes twice, at least so long apart, and until all but the blind watches were heard of. */
  private Situation goesOn(Replica replica, double seconds, Predicate<String> which, String alert)
      throws IOException, InterruptedException {
    var first = replica.scrape();
    var scrapes = new ArrayList<Scrape>();
    stage.await(
        "time goes on, and watches do",
        () -> {
          var now = replica.scrape();
          scrapes.add(now);
          var silent = first.notResetUntil(now);
          silent.removeIf(name -> !which.test(name) || isBlind(name, replica));
          return now.nanos() - first.nanos() > seconds * 1e9 && silent.isEmpty()
              ? new Seen.Good("")
              : new Seen.NotYet("a later moment", silent.toString());
        });
    return new Situation(first.goesOn(scrapes.getLast(), BLIND_SECONDS, which), alert);
  }

  private boolean isBlind(String name, Replica replica) {
    return replica != leader && name.contains("resource=\"pods\"");
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
    all.put("a fork", goesOn(leader, 0, about("forked"), "BitcoinNetworkForked"));
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
    all.put("a stuck network", goesOn(leader, 0, about("stuck"), "BitcoinNetworkStuck"));
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
    all.put("passes fail", new Situation(input, "BitcoinControllerPassErrors"));
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
    stage.cluster.api().faults().inject(Fault.STALL, Situations::ofPods, 1_000_000);
    var second = start("second");
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
    input.putAll(goesOn(leader, 0, Situations::isElection, "").input());
    all.put("a blind watch", new Situation(input, "BitcoinControllerWatchBlind"));
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
    stage.user.patch(
        path, "{\"spec\":{\"holderIdentity\":\"nobody\",\"renewTime\":\"" + Instant.now() + "\"}}");
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
    all.put("no leader", new Situation(input, "BitcoinControllerNoLeader"));
    assertEquals(Set.of(), ofNetworks(leader.scrape()), "of networks that another looks after");
  }

  private static Set<String> ofNetworks(Scrape scrape) {
    var names = new TreeSet<String>();
    scrape.series().keySet().stream().filter(n -> n.contains("namespace=")).forEach(names::add);
    return names;
  }
}
