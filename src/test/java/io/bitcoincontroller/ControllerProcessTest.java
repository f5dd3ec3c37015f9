package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The life of the controller's process, and what becomes of its networks. */
final class ControllerProcessTest extends OnStage {
  private static final String TWO_NODES = "{nodes: 2, secret: bitcoin-default-secret}";

  @BeforeAll
  void start() throws Exception {
    for (var name : List.of("scaled", "left", "again")) {
      stage.create(name, TWO_NODES);
    }
  }

  private Network complete(String name) throws InterruptedException {
    var network = new Network(stage.cluster, stage.user, name);
    stage.awaitComplete(network, 2);
    return network;
  }

  @Test
  void killedInTheMiddleOfScalingItsSuccessorFinishesTheWork() throws Exception {
    var network = complete("scaled");
    stage.user.scale(network.path(), 4);
    stage.await(
        "the work has begun",
        () ->
            network.pod(2).isPresent()
                ? new Seen.Good("")
                : new Seen.NotYet("a third pod", "none"));
    stage.controller().kill();
    stage.startController();
    stage.awaitComplete(network, 4);
  }

  @Test
  void onTermItEndsInOrderAndTheNextOneFindsAllWell() throws Exception {
    var network = complete("left");
    var pods = network.pods().stream().map(pod -> pod.metadata().uid()).toList();
    var process = ProcessHandle.of(stage.controller().pid()).orElseThrow();
    assertEquals(0, process.descendants().count());
    var start = System.nanoTime();
    assertEquals(0, stage.controller().end());
    var took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.toSeconds() < 20, took::toString);
    stage.startController();
    stage.await("ready", this::ready);
    // its counters begin anew
    stage.await("all three were looked at", () -> stage.morePasses(2));
    assertEquals(pods, network.pods().stream().map(pod -> pod.metadata().uid()).toList());
    stage.awaitComplete(network, 2);
  }

  private Seen ready() throws IOException, InterruptedException {
    var answer = stage.controller().get("/readyz");
    return answer.statusCode() == 200 ? new Seen.Good("") : new Seen.NotYet("200", answer.body());
  }

  @Test
  void aDeletedNetworkIsForgottenAndMayComeAgain() throws Exception {
    var network = complete("again");
    var first = stage.user.get(network.path()).at("/metadata/uid");
    var made = made("again");
    stage.user.delete(network.path());
    stage.await("nothing of it is left", () -> nothing("again"));
    assertEquals(made, made("again"), "made once more, for a network that is gone");
    var second = stage.createComplete("again", 2);
    assertNotEquals(first, stage.user.get(second.path()).at("/metadata/uid"));
    // made again while its predecessor's objects are still there
    stage.user.delete(second.path());
    var third = stage.createComplete("again", 2);
    assertEquals(2, third.pods().size());
  }

  private long made(String network) throws IOException {
    return stage.controller().lines().stream()
        .filter(line -> line.contains(" created network=default/" + network + " "))
        .count();
  }

  private Seen nothing(String name) {
    var kinds = List.of(Kind.PODS, Kind.SERVICES, Kind.SECRETS, Kind.STATEFUL_SETS);
    for (var kind : kinds) {
      for (var object : stage.cluster.storage().list(kind)) {
        if (object.at("/metadata/name").asText().startsWith(name + "-")) {
          return new Seen.NotYet("nothing", object.at("/metadata/name").asText());
        }
      }
    }
    return new Seen.Good("");
  }
}
