package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every way in which a pod can go, with real nodes, thousands of blocks and no volumes: in the end
 * all nodes have all blocks, unless somebody said that they need not.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
final class ChainKeptTest {
  /** Somebody's; nobody spends here. */
  private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

  private static final int BLOCKS = 2000;
  private static final String NOBODY_HAS_THEM =
      "no other node is ready and has the blocks up to 101";

  /** bitcoin-cli's patience is 20 s. */
  private static final int AT_A_TIME = 250;

  private final ReentrantLock replacing = new ReentrantLock();
  private Stage stage;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    stage = new Stage(folder);
    stage
        .cluster
        .api()
        .webhook()
        .set(
            (kind, object) -> {
              if (kind.equals(Kind.STATEFUL_SETS)
                  && object.at("/metadata/name").asText().startsWith("altered-")) {
                var container = (ObjectNode) object.at("/spec/template/spec/containers/0");
                container.put(
                    "image", "mirror/" + container.path("image").asText().replace("mirror/", ""));
              }
            });
    stage.startController();
  }

  @AfterAll
  void end() throws IOException {
    stage.close();
  }

  /** Mined before there is anybody to send each single block to. */
  private Network withBlocks(String name, int nodes) throws Exception {
    var network = stage.create(name, "{nodes: 1}");
    stage.await("the first node is ready", network::well);
    for (var mined = 0; mined < BLOCKS; mined += AT_A_TIME) {
      network.bitcoinCli(network.podName(0), "generatetoaddress", "" + AT_A_TIME, ADDRESS);
    }
    stage.user.scale(network.path(), nodes);
    awaitReplaced(network, Set.of(), nodes);
    return network;
  }

  /** Read where they lie: a look costs next to nothing. */
  private Set<String> uids(Network network) {
    return stage.cluster.storage().list(Kind.PODS).stream()
        .map(pod -> pod.path("metadata"))
        .filter(pod -> pod.path("name").asText().startsWith(network.name() + "-sts-"))
        .map(pod -> pod.path("uid").asText())
        .collect(Collectors.toSet());
  }

  /** None of these pods is there any more, and all blocks are on all that are. */
  private void awaitReplaced(Network network, Set<String> before, int nodes) throws Exception {
    stage.await("all pods are new ones", () -> replaced(network, before, nodes));
    stage.await("the status says that all is well", network::well);
    stage.await("all have all blocks", () -> Judge.synced(network.chains(nodes), BLOCKS));
  }

  private Seen replaced(Network network, Set<String> before, int wanted) {
    var now = uids(network);
    var left = new ArrayList<>(now);
    left.retainAll(before);
    return left.isEmpty() && now.size() == wanted
        ? new Seen.Good("")
        : new Seen.NotYet("new pods", left.size() + " old ones of " + now.size());
  }

  private void restart(Network network) throws IOException, InterruptedException {
    var annotation = "{\"kubectl.kubernetes.io/restartedAt\":\"" + System.nanoTime() + "\"}";
    stage.user.patch(
        network.statefulSetPath(),
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":" + annotation + "}}}}");
  }

  @Test
  void whateverChangesTheTemplate() throws Exception {
    var network = withBlocks("changed", 2);
    var before = uids(network);
    restart(network);
    awaitReplaced(network, before, 2);
    var secret = "{\"stringData\": {\"BC_RPC_PASSWORD\": \"another\"}}";
    stage.user.patch("/api/v1/namespaces/default/secrets/changed-rpc", secret);
    var changes =
        List.of(
            // Secrets are read when the spec changes; and every five minutes
            "{\"peers\": [\"127.0.0.99:1\"]}",
            "{\"image\": \"bitcoin/bitcoin:30\"}",
            "{\"config\": [\"uacomment=new\"]}",
            "{\"resources\": {\"requests\": {\"cpu\": \"1m\"}}}");
    for (var change : changes) {
      var now = uids(network);
      stage.change(network, change);
      awaitReplaced(network, now, 2);
    }
    // the one is refused, the other applied
    var last = uids(network);
    stage.change(network, "{\"storage\": {\"size\": \"1Gi\"}, \"config\": [\"uacomment=newer\"]}");
    stage.await("all pods are new ones", () -> replaced(network, last, 2));
    stage.await("all is said but that", () -> synced(network));
    stage.await("all have all blocks", () -> Judge.synced(network.chains(2), BLOCKS));
    stage.awaitReason(network, "Ready", "StorageImmutable");
  }

  private static Seen synced(Network network) throws IOException, InterruptedException {
    var synced = network.condition("Synced").path("status").asText();
    var ready = network.status().path("readyReplicas").asInt();
    return synced.equals("True") && ready == 2
        ? new Seen.Good("")
        : new Seen.NotYet("True, 2", synced + ", " + ready);
  }

  /** The others are in the same boat: their controller dies too. */
  @Test
  void aControllerThatIsKilledInTheMiddleAndAnotherThatEnds() throws Exception {
    var network = withBlocks("orphan", 2);
    var before = uids(network);
    restart(network);
    stage.await("the first one goes", () -> some(network, before));
    replaceController(ControllerProgram::kill);
    awaitReplaced(network, before, 2);

    var again = uids(network);
    stage.change(network, "{\"config\": [\"uacomment=again\"]}");
    stage.await("the first one goes", () -> some(network, again));
    replaceController(controller -> assertEquals(0, controller.end(), controller::lastWords));
    awaitReplaced(network, again, 2);
  }

  private interface Ending {
    void of(ControllerProgram controller) throws IOException, InterruptedException;
  }

  /**
   * By one test at a time, and none before the last one has begun to work: a JVM that has just been
   * started does not end in order yet.
   */
  private void replaceController(Ending ending) throws IOException, InterruptedException {
    replacing.lockInterruptibly();
    try {
      stage.await("the controller works", this::works);
      ending.of(stage.controller());
      stage.startController();
    } finally {
      replacing.unlock();
    }
  }

  private Seen works() throws IOException, InterruptedException {
    return stage.controller().get("/readyz").statusCode() == 200
        ? new Seen.Good("")
        : new Seen.NotYet("readyz 200", "");
  }

  private Seen some(Network network, Set<String> before) {
    var now = uids(network);
    return now.containsAll(before) ? new Seen.NotYet("one gone", "all") : new Seen.Good("");
  }

  /** Each process meets what a webhook makes of a template as if it were somebody's change. */
  @Test
  void aWebhookThatAltersTemplates() throws Exception {
    var network = withBlocks("altered", 2);
    var before = uids(network);
    restart(network);
    awaitReplaced(network, before, 2);

    var pods = uids(network);
    var set = stage.user.get(network.statefulSetPath());
    replaceController(ControllerProgram::kill);
    stage.await("the new one has met the webhook", () -> said("altered network=default/altered"));
    stage.await("and looked again", () -> stage.morePasses(5));
    assertEquals(pods, uids(network));
    var now = stage.user.get(network.statefulSetPath());
    assertEquals(set.at("/metadata/generation"), now.at("/metadata/generation"));
    assertEquals(List.of(), toldOfARollOut(network), "no flap");
  }

  /** By the controller that works now. */
  private List<String> toldOfARollOut(Network network) throws IOException {
    return stage.controller().lines().stream()
        .filter(line -> line.contains("network=default/" + network.name() + " "))
        .filter(line -> line.contains("RollingOut"))
        .toList();
  }

  private Seen said(String words) throws IOException {
    return stage.controller().lines().stream().anyMatch(line -> line.contains(words))
        ? new Seen.Good("")
        : new Seen.NotYet(words, "");
  }

  /** Blocks that only the last node has: it stays until the first one has them too. */
  @Test
  void scalingDownByOneAndBySeveral() throws Exception {
    var network = withBlocks("shrinking", 4);
    for (var left : List.of(3, 1)) {
      var size = left == 3 ? 4 : 3;
      var last = network.podName(size - 1);
      traffic(network, size - 1, false);
      network.bitcoinCli(last, "generatetoaddress", "1", ADDRESS);
      stage.user.scale(network.path(), left);
      stage.awaitReason(network, "Ready", "ScalingDown");
      stage.awaitMessage(network, "Ready", last + " goes when");
      assertEquals(size, uids(network).size());
      assertEquals(left, network.status().path("nodes").size());
      traffic(network, size - 1, true);
      stage.await("the others are gone", () -> replaced(network, Set.of(), left));
      stage.await("the status says that all is well", network::well);
      var height = left == 3 ? BLOCKS + 1 : BLOCKS + 2;
      stage.await("all have all blocks", () -> Judge.synced(network.chains(left), height));
    }
  }

  /** Switched off, a node closes its connections a moment after it has answered. */
  private void traffic(Network network, int nodes, boolean on)
      throws IOException, InterruptedException {
    for (var node = 0; node < nodes; node++) {
      var pod = network.podName(node);
      network.bitcoinCli(pod, "setnetworkactive", "" + on);
      if (!on) {
        stage.await("no connection of " + pod, () -> alone(network, pod));
      }
    }
  }

  private static Seen alone(Network network, String pod) throws IOException, InterruptedException {
    var connections = network.bitcoinCli(pod, "getconnectioncount").asInt();
    return connections == 0 ? new Seen.Good("") : new Seen.NotYet("0", "" + connections);
  }

  /** They are refused by a condition; the line of config in the same edit is not. */
  @Test
  void aSpecThatWishesForVolumesWhereThePodsHaveNone() throws Exception {
    var network = stage.create("wishing", "{nodes: 2}");
    stage.await("a network", network::well);
    traffic(network, 1, false);
    network.bitcoinCli(network.podName(1), "generatetoaddress", "101", ADDRESS);
    var before = uids(network);
    stage.change(network, "{\"storage\": {\"size\": \"1Gi\"}, \"config\": [\"uacomment=new\"]}");
    stage.awaitReason(network, "Ready", "StorageImmutable");
    stage.awaitReason(network, "Meshed", "RollingOut");
    stage.awaitMessage(network, "Meshed", NOBODY_HAS_THEM);
    assertEquals(before, uids(network));
    traffic(network, 1, true);
    stage.await("all pods are new ones", () -> replaced(network, before, 2));
    stage.await("all have all blocks", () -> Judge.synced(network.chains(2), 101));
  }

  /** The controller has not heard of them, and its credentials are refused from then on. */
  @Test
  void blocksThatAreMinedJustBeforeTheSecretChanges() throws Exception {
    var network = stage.create("rotated", "{nodes: 3}");
    stage.await("a network", network::well);
    traffic(network, 3, false);
    network.bitcoinCli(network.podName(2), "generatetoaddress", "70", ADDRESS);
    var secret = "{\"stringData\": {\"BC_RPC_PASSWORD\": \"another\"}}";
    // a controller that begins now does not know the old password
    replacing.lockInterruptibly();
    try {
      stage.user.patch("/api/v1/namespaces/default/secrets/rotated-rpc", secret);
      stage.user.scale(network.path(), 1);
      stage.awaitReason(network, "Ready", "ScalingDown");
      stage.awaitMessage(network, "Ready", "blocks up to 70: rotated-sts-2 goes when");
    } finally {
      replacing.unlock();
    }
    assertEquals(70, network.bitcoinCli(network.podName(2), "getblockcount").asInt());
  }

  @Test
  void unlessSomebodySaysSo() throws Exception {
    var network = stage.create("given-up", "{nodes: 2}");
    stage.await("a network", network::well);
    traffic(network, 1, false);
    network.bitcoinCli(network.podName(1), "generatetoaddress", "101", ADDRESS);
    var before = uids(network);
    restart(network);
    stage.awaitReason(network, "Ready", "RollingOut");
    stage.awaitMessage(network, "Ready", NOBODY_HAS_THEM);
    assertEquals(before, uids(network));
    var annotation = "bitcoincontroller.christianb93.github.com/roll-out";
    var said = "{\"metadata\": {\"annotations\": {\"" + annotation + "\": \"at-once\"}}}";
    stage.user.patch(network.path(), said);
    stage.await("all pods are new ones", () -> replaced(network, before, 2));
    stage.await("and nobody has a block", () -> Judge.synced(network.chains(2), 0));
    network.bitcoinCli(network.podName(0), "generatetoaddress", "101", ADDRESS);
    stage.user.scale(network.path(), 0);
    stage.await("none is left", () -> replaced(network, Set.of(), 0));
    var unsaid = said.replace("\"at-once\"", "null");
    stage.user.patch(network.path(), unsaid);
    stage.user.scale(network.path(), 1);
    stage.await("a network again", network::well);
    network.bitcoinCli(network.podName(0), "generatetoaddress", "101", ADDRESS);
    stage.user.scale(network.path(), 0);
    stage.awaitReason(network, "Ready", "ScalingDown");
    stage.awaitMessage(network, "Ready", "last copy of the chain, of 101 blocks");
    assertEquals(101, network.bitcoinCli(network.podName(0), "getblockcount").asInt());
  }
}
