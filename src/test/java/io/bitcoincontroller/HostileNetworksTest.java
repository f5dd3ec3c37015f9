package io.bitcoincontroller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one user puts into a network is nobody else's trouble. */
final class HostileNetworksTest {
  private static JsonNode network(String name, int length) throws IOException {
    var network = Network.manifest(name, "{nodes: 1, secret: bitcoin-default-secret}");
    var requests = ((ObjectNode) network.path("spec")).putObject("resources").putObject("requests");
    requests.put("k".repeat(length), "1");
    return network;
  }

  private static Seen unreadable(Stage stage, int count) throws IOException, InterruptedException {
    var gauge = "cache_unreadable_objects{resource=\"bitcoinnetworks\"} " + count;
    var metrics = stage.controller().get("/metrics").body();
    return metrics.lines().anyMatch(line -> line.equals(gauge))
        ? new Seen.Good("")
        : new Seen.NotYet(gauge, metrics);
  }

  @Test
  void othersAreServedAndItsConditionSaysWhatIsWrongAlsoAfterARestart(@TempDir Path folder)
      throws Exception {
    try (var stage = new Stage(folder)) {
      stage.startController();
      stage.user.apply(network("long", 50_001));
      stage.user.apply(network("large", 300_000));
      var other = stage.createComplete("other", 1);
      var large = new Network(stage.cluster, stage.user, "large");
      stage.awaitReason(large, "Ready", "Unreadable");
      // the local server takes a key that a real one refuses; the cache has room for it
      stage.awaitComplete(new Network(stage.cluster, stage.user, "long"), 1);
      stage.await("one is left out", () -> unreadable(stage, 1));
      stage.controller().end();
      stage.startController();
      stage.change(other, "{\"nodes\":2}");
      stage.awaitComplete(other, 2);
      stage.await("one is left out", () -> unreadable(stage, 1));
      stage.user.patch(large.path(), "{\"spec\":{\"resources\":null}}");
      stage.awaitComplete(large, 1);
      stage.await("none is left out", () -> unreadable(stage, 0));
    }
  }
}
