package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.user.Graph;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.mesh.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A network of twelve real nodes, to which everything happens that may: after each round the wanted
 * graph is up soon, what does not belong to it is gone, and one block reaches all nodes.
 */
@Execution(ExecutionMode.CONCURRENT)
final class TroubleTest {
  private static final int ROUNDS = 20;
  private static final int NODES = 12;
  private static final Duration SOON = Duration.ofSeconds(10);

  /** Somebody's; nobody spends here. */
  private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

  /** Of manifests/secret.yaml. */
  private static final Credentials CREDENTIALS = new Credentials("user", "password");

  private static final Seen NOT_READY = new Seen.NotYet("all is ready", "not yet");

  private enum Trouble {
    KILLED,
    STOPPED,
    FROZEN,
    MOVED,
    CUT_OFF,
    GARBAGE,
    SCALED,
    CONTROLLER_KILLED
  }

  /** Given by -Dtrouble.seed to see a failure again. */
  private final long seed = Long.getLong("trouble.seed", System.nanoTime());

  private final Random random = new Random(seed);
  private final BitcoindClient client = new BitcoindClient((_, _) -> {});
  private final List<ObjectKey> frozen = new ArrayList<>();
  private Stage stage;
  private Network network;
  private String foreigner = "";
  private int nodes = NODES;

  /** When something was last seen that was not ready. */
  private long readyNanos;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    System.out.println("TroubleTest: -Dtrouble.seed=" + seed);
    stage = new Stage(folder);
    stage.startController();
    foreigner = stage.createComplete("foreign", 1).pod(0).orElseThrow().status().podIP();
    network = stage.create("network", "{nodes: " + NODES + ", secret: bitcoin-default-secret}");
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    stage.close();
  }

  @Test
  void whateverHappensTheNetworkIsWholeAgainSoon() throws Exception {
    settled("at first");
    for (var round = 1; round <= ROUNDS; round++) {
      var troubles = new ArrayList<Trouble>();
      for (var n = random.nextInt(1, 4); n > 0; n--) {
        troubles.add(Trouble.values()[random.nextInt(Trouble.values().length)]);
      }
      for (var trouble : troubles) {
        happens(trouble);
      }
      for (var pod : frozen) {
        stage.cluster.resume(pod);
      }
      frozen.clear();
      settled("round " + round + " " + troubles);
    }
  }

  /** One of the wanted nodes, once it has a process; a frozen one has had its share. */
  private String victim() throws IOException, InterruptedException {
    var others = IntStream.range(0, nodes).filter(n -> !frozen.contains(pod(n))).boxed().toList();
    var ordinal = others.get(random.nextInt(others.size()));
    stage.await("a process of " + ordinal, () -> running(ordinal));
    return network.podName(ordinal);
  }

  private ObjectKey pod(int ordinal) {
    return new ObjectKey("default", network.podName(ordinal));
  }

  private Seen running(int ordinal) {
    try {
      return stage.cluster.pidOf(pod(ordinal)).isPresent()
          ? new Seen.Good("")
          : new Seen.NotYet("a process", pod(ordinal) + " has none");
    } catch (StatusException e) {
      return new Seen.NotYet("a pod", "" + e.getMessage());
    }
  }

  private void happens(Trouble trouble) throws Exception {
    switch (trouble) {
      case KILLED -> stage.cluster.kill(new ObjectKey("default", victim()));
      case STOPPED -> tell(victim(), "stop");
      case FROZEN -> {
        stage.await("a controller that answers", () -> stage.morePasses(-1));
        var pod = new ObjectKey("default", victim());
        stage.await("a process to freeze", () -> freeze(pod));
        frozen.add(pod);
        var before = stage.passes();
        touch();
        stage.await("a pass over a network with a frozen node", () -> stage.morePasses(before));
      }
      case MOVED -> move(network.podPath(random.nextInt(nodes)));
      case CUT_OFF -> {
        var pod = victim();
        if (tell(pod, "setnetworkactive", "false")) {
          stage.await(pod + " alone", () -> alone(pod));
          stage.await(pod + " active", () -> active(pod));
          touch();
        }
      }
      case GARBAGE -> {
        var pod = victim();
        tell(pod, "addnode", "127.0.0.99:1", "add");
        tell(pod, "addnode", "nobody.invalid", "add");
        tell(pod, "addnode", foreigner, "onetry");
        touch();
      }
      case SCALED -> {
        nodes = random.nextInt(NODES - 4, NODES + 4);
        stage.user.scale(network.path(), nodes);
      }
      case CONTROLLER_KILLED -> {
        stage.controller().kill();
        stage.startController();
      }
    }
  }

  /**
   * A node that is just starting or ending refuses: then this trouble meets nobody.
   *
   * @return whether it was done
   */
  private boolean tell(String pod, String... words) throws InterruptedException {
    try {
      network.bitcoinCli(pod, words);
      return true;
    } catch (IOException e) {
      System.out.println("  not done: " + e.getMessage());
      return false;
    }
  }

  /** Its process may have ended a moment ago. */
  private Seen freeze(ObjectKey pod) throws IOException, InterruptedException {
    try {
      stage.cluster.pause(pod);
      return new Seen.Good("");
    } catch (StatusException e) {
      return new Seen.NotYet("a process", "" + e.getMessage());
    }
  }

  /** After a scaling it may not be there yet: then this trouble meets nobody. */
  private void move(String pod) throws InterruptedException {
    try {
      stage.user.delete(pod);
    } catch (IOException e) {
      System.out.println("  not done: " + e.getMessage());
    }
  }

  /** Without any connection, or a process that was never cut off. */
  private Seen alone(String pod) throws InterruptedException {
    try {
      var info = network.bitcoinCli(pod, "getnetworkinfo");
      return info.path("networkactive").asBoolean() || info.path("connections").asInt() == 0
          ? new Seen.Good("")
          : new Seen.NotYet("no connection", info.path("connections").asText());
    } catch (IOException e) {
      return new Seen.Good("" + e.getMessage());
    }
  }

  private Seen active(String pod) throws InterruptedException {
    try {
      return new Seen.Good(network.bitcoinCli(pod, "setnetworkactive", "true").asText());
    } catch (IOException e) {
      return new Seen.NotYet("the network switched on", "" + e.getMessage());
    }
  }

  /**
   * Of this trouble no event tells, bitcoind itself dials again up to a minute later, and looks are
   * up to half a minute apart; who changes the object gets one at once.
   */
  private void touch() throws IOException, InterruptedException {
    var now = Long.toString(System.nanoTime());
    stage.user.patch(
        network.path(), "{\"metadata\":{\"annotations\":{\"touched\":\"" + now + "\"}}}");
  }

  private void settled(String when) throws Exception {
    readyNanos = System.nanoTime();
    stage.await(
        when + ": the graph",
        () -> readySince() ? graph().complete(Topology.FULL_MESH) : NOT_READY);
    var took = Duration.ofNanos(System.nanoTime() - readyNanos);
    System.out.println("  " + when + ": " + nodes + " nodes, " + took.toMillis() + " ms");
    if (took.compareTo(SOON) > 0) {
      System.out.println(stage.controller().get("/record").body());
    }
    assertTrue(took.compareTo(SOON) <= 0, () -> when + ": up after " + took);
    var miner = network.podName(random.nextInt(nodes));
    // one that is being stopped may serve a moment longer, and then not
    stage.await(
        when + ": " + miner + " mines",
        () -> {
          network.bitcoinCli(miner, "generatetoaddress", "1", ADDRESS);
          return new Seen.Good("");
        });
    stage.await(when + ": a block on all nodes", () -> graph().synced());
  }

  /** A pod that is ending may be called ready for a moment: what counts is the last time. */
  private boolean readySince() throws IOException, InterruptedException {
    if (ready() instanceof Seen.Good) {
      return true;
    }
    readyNanos = System.nanoTime();
    return false;
  }

  private Seen ready() throws IOException, InterruptedException {
    var pods = network.pods();
    var ready = pods.stream().filter(Pod::ready).count();
    if (pods.size() != nodes || ready != nodes) {
      return new Seen.NotYet(nodes + " ready pods", ready + " of " + pods.size());
    }
    var controller = stage.controller().get("/readyz");
    return controller.statusCode() == 200
        ? new Seen.Good("")
        : new Seen.NotYet("a controller that works", controller.body());
  }

  private Graph graph() throws IOException, InterruptedException {
    return Graph.read(network.pods(), client, CREDENTIALS);
  }
}
