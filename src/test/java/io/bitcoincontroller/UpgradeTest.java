package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcAuth;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that an older version of the controller made. */
final class UpgradeTest {
  private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
  private static final ObjectKey CONFIG_MAP = new ObjectKey("default", "older-conf");
  private static final String CONFIG = "bitcoincontroller.christianb93.github.com/bitcoin.conf";
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

  private static void makeAsBefore(Stage stage) throws Exception {
    var kind =
        stage
            .cluster
            .api()
            .storageKind("bitcoincontroller.christianb93.github.com", "v1", "bitcoinnetworks");
    var stored = stage.cluster.storage().get(kind, new ObjectKey("default", "older")).orElseThrow();
    var read = BitcoinNetwork.read(Json.convert(stored, StoredObject.class));
    var spec = ((BitcoinNetwork.Reading.Valid) read).network();
    var auth = RpcAuth.line(new Credentials("user", "password"), spec.metadata().uid());
    var set = Children.of(spec, auth, Optional.empty(), 2, 2).statefulSet();
    var template = set.withObject("/spec/template");
    var conf = template.at("/metadata/annotations").path(CONFIG).asText();
    template.withObject("/metadata/annotations").remove(CONFIG);
    var volume = (ObjectNode) template.at("/spec/volumes/0");
    volume.remove("downwardAPI");
    volume.putObject("configMap").put("name", CONFIG_MAP.name());
    set.withObject("/metadata/annotations")
        .put("bitcoincontroller.christianb93.github.com/template-hash", "before");
    var configMap = Json.MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    configMap.set("metadata", set.path("metadata").deepCopy());
    configMap.withObject("/metadata").put("name", Names.configMap("older"));
    configMap.putObject("data").put("bitcoin.conf", conf);
    // by the same field manager: what it applied before, it takes away now
    try (var api =
        new ApiServer(
            User.access(stage.cluster.kubeconfig()), "the older version", (_, _, _) -> {})) {
      for (var request :
          List.of(
              Requests.apply(Resource.CONFIG_MAPS, CONFIG_MAP, configMap),
              Requests.apply(Resource.STATEFUL_SETS, new ObjectKey("default", "older-sts"), set))) {
        assertEquals(201, api.send(request, Duration.ofSeconds(30)).code());
      }
    }
  }
}
