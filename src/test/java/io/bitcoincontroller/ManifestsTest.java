package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.user.Kubectl;
import io.bitcoincontroller.yaml.Yaml;
import io.bitcoincontroller.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What users apply, applied by the kubectl of this machine to an empty cluster. */
@Timeout(300)
final class ManifestsTest {
  private static final String MANIFESTS = Stage.MANIFESTS.toAbsolutePath().toString();

  /** deployments/testNetwork.yaml of the original program, byte for byte. */
  private static final String ORIGINAL =
      """
      apiVersion: bitcoincontroller.christianb93.github.com/v1
      kind: BitcoinNetwork
      metadata:
        name: my-network
      spec:
        nodes: 3
        secret: bitcoin-default-secret\040
      """;

  @FunctionalInterface
  private interface Use {
    void of(Kubectl kubectl) throws Exception;
  }

  private static void onAnEmptyCluster(Path folder, Use use) throws Exception {
    var program = Kubectl.find();
    assumeTrue(program.isPresent(), "kubectl is not on PATH: the manifests were not applied");
    try (var server = new LocalApiServer(LocalApiServer.Options.ordinary())) {
      var kubeconfig = folder.resolve("kubeconfig");
      server.writeKubeconfig(kubeconfig);
      use.of(new Kubectl(program.get(), kubeconfig, folder));
    }
  }

  @Test
  void theyInstallInOneGoByKustomizeAndAnythingElseAfterThem(@TempDir Path folder)
      throws Exception {
    onAnEmptyCluster(
        folder,
        kubectl -> {
          kubectl.works("apply", "-k", MANIFESTS);
          kubectl.works("apply", "-f", MANIFESTS + "/samples");
          kubectl.works("apply", "-f", MANIFESTS + "/extras/one-namespace.yaml");
          kubectl.works("apply", "-f", MANIFESTS + "/extras/network-policy.yaml");
          kubectl.works("apply", "-f", MANIFESTS + "/extras/network-policy-controller.yaml");
          kubectl.works("apply", "-f", MANIFESTS + "/extras/pod-disruption-budget.yaml");
          var rules = Files.readString(Path.of(MANIFESTS, "extras/validation-rules.json"));
          var definition = "crd/bitcoinnetworks.bitcoincontroller.christianb93.github.com";
          kubectl.works("patch", definition, "--type=json", "-p", rules);
          assertTrue(kubectl.works("get", definition, "-o", "yaml").contains("oldSelf.storage"));
          assertTrue(kubectl.works("get", "bn").contains("sparse"));
        });
  }

  @Test
  void theyInstallInOneGoAsAFolder(@TempDir Path folder) throws Exception {
    onAnEmptyCluster(
        folder,
        kubectl -> {
          kubectl.works("apply", "-f", MANIFESTS);
          assertTrue(kubectl.works("get", "deployment", "-A").contains("bitcoin-controller"));
        });
  }

  @Test
  void theOriginalsNetworkIsTakenAsItIs(@TempDir Path folder) throws Exception {
    onAnEmptyCluster(
        folder,
        kubectl -> {
          kubectl.works("apply", "-f", MANIFESTS + "/crd.yaml");
          kubectl.works(ORIGINAL, List.of("apply", "-f", "-"));
          var spec = kubectl.works("get", "bitcoinnet", "my-network", "-o", "jsonpath={.spec}");
          assertTrue(spec.contains("\"nodes\":3"), spec);
          assertTrue(spec.contains("\"secret\":\"bitcoin-default-secret\""), spec);
          var explained = kubectl.works("explain", "bitcoinnetwork.spec");
          assertTrue(explained.contains("How many bitcoind nodes"), explained);
        });
  }

  @Test
  void theControllerIsADeploymentThatMayDoLittle() throws IOException, YamlException {
    var deployment = Yaml.readOne(Files.readString(Stage.MANIFESTS.resolve("run.yaml")));
    assertEquals("Deployment", deployment.path("kind").asText());
    var pod = deployment.at("/spec/template/spec");
    assertTrue(pod.at("/securityContext/runAsNonRoot").asBoolean());
    var container = pod.at("/containers/0");
    assertTrue(container.path("image").asText().matches("[a-z-]+:[0-9.]+"));
    var context = container.path("securityContext");
    assertTrue(context.path("readOnlyRootFilesystem").asBoolean());
    assertEquals("ALL", context.at("/capabilities/drop/0").asText());
  }

  @Test
  void everyFieldOfANetworkIsDescribed() throws IOException, YamlException {
    var definition = Yaml.readOne(Files.readString(Stage.MANIFESTS.resolve("crd.yaml")));
    var schema = definition.at("/spec/versions/0/schema/openAPIV3Schema");
    var silent = new ArrayList<String>();
    for (var part : List.of("spec", "status")) {
      undescribed(schema.path("properties").path(part), part, silent);
    }
    assertEquals(List.of(), silent);
  }

  private static void undescribed(JsonNode schema, String path, List<String> silent) {
    if (!schema.has("description")) {
      silent.add(path);
    }
    schema
        .path("properties")
        .properties()
        .forEach(e -> undescribed(e.getValue(), path + "." + e.getKey(), silent));
    schema
        .path("items")
        .path("properties")
        .properties()
        .forEach(e -> undescribed(e.getValue(), path + "[]." + e.getKey(), silent));
  }
}
