package io.bitcoincontroller.local.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.user.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @SuppressWarnings("NullAway.Init") // set before every test
  private Kubectl kubectl;

  @BeforeEach
  void start() throws Exception {
    var program = Kubectl.find();
    assumeTrue(program.isPresent(), "kubectl is not on PATH: what people type was not tried");
    server = new LocalApiServer(LocalApiServer.Options.ordinary());
    var kubeconfig = folder.resolve("kubeconfig");
    server.writeKubeconfig(kubeconfig);
    kubectl = new Kubectl(program.get(), kubeconfig, folder);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private String works(String... arguments) throws IOException, InterruptedException {
    return kubectl.works(arguments);
  }

  private void says(String wanted, String output) {
    assertTrue(output.contains(wanted), () -> "no \"" + wanted + "\" in: " + output);
  }

  private void define() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("crd.yaml"), DEFINITION);
    Files.writeString(folder.resolve("widget.yaml"), WIDGET);
    works("apply", "-f", "crd.yaml");
    works("wait", "--for=condition=established", "--timeout=30s", "crd/widgets.example.com");
    works("apply", "-f", "widget.yaml");
  }

  @Test
  void aCustomResourceIsAppliedShownScaledAndDeleted() throws Exception {
    define();
    assertEquals("NAME NODES READY w 3", works("get", "wg").strip().replaceAll("\\s+", " "));
    works("scale", "widget/w", "--replicas=4");
    assertEquals("4", works("get", "wg", "w", "-o", "jsonpath={.spec.nodes}"));
    says("configured", works("apply", "-f", "widget.yaml"));
    says("unchanged", works("apply", "-f", "widget.yaml"));
    says("nodes: 3", works("get", "wg", "w", "-o", "yaml"));
    says("Nodes:  3", works("describe", "wg", "w"));
    says("deleted", works("delete", "-f", "widget.yaml"));
    says("No resources found", works("get", "wg"));
  }

  @Test
  void serverSideApplyAndItsConflictsWork() throws Exception {
    define();
    Files.writeString(folder.resolve("five.yaml"), WIDGET.replace("nodes: 3", "nodes: 5"));
    var refused = kubectl.run("apply", "--server-side", "--field-manager=other", "-f", "five.yaml");
    assertEquals(1, refused.code(), refused.output());
    says("conflict", refused.output());
    works(
        "apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "five.yaml");
    assertEquals("5", works("get", "wg", "w", "-o", "jsonpath={.spec.nodes}"));
  }

  @Test
  void aRefusalNamesTheObjectAndTheField() throws Exception {
    define();
    var patch = kubectl.run("patch", "wg", "w", "--type=merge", "-p", "{\"spec\":{\"nodes\":501}}");
    assertEquals(1, patch.code());
    says("The Widget \"w\" is invalid: spec.nodes: Invalid value: 501", patch.output());
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

  @Test
  void aFieldThatIsNotThereIsNamedBeforeAnythingIsChanged() throws Exception {
    define();
    Files.writeString(folder.resolve("wrong.yaml"), WIDGET.replace("nodes:", "nods:"));
    var refused = kubectl.run("apply", "-f", "wrong.yaml");
    assertEquals(1, refused.code(), refused.output());
    says("nods", refused.output());
    assertEquals("3", works("get", "wg", "w", "-o", "jsonpath={.spec.nodes}"));
  }

  @Test
  void explainReadsTheDescriptions() throws Exception {
    define();
    var explained = works("explain", "widget.spec");
    says("What is wanted.", explained);
    says("nodes", explained);
    says("How many.", works("explain", "widget.spec.nodes"));
    says("containers", works("explain", "pod.spec"));
  }

  @Test
  void applyTakesAnItemOutOfAListThatHasOneLess() throws Exception {
    var two =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: s}
        spec:
          ports: [{name: a, port: 1, protocol: TCP}, {name: b, port: 2, protocol: TCP}]
        """;
    Files.writeString(folder.resolve("s.yaml"), two);
    works("apply", "-f", "s.yaml");
    says("1/TCP,2/TCP", works("get", "service", "s"));
    Files.writeString(
        folder.resolve("s.yaml"), two.replace(", {name: b, port: 2, protocol: TCP}", ""));
    says("configured", works("apply", "-f", "s.yaml"));
    assertEquals("1", works("get", "service", "s", "-o", "jsonpath={.spec.ports[*].port}"));
  }

  @Test
  void diffTriesAChangeWithoutMakingIt() throws Exception {
    define();
    Files.writeString(folder.resolve("widget.yaml"), WIDGET.replace("nodes: 3", "nodes: 4"));
    var diff = kubectl.run("diff", "-f", "widget.yaml");
    assertEquals(1, diff.code(), diff.output());
    says("+  nodes: 4", diff.output());
    assertEquals("3", works("get", "wg", "w", "-o", "jsonpath={.spec.nodes}"));
  }

  @Test
  void anEditorsChangeIsStored() throws Exception {
    define();
    var editor = folder.resolve("editor");
    Files.writeString(editor, "#!/bin/sh\nexec sed -i 's/nodes: 3/nodes: 7/' \"$1\"\n");
    assertTrue(editor.toFile().setExecutable(true));
    works("edit", "wg", "w");
    assertEquals("7", works("get", "wg", "w", "-o", "jsonpath={.spec.nodes}"));
  }

  @Test
  void theOneUserMayDoEverything() throws Exception {
    says("yes", works("auth", "can-i", "create", "pods"));
    says("*.*", works("auth", "can-i", "--list"));
  }
}
