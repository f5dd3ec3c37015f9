package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Blocks that come by themselves, on real nodes. */
final class MiningTest extends OnStage {
  private static final String REQUEST = "bitcoincontroller.christianb93.github.com/mine-now";

  private long height(Network network, int node) throws IOException, InterruptedException {
    return network.bitcoinCli(network.podName(node), "getblockcount").asLong();
  }

  private void awaitHeights(Network network, int nodes, long height) throws InterruptedException {
    stage.await(
        "all nodes are at " + height,
        () -> {
          for (var node = 0; node < nodes; node++) {
            var now = height(network, node);
            if (now != height) {
              return new Seen.NotYet(
                  node + " at " + height, now + ", " + network.status().path("mining"));
            }
          }
          return new Seen.Good("");
        });
  }

  private JsonNode awaitMining(Network network, String what, Predicate<JsonNode> is)
      throws IOException, InterruptedException {
    stage.await(
        what,
        () -> {
          var mining = network.status().path("mining");
          return is.test(mining) ? new Seen.Good("") : new Seen.NotYet(what, mining.toString());
        });
    return network.status().path("mining");
  }

  private void ask(Network network, String value) throws IOException, InterruptedException {
    stage.user.patch(
        network.path(), "{\"metadata\":{\"annotations\":{\"" + REQUEST + "\":" + value + "}}}");
  }

  /** A change that asks for a pass and means nothing. */
  private void touch(Network network) throws IOException, InterruptedException {
    var before = stage.passes();
    var now = System.nanoTime();
    stage.user.patch(
        network.path(), "{\"metadata\":{\"annotations\":{\"touched\":\"" + now + "\"}}}");
    stage.await("another pass", () -> stage.morePasses(before));
  }

  private void awaitMined(Network network, int nodes, String value, long height)
      throws IOException, InterruptedException {
    awaitMining(
        network,
        value + " is carried out",
        m ->
            m.at("/request/value").asText().equals(value)
                && value.startsWith(m.at("/request/mined").asText()));
    awaitHeights(network, nodes, height);
  }

  @Test
  void theInitialBlocksComeOnceAndARequestIsCarriedOutOnce() throws Exception {
    var network = stage.create("initial", "{nodes: 3, mining: {initialBlocks: 101}}");
    awaitHeights(network, 3, 101);
    stage.awaitComplete(network, 3);
    var mining = awaitMining(network, "done", m -> m.path("initialBlocks").asInt() == 101);
    assertEquals("Idle", mining.path("state").asText(), mining::toString);
    ask(network, "\"5\"");
    awaitMined(network, 3, "5", 106);
    touch(network);
    awaitHeights(network, 3, 106);
    ask(network, "\"5:again\"");
    awaitMined(network, 3, "5:again", 111);
    ask(network, "null");
    awaitMining(network, "forgotten", m -> m.path("request").isMissingNode());
    ask(network, "\"5\"");
    awaitMined(network, 3, "5", 116);
    assertTrue(network.events().contains("Normal Mined"), network.events().toString());
    ask(network, "\"many\"");
    mining = awaitMining(network, "refused", m -> m.path("message").asText().contains("many"));
    assertTrue(mining.path("message").asText().contains("is no number of blocks from 1 to 1000"));
    stage.awaitWarning(network, "MineNowRefused");
    awaitHeights(network, 3, 116);
  }

  @Test
  void eachIntervalHasItsBlockAndTheNextNodeMinesWhileTheFirstIsDown() throws Exception {
    var network = stage.create("every", "{nodes: 3, mining: {interval: 1s, nodes: [9, 1, 2]}}");
    awaitMining(network, "node 1 mines", m -> m.path("lastBlockNode").asInt() == 1);
    stage.awaitComplete(network, 3);
    var from = network.status().path("mining");
    stage.user.delete(network.podPath(1));
    awaitMining(network, "node 2 mines", m -> m.path("lastBlockNode").asInt() == 2);
    awaitMining(
        network,
        "node 1 mines again",
        m ->
            m.path("lastBlockNode").asInt() == 1
                && m.path("message").asText().startsWith("one block every 1s; regtest halves"));
    var to = network.status().path("mining");
    var intervals =
        Duration.between(time(from, "nextBlockTime"), time(to, "nextBlockTime")).toMillis()
            / 1000.0;
    assertEquals(Math.rint(intervals), intervals, "the times are whole intervals apart");
    var blocks = to.path("lastBlockHeight").asLong() - from.path("lastBlockHeight").asLong();
    assertTrue(
        blocks > 0 && blocks <= intervals, blocks + " blocks in " + intervals + " intervals");

    stage.change(network, "{\"mining\": {\"interval\": \"1s\", \"untilHeight\": 3}}");
    awaitMining(network, "stopped", m -> m.path("state").asText().equals("Stopped"));
    stage.change(network, "{\"mining\": null}");
    awaitMining(network, "off", JsonNode::isMissingNode);
  }

  private static Instant time(JsonNode mining, String field) {
    return Instant.parse(mining.path(field).asText());
  }

  @Test
  void whatCannotBeMinedIsRefusedInPlainWords() throws Exception {
    for (var mining :
        List.of(
            "{interval: 0}",
            "{interval: 0s}",
            "{interval: soon}",
            "{interval: -5s}",
            "{nodes: [-1]}",
            "{initialBlocks: -1}",
            "{address: 'not one'}")) {
      var reply =
          stage.user.tryToApply(Network.manifest("bad", "{nodes: 1, mining: " + mining + "}"));
      var failure = assertInstanceOf(Reply.Failure.class, reply, mining);
      assertEquals(422, failure.code(), mining);
      assertTrue(failure.message().contains("spec.mining"), failure.text());
    }
    var address = "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx";
    var network = stage.create("abroad", "{nodes: 0, mining: {address: " + address + "}}");
    var condition = stage.awaitReason(network, "Ready", "InvalidSpec");
    assertEquals(
        "spec.mining.address: \""
            + address
            + "\" is an address of testnet or signet; one of regtest begins with bcrt1, m, n or 2",
        condition.path("message").asText());
    stage.change(network, "{\"mining\": {\"interval\": \"25h\", \"address\": null}}");
    stage.await(
        "the interval is refused",
        () -> {
          var message = network.condition("Ready").path("message").asText();
          return message.contains("from 1s to 24h is possible")
              ? new Seen.Good("")
              : new Seen.NotYet("refused", message);
        });
  }

  /**
   * The controller dies before it writes what it is about to send, after that, and after sending.
   */
  @Test
  void fiveBlocksAreFiveThoughTheControllerDiesAtAnyWriteOfThem() throws Exception {
    var network = stage.create("killed", "{nodes: 2}");
    stage.awaitComplete(network, 2);
    var height = 0;
    for (var death = 0; death < 4; death++) {
      var left = new AtomicInteger(death / 2 + 1);
      var isBefore = death % 2 == 0;
      var victim = stage.controller();
      stage
          .cluster
          .api()
          .requests()
          .tell(
              request -> {
                var strikes = request.body().contains("\"Request\"") && left.decrementAndGet() == 0;
                if (strikes && isBefore) {
                  kill(victim);
                  throw new IOException("nobody waits for an answer: the request is dropped");
                }
                return strikes ? () -> kill(victim) : () -> {};
              });
      ask(network, "\"5:" + death + "\"");
      stage.await(
          "it is dead",
          () -> victim.alive() ? new Seen.NotYet("dead", "alive") : new Seen.Good(""));
      stage.cluster.api().requests().tell(_ -> () -> {});
      stage.startController();
      stage.await("the next one works", () -> stage.morePasses(0));
      height += 5;
      awaitMined(network, 2, "5:" + death, height);
      touch(network);
      awaitHeights(network, 2, height);
    }
  }

  private static void kill(ControllerProgram victim) {
    try {
      victim.kill();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
