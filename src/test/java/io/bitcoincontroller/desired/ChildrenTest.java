package io.bitcoincontroller.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.BitcoinNetwork.Reading;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.yaml.Yaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChildrenTest {
  private static final String RPC_AUTH = "us$$er:5a17$0f00";

  private static BitcoinNetwork network(String spec) throws Exception {
    var yaml =
        "metadata: {namespace: default, name: my-network, uid: uid-1}\nspec: {" + spec + "}\n";
    var reading = BitcoinNetwork.read(Json.convert(Yaml.readOne(yaml), StoredObject.class));
    return assertInstanceOf(Reading.Valid.class, reading).network();
  }

  static Children children(String spec) throws Exception {
    var network = network(spec);
    var nodes = network.spec().nodes();
    return Children.of(network, RPC_AUTH, network.spec().storage(), nodes, nodes);
  }

  /**
   * The whole of it, to be read by people: a change of the rendering shows up as a change of the
   * file.
   */
  @Test
  void theOriginalsNetworkRendersToTheGoldenFile() throws Exception {
    var golden = Path.of("src/test/resources/golden/my-network.yaml");
    var children = children("nodes: 3, secret: bitcoin-default-secret");
    var wanted = Yaml.readAll(Files.readString(golden));
    assertEquals(wanted.get(0), Json.MAPPER.readTree(children.service().toString()));
    assertEquals(wanted.get(1), Json.MAPPER.readTree(children.statefulSet().toString()));
  }

  @Test
  void theSameNetworkRendersToTheSameBytes() throws Exception {
    assertEquals(
        children("nodes: 3").statefulSet().toString(),
        children("nodes: 3").statefulSet().toString());
  }

  @Test
  void aDollarSurvivesTheExpansionByKubernetes() throws Exception {
    var args = children("nodes: 1").statefulSet().at("/spec/template/spec/containers/0/args");
    assertTrue(args.toString().contains("-rpcauth=us$$$$er:5a17$$0f00"), args.toString());
  }

  @Test
  void extraLinesStandLastUnderRegtestAndRollThePods() throws Exception {
    var plain = children("nodes: 1");
    var extra = children("nodes: 1, config: [txindex=1, rpcthreads=20]");
    var conf = conf(extra);
    assertTrue(conf.endsWith("[regtest]\ntxindex=1\nrpcthreads=20\n"), conf);
    assertNotEquals(template(plain), template(extra));
  }

  /** As it is mounted: the annotation that the volume's one item names. */
  private static String conf(Children children) {
    var template = template(children);
    var annotations = template.at("/metadata/annotations");
    var item = template.at("/spec/volumes/0/downwardAPI/items/0");
    assertEquals("bitcoin.conf", item.path("path").asText());
    var name = annotations.fieldNames().next();
    assertEquals("metadata.annotations['" + name + "']", item.at("/fieldRef/fieldPath").asText());
    return annotations.path(name).asText();
  }

  private static JsonNode template(Children children) {
    return children.statefulSet().at("/spec/template");
  }

  @Test
  void storageIsAClaimForEachPodInsteadOfAnEmptyDir() throws Exception {
    var set = children("nodes: 1, storage: {size: 1Gi, storageClassName: fast}").statefulSet();
    assertEquals(
        "{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}},"
            + "\"storageClassName\":\"fast\"}",
        set.at("/spec/volumeClaimTemplates/0/spec").toString());
    assertFalse(set.at("/spec/template/spec/volumes").toString().contains("emptyDir"));
    assertEquals(Optional.of("1Gi"), Children.storage(set).map(storage -> storage.size()));
  }

  @Test
  void emptyResourcesAreNotRendered() throws Exception {
    var set = children("nodes: 1, resources: {limits: {}, requests: {cpu: 10m}}").statefulSet();
    assertEquals(
        "{\"requests\":{\"cpu\":\"10m\"}}",
        set.at("/spec/template/spec/containers/0/resources").toString());
  }

  /** bitcoind answers -28 while it reads its chain, and is alive. */
  @Test
  void aStartThatTakesDaysIsNotKilledForIt() throws Exception {
    var container = template(children("nodes: 1")).at("/spec/containers/0");
    var startup = container.path("startupProbe");
    var patience =
        startup.path("periodSeconds").asLong() * startup.path("failureThreshold").asLong();
    assertTrue(patience >= Duration.ofDays(30).toSeconds(), startup.toString());
    assertFalse(container.has("livenessProbe"), "it would kill where the other one does not");
  }

  /** By itself bitcoind sizes its caches by the memory of the machine, which it shares here. */
  @Test
  void cachesAreOfATestNodesSizeUnlessTheUserWantsMore() throws Exception {
    var conf = conf(children("nodes: 1, config: [dbcache=450]"));
    var sections = conf.split("\\[regtest\\]\n", -1);
    for (var line : List.of("dbcache=64", "maxmempool=64", "par=1")) {
      assertTrue(sections[0].lines().anyMatch(line::equals), line);
    }
    assertEquals("dbcache=450\n", sections[1], "what stands under its section goes before");
  }

  @Test
  void everyThingIsOwnedByTheNetworkByUid() throws Exception {
    var children = children("nodes: 1");
    for (var child : new ObjectNode[] {children.service(), children.statefulSet()}) {
      var stored = Json.convert(child, StoredObject.class);
      assertTrue(stored.metadata().ownedBy("uid-1"));
    }
  }

  @Test
  void noObjectButTheSecretHoldsThePassword() throws Exception {
    var secret = Children.generatedSecret(network("nodes: 1"), "bitcoin", "geheim");
    assertEquals("geheim", secret.at("/stringData/BC_RPC_PASSWORD").asText());
    assertEquals("my-network-rpc", secret.at("/metadata/name").asText());
  }
}
