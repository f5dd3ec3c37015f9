package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Networks that never run a pod cost who creates them nothing. The controller keeps something about
 * each: however many there are, that must not fill its heap, for it would be the end for all.
 */
final class CrowdTest {
  private static final int CROWD = 3000;

  /** What the process takes when it has nothing to do, 11 MiB, is a quarter of it. */
  private static final String HEAP = "-Xmx40m";

  /** It waits for its Secret, for ever: it has a Service, a status and no pods. */
  private static void join(Stage stage, String name) throws IOException {
    var network =
        (ObjectNode)
            Network.manifest(name, "{nodes: 1, secret: not-there, disruptionBudget: false}");
    network
        .withObject("/metadata")
        .put("namespace", "crowd")
        .put("uid", UUID.randomUUID().toString())
        .put("generation", 1)
        .put("creationTimestamp", "2026-01-01T00:00:00Z");
    var kind =
        stage
            .cluster
            .api()
            .storageKind("bitcoincontroller.christianb93.github.com", "v1", "bitcoinnetworks");
    stage.cluster.storage().create(kind, network);
  }

  private static List<String> program() throws IOException, InterruptedException {
    return BuiltProgram.command().stream()
        .flatMap(
            flag ->
                flag.startsWith("-Xmx")
                    ? Stream.of(HEAP, "-XX:+ExitOnOutOfMemoryError")
                    : Stream.of(flag))
        .toList();
  }

  /** As many passes as networks, some left out, and within the budget. */
  private static Seen isServed(ControllerProgram controller)
      throws IOException, InterruptedException {
    var metrics = controller.get("/metrics").body().lines().toList();
    var passes = sum(metrics, "controller_runtime_reconcile_total{");
    var leftOut = sum(metrics, "cache_unreadable_objects{resource=\"bitcoinnetworks\"}");
    assertTrue(sum(metrics, "cache_bytes ") <= sum(metrics, "cache_budget_bytes "), "the budget");
    return passes >= CROWD && leftOut > 0
        ? new Seen.Good("")
        : new Seen.NotYet(CROWD + " passes, and some left out", passes + ", " + leftOut);
  }

  private static double sum(List<String> metrics, String series) {
    return metrics.stream()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void itFillsNoHeapAndOthersAreServed(@TempDir Path folder) throws Exception {
    try (var nodes = new DoubleNetwork();
        var stage = Stage.simulated(folder, nodes)) {
      var namespace = JsonNodeFactory.instance.objectNode();
      namespace.put("apiVersion", "v1").put("kind", "Namespace");
      namespace.putObject("metadata").put("name", "crowd");
      stage.user.apply(namespace);
      for (var number = 0; number < CROWD; number++) {
        join(stage, "crowd-" + number);
      }
      var log = folder.resolve("controller.log");
      try (var controller = ControllerProgram.start(program(), stage.cluster.kubeconfig(), log)) {
        Waiting.until("the crowd is served", controller::lastWords, () -> isServed(controller));
        var served = stage.create("served", "{nodes: 1}");
        Waiting.until("another namespace's is well", controller::lastWords, served::well);
        assertTrue(controller.alive(), controller::lastWords);
      }
    }
  }
}
