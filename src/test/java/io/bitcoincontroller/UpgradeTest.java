package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A network that an older version of the controller made. */
@Execution(ExecutionMode.CONCURRENT)
final class UpgradeTest {
  private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
  private static final ObjectKey CONFIG_MAP = new ObjectKey("default", "older-conf");
  private static final ObjectKey NETWORK = new ObjectKey("default", "older");
  private static final int BLOCKS = 101;

  /**
   * Its pods mount bitcoin.conf from a ConfigMap. The volume can't be another one without new pods:
   * they come one by one, and the first has the blocks before the second goes.
   */
  @Test
  void itsPodsAreReplacedOneByOneAndThenItsConfigMapGoes(@TempDir Path folder) throws Exception {
    try (var stage = new Stage(folder)) {
      var network = stage.create("older", "{nodes: 2, secret: bitcoin-default-secret}");
      makeAsBefore(stage);
      stage.await("the nodes answer", () -> answering(network));
      network.bitcoinCli(network.podName(0), "generatetoaddress", "" + BLOCKS, ADDRESS);
      stage.startController();
      stage.await("the ConfigMap is gone", () -> forgotten(stage));
      stage.awaitRolledOut(network, 2);
      stage.await("all blocks are kept", () -> Judge.synced(network.chains(2), BLOCKS));
    }
  }

  /** As when an older leader comes back while a Deployment is updated, or an image is put back. */
  @Test
  void theOlderVersionCanTakeTheNetworkBack(@TempDir Path folder) throws Exception {
    try (var stage = new Stage(folder)) {
      var network = stage.create("older", "{nodes: 2, secret: bitcoin-default-secret}");
      stage.startController();
      stage.await("Ready, Meshed and Synced", network::well);
      stage.controller().signal("TERM");
      stage.controller().exitCode(Duration.ofMinutes(1));
      makeAsBefore(stage);
      var spec = template(stage);
      for (var volume : spec.path("volumes")) {
        assertEquals(2, volume.size(), "a name, and what it is: " + volume);
      }
      var mounts = spec.at("/containers/0/volumeMounts").findValuesAsText("name");
      assertTrue(mounts.contains("config"), mounts::toString);
    }
  }

  private static Seen answering(Network network) throws IOException, InterruptedException {
    for (var ordinal = 0; ordinal < 2; ordinal++) {
      var pod = network.pod(ordinal);
      if (pod.isEmpty() || !pod.get().ready()) {
        return new Seen.NotYet("ready", "pod " + ordinal);
      }
    }
    return new Seen.Good("");
  }

  private static Seen forgotten(Stage stage) {
    var storage = stage.cluster.storage();
    var set = storage.get(Kind.STATEFUL_SETS, new ObjectKey("default", "older-sts")).orElseThrow();
    return storage.get(Kind.CONFIG_MAPS, CONFIG_MAP).isEmpty()
            && !set.at("/metadata/annotations").toString().contains("old-config-map")
        ? new Seen.Good("")
        : new Seen.NotYet(
            "neither ConfigMap nor annotation",
            set.at("/metadata/annotations") + " " + set.path("status"));
  }

  private static String uid(Stage stage) {
    var kind =
        stage
            .cluster
            .api()
            .storageKind("bitcoincontroller.christianb93.github.com", "v1", "bitcoinnetworks");
    var stored = stage.cluster.storage().get(kind, NETWORK).orElseThrow();
    return stored.at("/metadata/uid").asText();
  }

  private static void makeAsBefore(Stage stage) throws Exception {
    try (var api =
        new ApiServer(
            User.access(stage.cluster.kubeconfig()), "the older version", (_, _, _) -> {})) {
      OlderVersion.apply(api, NETWORK, uid(stage), 2);
    }
  }

  private static JsonNode template(Stage stage) {
    return stage
        .cluster
        .storage()
        .get(Kind.STATEFUL_SETS, new ObjectKey("default", "older-sts"))
        .orElseThrow()
        .at("/spec/template/spec");
  }
}
