package io.bitcoincontroller.local.kubelet;

import static io.bitcoincontroller.local.kubelet.TestNode.await;
import static io.bitcoincontroller.local.kubelet.TestNode.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.bitcoincontroller.local.api.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods of the controller's template, run as real bitcoind processes. */
final class BitcoindPodsTest {
  private TestNode node;

  @BeforeEach
  void startTwoPods() throws IOException {
    node = new TestNode();
    node.storage.create(Kind.CONFIG_MAPS, TestNode.bitcoinConf());
    for (var name : List.of("a", "b")) {
      node.storage.create(Kind.PODS, TestNode.bitcoindPod(name));
    }
    await("both pods are ready", () -> node.ready("a") && node.ready("b"));
  }

  @AfterEach
  void closeNode() throws IOException {
    node.close();
    assertFalse(Files.exists(node.folder), "the folder is still there");
  }

  @Test
  void eachListensOnItsOwnAddressAndNowhereElse() throws Exception {
    for (var name : List.of("a", "b")) {
      var pid = node.kubelet.process(key(name)).orElseThrow().pid();
      var address = address(name);
      assertEquals(Set.of(address + ":18443", address + ":18444"), Listening.places(pid));
    }
    assertFalse(address("a").equals(address("b")));
    assertTrue(node.kubelet.logs(key("a")).contains("Bitcoin"), "no log");
    var status = node.pod("a").path("status");
    assertEquals("Running", status.path("phase").asText());
    assertEquals(
        List.of("PodScheduled", "Initialized", "ContainersReady", "Ready"),
        status.path("conditions").findValuesAsText("type"));
    // a probe may fail on a busy machine
    await(
        "all of them are true",
        () ->
            Set.of("True")
                .equals(
                    Set.copyOf(node.pod("a").findValue("conditions").findValuesAsText("status"))));
  }

  private String address(String pod) {
    return node.pod(pod).at("/status/podIP").asText();
  }

  private String cli(String pod, String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("bitcoin-cli", "-regtest", "-conf=/bitcoin.conf"));
    command.addAll(List.of(words));
    var result = node.kubelet.exec(key(pod), command, Duration.ofSeconds(30));
    assertEquals(0, result.exitCode(), result.stderr());
    return result.stdout().strip();
  }

  @Test
  void aKilledBitcoindComesBackAtItsAddressWithItsChain() throws Exception {
    cli("a", "generatetoaddress", "101", "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080");
    var address = address("a");
    // Asked to stop, not killed: bitcoind writes its chain to disk only now and then
    cli("a", "stop");
    await("a restart", () -> node.container("a").path("restartCount").asInt() == 1);
    await("the pod is ready again", () -> node.ready("a"));
    assertEquals(address, address("a"));
    assertEquals("101", cli("a", "getblockcount"));
    assertEquals("0", cli("b", "getblockcount"));
    node.kubelet.kill(key("a"));
    await("another restart", () -> node.container("a").path("restartCount").asInt() == 2);
    var last = node.container("a").at("/lastState/terminated");
    assertEquals(137, last.path("exitCode").asInt(), last::toString);
    await("the pod is ready once more", () -> node.ready("a"));
  }

  @Test
  void aFrozenBitcoindIsNotReadyHoldsUpNobodyAndIsKilledWhenDeleted() throws Exception {
    var process = node.kubelet.process(key("a")).orElseThrow();
    node.kubelet.pause(key("a"));
    await("the frozen pod is not ready", () -> !node.ready("a"));
    node.storage.delete(Kind.PODS, key("b"));
    await("the other is gone", () -> node.gone("b"));
    node.storage.create(Kind.PODS, TestNode.bitcoindPod("b"));
    await("its successor is ready", () -> node.ready("b"));
    node.kubelet.resume(key("a"));
    await("the thawed pod is ready", () -> node.ready("a"));
    node.kubelet.pause(key("a"));
    node.storage.delete(Kind.PODS, key("a"));
    await("the frozen pod is gone", () -> node.gone("a"));
    assertFalse(process.isAlive(), "the process lives");
    assertFalse(Files.exists(node.folder.resolve("pods").resolve("a")));
  }

  /** As in a container, whose processes end with its first one. */
  @Test
  void aBitcoindThatWentToTheBackgroundEndsWithItsContainer() throws Exception {
    var pod = TestNode.bitcoindPod("daemon");
    ((ArrayNode) pod.at("/spec/containers/0/command")).add("-daemonwait");
    node.storage.create(Kind.PODS, pod);
    await(
        "it has ended twice, each time well",
        () ->
            node.container("daemon").path("restartCount").asInt() >= 2
                && node.container("daemon").at("/lastState/terminated/exitCode").asInt(9) == 0);
    node.storage.delete(Kind.PODS, key("daemon"));
    await("the pod is gone", () -> node.gone("daemon"));
    for (var process : ProcessHandle.allProcesses().toList()) {
      var line = Path.of("/proc", "" + process.pid(), "cmdline");
      var words = Files.isReadable(line) && process.isAlive() ? words(line) : "";
      assertFalse(words.contains("-daemonwait") && words.contains("" + node.folder), words);
    }
  }

  private static String words(Path line) {
    try {
      return Files.readString(line, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return ""; // it has just ended
    }
  }
}
