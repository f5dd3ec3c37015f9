package io.bitcoincontroller.local.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.kube.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people type, with the kubectl of this machine. */
@Timeout(300)
final class KubectlTest {
  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata:
        name: widgets.example.com
      spec:
        group: example.com
        scope: Namespaced
        names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wg]}
        versions:
        - name: v1
          served: true
          storage: true
          subresources:
            status: {}
            scale: {specReplicasPath: .spec.nodes, statusReplicasPath: .status.replicas}
          additionalPrinterColumns:
          - {name: Nodes, type: integer, jsonPath: .spec.nodes}
          - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
          schema:
            openAPIV3Schema:
              type: object
              required: [spec]
              properties:
                spec:
                  type: object
                  description: What is wanted.
                  properties:
                    nodes: {type: integer, maximum: 500, description: How many.}
                status:
                  type: object
                  x-kubernetes-preserve-unknown-fields: true
      """;

  private static final String WIDGET =
      """
      apiVersion: example.com/v1
      kind: Widget
      metadata: {name: w}
      spec: {nodes: 3}
      """;

  @TempDir private Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before every test
  private LocalApiServer server;

  private record Ran(int code, String output) {}

  @BeforeEach
  void start() throws Exception {
    assumeTrue(installed(), "kubectl is not on PATH: what people type was not tried");
    server = new LocalApiServer(LocalApiServer.Options.ordinary());
    server.writeKubeconfig(folder.resolve("kubeconfig"));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static boolean installed() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, "kubectl")));
  }

  private Ran kubectl(String... arguments) throws IOException, InterruptedException {
    var command = Stream.concat(Stream.of("kubectl"), Stream.of(arguments)).toList();
    var log = folder.resolve("output");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log.toFile()).directory(folder.toFile());
    builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
    builder.environment().put("HOME", folder.toString());
    var process = builder.start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> command + " hangs");
      return new Ran(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }

  private String works(String... arguments) throws IOException, InterruptedException {
    var ran = kubectl(arguments);
    assertEquals(0, ran.code, () -> List.of(arguments) + ": " + ran.output);
    return ran.output;
  }

  private void says(String wanted, String output) {
    assertTrue(output.contains(wanted), () -> "no \"" + wanted + "\" in: " + output);
  }

  private void define() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("crd.yaml"), DEFINITION);
    Files.writeString(folder.resolve("widget.yaml"), WIDGET);
    works("apply", "--validate=false", "-f", "crd.yaml");
    works("wait", "--for=condition=established", "--timeout=30s", "crd/widgets.example.com");
    works("apply", "--validate=false", "-f", "widget.yaml");
  }

  @Test
  void aCustomResourceIsAppliedShownScaledAndDeleted() throws Exception {
    define();
    assertEquals("NAME NODES READY w 3", works("get", "wg").strip().replaceAll("\\s+", " "));
    works("scale", "widget/w", "--replicas=4");
    assertEquals("4", works("get", "wg", "w", "-o", "jsonpath={.spec.nodes}"));
    says("configured", works("apply", "--validate=false", "-f", "widget.yaml"));
    says("unchanged", works("apply", "--validate=false", "-f", "widget.yaml"));
    says("nodes: 3", works("get", "wg", "w", "-o", "yaml"));
    says("Nodes:  3", works("describe", "wg", "w"));
    says("deleted", works("delete", "-f", "widget.yaml"));
    says("No resources found", works("get", "wg"));
  }

  @Test
  void serverSideApplyAndItsConflictsWork() throws Exception {
    define();
    Files.writeString(folder.resolve("five.yaml"), WIDGET.replace("nodes: 3", "nodes: 5"));
    var refused = kubectl("apply", "--server-side", "--field-manager=other", "-f", "five.yaml");
    assertEquals(1, refused.code, refused.output);
    says("conflict", refused.output);
    works(
        "apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "five.yaml");
    assertEquals("5", works("get", "wg", "w", "-o", "jsonpath={.spec.nodes}"));
  }

  @Test
  void aRefusalNamesTheObjectAndTheField() throws Exception {
    define();
    var patch = kubectl("patch", "wg", "w", "--type=merge", "-p", "{\"spec\":{\"nodes\":501}}");
    assertEquals(1, patch.code);
    says("The Widget \"w\" is invalid: spec.nodes: Invalid value: 501", patch.output);
  }

  @Test
  void waitingSeesAConditionThatComesLater() throws Exception {
    define();
    var waiting =
        Thread.ofVirtual()
            .start(
                () ->
                    server
                        .storage()
                        .update(
                            server.storageKind("example.com", "v1", "widgets"),
                            new ObjectKey("default", "w"),
                            widget -> {
                              widget
                                  .putObject("status")
                                  .putArray("conditions")
                                  .add(
                                      JsonNodeFactory.instance
                                          .objectNode()
                                          .put("type", "Ready")
                                          .put("status", "True"));
                              return widget;
                            }));
    works("wait", "--for=condition=Ready", "--timeout=30s", "widget/w");
    waiting.join();
    says("True", works("get", "wg"));
  }

  @Test
  void builtInKindsWorkToo() throws Exception {
    works("create", "configmap", "c", "--from-literal=a=b");
    works("create", "secret", "generic", "s", "--from-literal=a=b");
    says("Yg==", works("get", "secret", "s", "-o", "yaml"));
    works("create", "namespace", "n");
    says("Active", works("get", "namespaces"));
    works("label", "configmap", "c", "x=y");
    says("c", works("get", "cm", "-l", "x=y"));
    says("v1.30.0-local", works("version"));
    works("delete", "namespace", "n");
  }
}
