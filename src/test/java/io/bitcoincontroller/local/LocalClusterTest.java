package io.bitcoincontroller.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.kubelet.Bitcoind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole cluster: storage, API server, controllers and node at work together. */
final class LocalClusterTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String SET =
      """
      {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "set", "namespace": "default"},
       "spec": {"replicas": 2, "serviceName": "svc", "podManagementPolicy": "Parallel",
         "selector": {"matchLabels": {"app": "x"}},
         "template": {
           "metadata": {"labels": {"app": "x"}},
           "spec": {"terminationGracePeriodSeconds": 1, "containers": [
             {"name": "c", "image": "none", "command": ["sh", "-c", "exec sleep 1000"]}]}}}}
      """;

  @TempDir private Path temp;

  @Test
  void aSetRunsAndEndsWhenItIsDeletedOverHttps() throws Exception {
    var folder = temp.resolve("cluster");
    try (var cluster = LocalCluster.start(LocalCluster.Options.ordinary(temp, folder));
        var client = HttpClient.newBuilder().sslContext(cluster.api().clientTls()).build()) {
      assertEquals("rw-------", permissions(cluster.kubeconfig()));
      cluster.create(Kind.STATEFUL_SETS, Json.MAPPER.readTree(SET).require());
      await(cluster, 2);
      var key = new ObjectKey("default", "set-1");
      var process = ProcessHandle.of(cluster.pidOf(key).orElseThrow()).orElseThrow();
      var echo = List.of("sh", "-c", "echo here");
      assertEquals("here\n", cluster.exec(key, echo, Duration.ofSeconds(30)).stdout());
      assertEquals(200, delete(client, cluster.api()));
      awaitNoPods(cluster);
      assertFalse(process.isAlive(), "the process lives");
    }
    assertFalse(Files.exists(folder), "the folder is still there");
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static int delete(HttpClient client, LocalApiServer api)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(
                api.uri().resolve("/apis/apps/v1/namespaces/default/statefulsets/set"))
            .header("Authorization", "Bearer " + api.token())
            .timeout(BOUND)
            .DELETE()
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private static void await(LocalCluster cluster, int ready) throws InterruptedException {
    var sets = cluster.storage().changes(Kind.STATEFUL_SETS, 1);
    var seen = 0;
    while (seen != ready) {
      var change = sets.next(BOUND).orElseThrow();
      seen = change.object().at("/status/readyReplicas").asInt();
    }
  }

  private static void awaitNoPods(LocalCluster cluster) throws InterruptedException {
    try (var pods = cluster.storage().changes(Kind.PODS, 1)) {
      while (!cluster.storage().list(Kind.PODS).isEmpty()) {
        assertTrue(pods.next(BOUND).isPresent(), "pods stay");
      }
    }
  }

  @Test
  void aFolderWithSomethingInItIsRefusedAndKept() throws IOException {
    var mine = Files.writeString(temp.resolve("mine"), "x");
    var options = LocalCluster.Options.ordinary(temp, temp);
    var refusal = assertThrows(IOException.class, () -> LocalCluster.start(options));
    assertTrue(String.valueOf(refusal.getMessage()).contains("not empty"), refusal.toString());
    assertTrue(Files.exists(mine));
  }

  @Test
  void theProgramEndsOnTermAndLeavesNothing() throws Exception {
    var folder = temp.resolve("cluster");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = System.getProperty("java.class.path");
    var program = LocalCluster.class.getName();
    var jvm =
        new ProcessBuilder(
                java,
                "-Dbitcoind.bin=" + Bitcoind.folder(),
                "-cp",
                classPath,
                program,
                folder.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    try (var output =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
      var line = Optional.ofNullable(output.readLine()).orElseThrow();
      assertEquals("KUBECONFIG=" + folder.resolve("kubeconfig"), line);
      assertTrue(Files.exists(folder.resolve("kubeconfig")));
      jvm.destroy();
      assertTrue(jvm.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS), "the program goes on");
      assertFalse(Files.exists(folder), "the folder is still there");
    } finally {
      jvm.destroyForcibly();
    }
  }
}
