package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.local.user.Graph;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.mesh.Partitioned;
import io.bitcoincontroller.mesh.Topology;
import io.bitcoincontroller.mesh.Wiring;
import io.bitcoincontroller.plan.Mining;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever is done to a network, and in whatever order: soon its graph is exactly as declared, by
 * the nodes' own word, and no block of a tallest chain is lost. {@code -Dsteps=200} takes more
 * steps, {@code -Dseed=7} the same ones again.
 */
final class RandomStepsTest extends OnRealNodes {
  private static final int STEPS = Integer.getInteger("steps", 6);
  private static final int MOST_NODES = 6;

  private interface Step {
    void take() throws Exception;
  }

  private final Long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Step> steps =
      List.of(
          this::split,
          this::split,
          this::join,
          this::mine,
          this::mine,
          this::mineByTheController,
          this::mineByTheController,
          this::mineNow,
          this::killAPod,
          this::scale,
          this::rollOut,
          this::killTheController);

  /** By the first words of the step. */
  private final Map<String, Duration> slowest = new TreeMap<>();

  /**
   * Pods that were ready at an edit of the partition, by UID; empty: their links are as declared.
   */
  private Set<String> present = Set.of();

  private long edited;

  private Network network;
  private int nodes = 4;
  private List<Set<Integer>> groups = List.of();
  private String did = "";
  private boolean minesByItself;

  /** The tips that were the tallest before the step; of several, any may stay. */
  private Set<String> tallest = Set.of();

  private long height;

  @BeforeAll
  void start() throws Exception {
    network = stage.createComplete("steps", nodes);
    network.bitcoinCli(network.podName(0), "generatetoaddress", "1", ADDRESS);
  }

  @Test
  void theGraphIsSoonAsDeclaredAndNoBlockOfATallestChainIsLost() throws Exception {
    System.out.println("random steps: seed " + seed);
    look();
    for (var step = 0; step < STEPS; step++) {
      steps.get(random.nextInt(steps.size())).take();
      var what = "seed " + seed + ", step " + step + ": " + did;
      var since = System.nanoTime();
      stage.await(what, this::asDeclared);
      thoseThatWerePresentAreLinked();
      took(did.replaceFirst(" (node )?[0-9\\[].*", ""), since);
      assertTrue(isKept(), () -> what + ": lost " + tallest);
      look();
    }
    System.out.println("random steps: the graph was as declared after at most " + slowest);
  }

  private void look() throws InterruptedException {
    var holders = holders().values();
    tallest = holders.stream().map(NodeInfo::bestBlockHash).collect(Collectors.toSet());
    height = holders.stream().mapToLong(NodeInfo::height).max().orElseThrow();
  }

  private Wiring wiring() {
    return Partitioned.of(Topology.FULL_MESH, groups);
  }

  /** Of all pods that are there: one may just be going. */
  private Graph graph() throws InterruptedException {
    return awaitAnswers(network);
  }

  /**
   * A network that shrinks may keep nodes for their blocks: then these are part of it, and its
   * status says so.
   */
  private Seen asDeclared() throws IOException, InterruptedException {
    var object = stage.user.get(network.path());
    var pods = network.pods();
    if (!present.isEmpty()) {
      lookAtThoseThatWerePresent(pods);
    }
    // the status of before may say that all is well, while the roll-out has not begun yet
    if (!object.at("/status/observedGeneration").equals(object.at("/metadata/generation"))) {
      return new Seen.NotYet("a status of this spec", "one of an older spec");
    }
    var ready = Status.condition(object.path("status"), "Ready");
    var reason = ready.path("reason").asText();
    if (!pods.stream().allMatch(Pod::ready) || reason.equals("RollingOut")) {
      return new Seen.NotYet("ready pods", reason + ": " + ready.path("message").asText());
    }
    if (pods.size() != nodes && !(pods.size() > nodes && reason.equals("ScalingDown"))) {
      return new Seen.NotYet(nodes + " pods", pods.size() + " pods");
    }
    return Graph.read(pods, client, CREDENTIALS).complete(wiring());
  }

  /** Of a network in which pods come and go. */
  private void lookAtThoseThatWerePresent(List<Pod> pods) throws IOException, InterruptedException {
    var stayed =
        pods.stream().filter(pod -> pod.ready() && present.contains(pod.metadata().uid())).toList();
    var seen = Graph.read(stayed, client, CREDENTIALS).linked(wiring(), nodes);
    if (seen instanceof Seen.Good) {
      thoseThatWerePresentAreLinked();
    }
  }

  private void thoseThatWerePresentAreLinked() {
    if (!present.isEmpty()) {
      present = Set.of();
      took(did.replaceFirst(" .*", "") + ", nodes that were there", edited);
    }
  }

  private void took(String kind, long since) {
    var took = Duration.ofNanos(System.nanoTime() - since);
    slowest.merge(kind, took, (one, other) -> one.compareTo(other) > 0 ? one : other);
  }

  private Map<Integer, NodeInfo> holders() throws InterruptedException {
    var holders = new TreeMap<>(graph().nodes());
    var tallest = holders.values().stream().mapToLong(NodeInfo::height).max().orElseThrow();
    holders.values().removeIf(info -> info.height() < tallest);
    return holders;
  }

  /** On both sides of a partition the controller mines on: the other side may become the taller. */
  private boolean isKept() throws InterruptedException {
    if (minesByItself && holders().values().iterator().next().height() > height) {
      return true;
    }
    for (var ordinal : graph().nodes().keySet()) {
      for (var tip : tallest) {
        try {
          var header = network.bitcoinCli(network.podName(ordinal), "getblockheader", tip);
          if (header.path("confirmations").asInt() > 0) {
            return true;
          }
        } catch (IOException _) {
          // this node never had it
        }
      }
    }
    return false;
  }

  private void change(String what, String spec) throws IOException, InterruptedException {
    did = what;
    stage.change(network, spec);
  }

  private void changePartition(String what, String spec) throws IOException, InterruptedException {
    var ready = network.pods().stream().filter(Pod::ready);
    present = ready.map(pod -> pod.metadata().uid()).collect(Collectors.toSet());
    edited = System.nanoTime();
    change(what, spec);
  }

  private void split() throws Exception {
    var sides = new ArrayList<Set<Integer>>();
    sides.add(new TreeSet<>());
    sides.add(new TreeSet<>());
    for (var ordinal = 0; ordinal < MOST_NODES; ordinal++) {
      var side = random.nextInt(3);
      if (side < 2) {
        sides.get(side).add(ordinal);
      }
    }
    sides.removeIf(Set::isEmpty);
    groups = List.copyOf(sides);
    changePartition("split into " + groups, "{\"partition\": " + groups + "}");
  }

  private void join() throws Exception {
    groups = List.of();
    changePartition("join", "{\"partition\": null}");
  }

  private void mine() throws Exception {
    var miner = random.nextInt(nodes);
    var blocks = 1 + random.nextInt(3);
    did = "mine " + blocks + " on node " + miner;
    mineOn(miner, blocks);
  }

  /** The step before may have killed it: then it mines when it is there again. */
  private void mineOn(int node, int blocks) throws InterruptedException {
    stage.await(
        "node " + node + " mines",
        () -> {
          network.bitcoinCli(network.podName(node), "generatetoaddress", "" + blocks, ADDRESS);
          return new Seen.Good("");
        });
  }

  private void mineByTheController() throws Exception {
    minesByItself = !minesByItself;
    var mining = minesByItself ? "{\"interval\": \"2s\"}" : "null";
    change("mining " + (minesByItself ? "on" : "off"), "{\"mining\": " + mining + "}");
  }

  private void mineNow() throws Exception {
    var value = (1 + random.nextInt(3)) + ":" + random.nextInt(1_000_000);
    did = "mine-now " + value;
    var annotation = "{\"" + Mining.REQUEST + "\": \"" + value + "\"}";
    stage.user.patch(network.path(), "{\"metadata\": {\"annotations\": " + annotation + "}}");
    stage.await(
        did,
        () -> {
          var request = network.status().at("/mining/request");
          return request.path("value").asText().equals(value)
                  && value.startsWith(request.path("mined").asInt() + ":")
              ? new Seen.Good("")
              : new Seen.NotYet("all are mined", network.status().path("mining").toString());
        });
  }

  /** Not the last one that has the tallest chain: that would be the killer's doing. */
  private void killAPod() throws Exception {
    var ordinal = random.nextInt(nodes);
    var others = new TreeSet<>(holders().keySet());
    others.remove(ordinal);
    did = "kill node " + ordinal + (others.isEmpty() ? ", the last holder: let alone" : "");
    if (!others.isEmpty()) {
      stage.user.delete(network.podPath(ordinal));
    }
  }

  private void scale() throws Exception {
    nodes = 3 + random.nextInt(MOST_NODES - 2);
    did = "scale to " + nodes;
    stage.user.scale(network.path(), nodes);
  }

  /**
   * Where two chains are of one height, or a node alone has the tallest, it waits for a person: who
   * mines a block, and joins the sides.
   */
  private void rollOut() throws Exception {
    var miner = holders().keySet().iterator().next();
    mineOn(miner, 1);
    groups = List.of();
    var config = "[\"uacomment=" + random.nextInt(1_000_000) + "\"]";
    change("join and roll out", "{\"partition\": null, \"config\": " + config + "}");
  }

  private void killTheController() throws Exception {
    did = "kill the controller";
    stage.controller().kill();
    stage.startController();
  }
}
