package io.bitcoincontroller.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.tls.TestCertificates;
import io.bitcoincontroller.tls.TestServer;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plugins are shell scripts that count their runs by a line each in a file. */
class ExecPluginTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir private Path folder;

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final AtomicLong nanos = new AtomicLong();

  @BeforeEach
  void authorities() throws Exception {
    Files.writeString(folder.resolve("ca.crt"), TestCertificates.certificate("ca"));
  }

  /**
   * Another process writes it: a child of this one that another test just forks would hold it open
   * for writing for a moment, and then nobody can run it.
   */
  private Path script(String body) throws IOException {
    var file = folder.resolve("plugin");
    var write = List.of("sh", "-c", "cat >\"$0\" && chmod +x \"$0\"", file.toString());
    var writer = new ProcessBuilder(write).inheritIO().redirectInput(Redirect.PIPE).start();
    try (var out = writer.outputWriter()) {
      out.write("#!/bin/sh\necho run >>" + folder + "/runs\n" + body);
    }
    assertEquals(0, writer.onExit().join().exitValue());
    return file;
  }

  private int runs() throws IOException {
    var runs = folder.resolve("runs");
    return Files.exists(runs) ? Files.readAllLines(runs).size() : 0;
  }

  private static String credential(String status) {
    return "cat <<'E'\n{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":"
        + status
        + "}\nE\n";
  }

  private ExecPlugin plugin(String body, Duration timeout) throws IOException {
    var settings =
        new ExecPlugin.Settings(
            "user",
            "client.authentication.k8s.io/v1",
            script(body).toString(),
            List.of("--flag", "s3cret argument"),
            Map.of("PATH", "/usr/bin:/bin"),
            timeout,
            "");
    return new ExecPlugin(settings, now::get, nanos::get);
  }

  private String refusal(String body) throws IOException {
    var plugin = plugin(body, Duration.ofSeconds(60));
    var error = assertThrows(IOException.class, plugin::authorization);
    assertFalse(error.toString().contains("s3cret"), error.toString());
    assertTrue(error.getCause() == null || !error.getCause().toString().contains("s3cret"));
    return "" + error.getMessage();
  }

  /** Each run gives another: t1, t2, … */
  private String counting(String more) {
    return credential("{\"token\":\"t$(wc -l <" + folder + "/runs)\"" + more + "}")
        .replace("<<'E'", "<<E");
  }

  private void later(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void itsTokenIsKeptUntilItExpiresOrIsRefused() throws Exception {
    var expires = counting(",\"expirationTimestamp\":\"2026-01-31T12:10:00Z\"");
    var plugin = plugin(expires, Duration.ofSeconds(60));
    assertEquals(0, runs());
    assertEquals(Optional.of("Bearer t1"), plugin.authorization());
    assertEquals(Optional.of("Bearer t1"), plugin.authorization());
    now.set(NOON.plusSeconds(600));
    assertEquals(Optional.of("Bearer t2"), plugin.authorization());
    now.set(NOON.plusSeconds(599));
    assertEquals(Optional.of("Bearer t2"), plugin.authorization());
    plugin.refused("Bearer t1");
    assertEquals(Optional.of("Bearer t2"), plugin.authorization());
    plugin.refused("Bearer t2");
    later(ExecPlugin.TWO_RUNS);
    assertEquals(Optional.of("Bearer t3"), plugin.authorization());
    assertEquals(3, runs());
  }

  @Test
  void aClientCertificateIsRefusedWithWhatToUseInItsPlace() throws Exception {
    var certificate = Json.MAPPER.createObjectNode().put("clientCertificateData", "s3cret");
    for (var token : new String[] {"", "t"}) {
      var refusal = refusal(credential(certificate.put("token", token).toString()));
      assertTrue(refusal.contains("gives a client certificate, which plugins renew"), refusal);
      assertTrue(
          refusal.endsWith("use a plugin that gives tokens, or the service account of a pod"));
    }
  }

  @Test
  void manyThreadsStartItOnce() throws Exception {
    var plugin = plugin(credential("{\"token\":\"t\"}"), Duration.ofSeconds(60));
    var tasks = Stream.generate(() -> new FutureTask<>(plugin::authorization)).limit(20).toList();
    tasks.forEach(task -> Thread.ofVirtual().start(task));
    for (var task : tasks) {
      assertEquals(Optional.of("Bearer t"), task.get(60, TimeUnit.SECONDS));
    }
    assertEquals(1, runs());
  }

  @Test
  void whatItPrintsWronglyIsNamedAndNeverShown() throws Exception {
    assertTrue(
        refusal("echo s3cret")
            .endsWith("did not print JSON: run it by hand to see what it prints"));
    assertTrue(
        refusal("echo '{\"kind\":\"s3cret\"}'").contains("did not print an ExecCredential of"));
    assertTrue(
        refusal(credential("{\"token\":\"s3cret two\"}")).contains("status.token has characters"));
    assertTrue(refusal(credential("{}")).contains("printed no token"));
    assertTrue(
        refusal(credential("{\"token\":\"s3cret\",\"expirationTimestamp\":\"noon\"}"))
            .contains("RFC 3339"));
    assertTrue(refusal("echo s3cret; exit 3").contains("exit code 3"));
    assertTrue(refusal("yes s3cret").contains("wrote over 1048576 bytes"));
    assertTrue(refusal("").contains("did not print"));
  }

  @Test
  void oneThatHangsIsEndedWithAllItsChildren() throws Exception {
    var plugin = plugin("sleep 600 & echo $! >" + folder + "/child; wait", Duration.ofSeconds(2));
    var error = assertThrows(IOException.class, plugin::authorization);
    assertTrue(("" + error.getMessage()).contains("did not end within 2 s"), error.toString());
    var child = folder.resolve("child");
    if (Files.exists(child)) {
      var pid = Long.parseLong(Files.readString(child).strip());
      var process = ProcessHandle.of(pid);
      if (process.isPresent()) {
        process.get().onExit().get(60, TimeUnit.SECONDS);
      }
    }
  }

  private ExecPlugin load(String exec) throws Exception {
    var kubeconfig =
        """
        clusters:
        - name: c
          cluster:
            server: https://127.0.0.1:6443
            certificate-authority: ca.crt
            extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]
        users: [{name: u, user: {exec: {%s}}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(exec);
    Files.writeString(folder.resolve("config"), kubeconfig);
    var env = Map.of("PATH", folder + ":/usr/bin:/bin", "INHERITED", "yes");
    var access =
        Kubeconfig.load(Optional.of(folder.resolve("config")), Optional.empty(), env, _ -> {});
    return (ExecPlugin) access.credential();
  }

  @ParameterizedTest
  @CsvSource({"v1,plugin", "v1beta1,plugin", "v1,./plugin"})
  void itGetsItsArgumentsItsEnvironmentAndTheClusterInfo(String version, String command)
      throws Exception {
    script(
        """
        printf '%s\\n' "$KUBERNETES_EXEC_INFO" >"$OUT/info"
        printf '%s\\n' "$1|$2|$INHERITED|$MORE" >"$OUT/seen"
        echo "{\\"kind\\":\\"ExecCredential\\",\\"apiVersion\\":\\"client.authentication.k8s.io/$1\\",\\"status\\":{\\"token\\":\\"t\\"}}"
        """);
    var plugin =
        load(
            """
            apiVersion: client.authentication.k8s.io/%s, command: %s, args: [%s, "a b"],
            env: [{name: MORE, value: more}, {name: OUT, value: %s}],
            interactiveMode: IfAvailable, provideClusterInfo: true
            """
                .formatted(version, command, version, folder));
    assertEquals(Optional.of("Bearer t"), plugin.authorization());
    assertEquals(version + "|a b|yes|more\n", Files.readString(folder.resolve("seen")));
    JsonNode info = Json.MAPPER.readTree(Files.readString(folder.resolve("info")));
    assertEquals("ExecCredential", info.path("kind").asText());
    assertEquals("client.authentication.k8s.io/" + version, info.path("apiVersion").asText());
    assertFalse(info.at("/spec/interactive").asBoolean(true));
    assertEquals("https://127.0.0.1:6443", info.at("/spec/cluster/server").asText());
    assertEquals("x", info.at("/spec/cluster/config/audience").asText());
    assertEquals(
        TestCertificates.base64(TestCertificates.certificate("ca")),
        info.at("/spec/cluster/certificate-authority-data").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "apiVersion: client.authentication.k8s.io/v1alpha1, command: sh | apiVersion must be",
        "apiVersion: client.authentication.k8s.io/v1, command: sh | interactiveMode must be Never",
        "apiVersion: client.authentication.k8s.io/v1, command: sh, interactiveMode: Always | no terminal",
        "apiVersion: client.authentication.k8s.io/v1beta1, installHint: 'Get it.' | command is missing",
        "apiVersion: client.authentication.k8s.io/v1beta1, command: no-such, installHint: 'Get it.' | 'no-such' is no program that can be run: install it. Get it.",
        "apiVersion: client.authentication.k8s.io/v1beta1, command: sh, args: [1] | args must be a list of texts",
        "apiVersion: client.authentication.k8s.io/v1beta1, command: sh, env: [{name: a}] | env must be",
        "apiVersion: client.authentication.k8s.io/v1beta1, command: sh, foo: 1 | foo is not supported",
      })
  void aConfigurationThatCannotWorkIsNamedAtTheStart(String exec, String expected) {
    var error = assertThrows(ConfigurationException.class, () -> load(exec));
    assertTrue(("" + error.getMessage()).contains("user \"u\": exec: "), error.toString());
    assertTrue(("" + error.getMessage()).contains(expected), error.toString());
  }

  @Test
  void manyRequestsThatAreRefusedTogetherRunItOnce() throws Exception {
    TestServer.Handler second =
        exchange -> {
          var sent = exchange.getRequestHeaders().getFirst("Authorization");
          TestServer.answer(exchange, "Bearer t2".equals(sent) ? 200 : 401, "{}");
        };
    try (var server = new TestServer("server", false, second)) {
      var plugin = plugin(counting(""), Duration.ofSeconds(60));
      var access = TestAccess.to(server, plugin);
      try (var api = new ApiServer(access, "test", (_, _, _) -> {})) {
        var request = Requests.get(Resource.PODS, new ObjectKey("default", "any"));
        var tasks =
            Stream.generate(() -> new FutureTask<>(() -> api.send(request, Duration.ofMinutes(1))))
                .limit(20)
                .toList();
        tasks.forEach(task -> Thread.ofVirtual().start(task));
        for (var task : tasks) {
          assertEquals(200, task.get(60, TimeUnit.SECONDS).code());
        }
      }
    }
    assertEquals(2, runs());
  }

  @Test
  void oneThatGoesOnGivingWhatIsRefusedOrExpiredIsNotRunInALoop() throws Exception {
    var plugin = plugin(credential("{\"token\":\"t\"}"), Duration.ofSeconds(60));
    for (var request = 0; request < 100; request++) {
      assertEquals(Optional.of("Bearer t"), plugin.authorization());
      plugin.refused("Bearer t");
    }
    assertEquals(2, runs());
    later(ExecPlugin.TWO_RUNS);
    plugin.authorization();
    assertEquals(3, runs());
    Files.delete(folder.resolve("runs"));
    var old = ",\"expirationTimestamp\":\"2025-01-31T12:10:00Z\"";
    var expired = plugin(counting(old), Duration.ofSeconds(60));
    for (var request = 0; request < 100; request++) {
      expired.authorization();
    }
    assertEquals(2, runs());
  }

  @Test
  void oneThatFailsIsNotRunInALoop() throws Exception {
    var plugin = plugin("exit 3", Duration.ofSeconds(60));
    for (var request = 0; request < 20; request++) {
      assertThrows(IOException.class, plugin::authorization);
    }
    assertEquals(2, runs());
    script(credential("{\"token\":\"t\"}"));
    later(ExecPlugin.TWO_RUNS);
    assertEquals(Optional.of("Bearer t"), plugin.authorization());
  }
}
