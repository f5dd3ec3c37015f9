package io.bitcoincontroller.local.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.tls.Tls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class LocalApiServerTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @SuppressWarnings("NullAway.Init") // set before every test
  private LocalApiServer server;

  @BeforeEach
  void start() throws Exception {
    server = new LocalApiServer(LocalApiServer.Options.ordinary());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Reply send(ClusterAccess access, String method, String target, String body)
      throws Exception {
    try (var client = new ApiServer(access, "test/1", (_, _, _) -> {})) {
      var content = body.isEmpty() ? Optional.<String>empty() : Optional.of(body);
      var type = body.isEmpty() ? "" : "application/json";
      return client.send(new ApiRequest(method, target, type, content), DEADLINE);
    }
  }

  private Reply send(String method, String target, String body) throws Exception {
    return send(TestAccess.to(server), method, target, body);
  }

  @Test
  void withoutTheTokenOnlyTheProbesAnswer() throws Exception {
    var stranger =
        new ClusterAccess(
            server.uri(),
            new Tls(server.clientTls(), Optional.empty(), Optional.empty()),
            TestAccess.bearer("wrong"),
            Optional.empty(),
            "default");
    var refused = assertInstanceOf(Reply.Failure.class, send(stranger, "GET", "/api/v1/pods", ""));
    assertEquals(401, refused.code());
    assertEquals("Unauthorized", refused.reason());
    assertEquals(200, send("GET", "/version", "").code());
  }

  @Test
  void theKubeconfigIsReadableByItsOwnerOnly(@TempDir Path folder) throws Exception {
    var file = folder.resolve("kubeconfig");
    server.writeKubeconfig(file);
    assertTrue(Files.readString(file).contains("server: " + server.uri()));
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    assertFalse(LocalApiServer.Options.ordinary().toString().contains("token"));
  }

  @Test
  void anEventHasTwoViews() throws Exception {
    var event =
        """
        {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e"},
         "eventTime":"2026-01-01T00:00:00.000000Z","reportingController":"c","action":"a",
         "reportingInstance":"i","reason":"r","type":"Normal","note":"hello",
         "regarding":{"kind":"Pod","name":"p","namespace":"default"}}
        """;
    var path = "/apis/events.k8s.io/v1/namespaces/default/events";
    var made = assertInstanceOf(Reply.Success.class, send("POST", path, event));
    assertEquals("hello", made.body().path("note").asText());
    var core = "/api/v1/namespaces/default/events";
    var seen =
        assertInstanceOf(
            Reply.Success.class, send("GET", core + "?fieldSelector=involvedObject.name%3Dp", ""));
    assertEquals("hello", seen.body().at("/items/0/message").asText());
    assertEquals("p", seen.body().at("/items/0/involvedObject/name").asText());
  }

  @Test
  void aDryRunStoresNothing() throws Exception {
    var before = server.storage().revision();
    var map = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"}}";
    var path = "/api/v1/namespaces/default/configmaps?dryRun=All";
    assertEquals(201, send("POST", path, map).code());
    assertEquals(before, server.storage().revision());
  }

  @Test
  void aScaleThatSomeoneSetBelongsToThem() throws Exception {
    var path = "/apis/apps/v1/namespaces/default/statefulsets";
    var set =
        """
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"w"},
         "spec":{"replicas":1,"serviceName":"s","selector":{"matchLabels":{"a":"b"}},
          "template":{"metadata":{"labels":{"a":"b"}},
           "spec":{"containers":[{"name":"x","image":"y"}]}}}}
        """;
    assertEquals(201, send("POST", path + "?fieldManager=one", set).code());
    var scale = "{\"apiVersion\":\"autoscaling/v1\",\"kind\":\"Scale\",\"spec\":{\"replicas\":4}}";
    assertEquals(200, send("PUT", path + "/w/scale?fieldManager=two", scale).code());
    try (var client = new ApiServer(TestAccess.to(server), "test/1", (_, _, _) -> {})) {
      var now = Unabridged.get(client, path + "/w", DEADLINE);
      assertEquals(4, now.at("/spec/replicas").asInt());
      assertTrue(now.at("/metadata/managedFields").toString().contains("\"manager\":\"two\""));
    }
  }

  @Test
  void deletingANamespaceOrADefinitionDeletesWhatItHolds() throws Exception {
    send("POST", "/api/v1/namespaces", named("Namespace", "n"));
    send("POST", "/api/v1/namespaces/n/configmaps", named("ConfigMap", "m"));
    assertEquals(200, send("DELETE", "/api/v1/namespaces/n", "").code());
    assertTrue(server.storage().list(Kind.CONFIG_MAPS).isEmpty());
    assertEquals(404, send("GET", "/api/v1/namespaces/n", "").code());
  }

  private static String named(String kind, String name) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"}}"
        .formatted(kind, name);
  }

  @Test
  void aPodsLogIsAnsweredByWhoeverRegisteredForIt() throws Exception {
    var log = "/api/v1/namespaces/default/pods/p/log";
    assertEquals(404, send("GET", log, "").code());
    server
        .podStreams()
        .register(
            "log",
            (pod, _, exchange) ->
                exchange.respond(
                    200,
                    Map.of("Content-Type", "application/json"),
                    ("\"" + pod + "\"").getBytes(StandardCharsets.UTF_8)));
    var said = assertInstanceOf(Reply.Success.class, send("GET", log, ""));
    assertEquals("default/p", said.body().asText());
  }

  @Test
  void abruptClosingEndsEverythingAtOnce() throws Exception {
    server.close();
    server.close();
    assertEquals(3, server.storage().list(Kind.NAMESPACES).size());
  }
}
