package io.bitcoincontroller.local.realcluster;

import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.kube.IdleConnections;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.local.user.User;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The real Kubernetes that {@code scripts/test-realcluster.sh} has started. */
public final class RealCluster {
  private static final Duration ETCD_DEADLINE = Duration.ofSeconds(30);
  private static final long KILL_SECONDS = 30;
  private static final long UP_SECONDS = 120;

  private final Path tool;
  private final Path home;

  private RealCluster(Path tool, Path home) {
    this.tool = tool;
    this.home = home;
  }

  /**
   * The cluster that the script names.
   *
   * @throws IllegalStateException if the tests were not started by it
   */
  public static RealCluster started() {
    // as Main does: a client that keeps connections for longer than a watch lasts meets dead ones
    IdleConnections.limit();
    return new RealCluster(fromScript("REALCLUSTER"), fromScript("REALCLUSTER_HOME"));
  }

  private static Path fromScript(String variable) {
    return Optional.ofNullable(System.getenv(variable))
        .map(Path::of)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    variable + " is not set: run this test by scripts/test-realcluster.sh"));
  }

  /** The administrator's. */
  public Path kubeconfig() {
    return home.resolve("admin.kubeconfig");
  }

  /** The administrator's. */
  public ClusterAccess access() throws IOException {
    return User.access(kubeconfig());
  }

  public AuditLog audit() {
    return new AuditLog(home.resolve("audit.log"));
  }

  /**
   * As {@code kill -9}; returns when it is gone. The controller manager goes with it: each of its
   * watches waits for up to a minute before it tries again, and until then nothing is collected.
   */
  public void killApiServer() throws IOException {
    kill("kube-apiserver");
    if (runs("kube-controller-manager").isPresent()) {
      kill("kube-controller-manager");
    }
  }

  private Optional<ProcessHandle> runs(String name) throws IOException {
    // the file holds the process's id and its start
    var words = Files.readString(home.resolve("run/" + name + ".pid")).strip().split(" ", 2);
    return ProcessHandle.of(Long.parseLong(words[0]));
  }

  private void kill(String name) throws IOException {
    var process = runs(name);
    if (process.isEmpty()) {
      throw new IOException(name + " does not run");
    }
    process.get().destroyForcibly();
    try {
      process.get().onExit().orTimeout(KILL_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new IOException(name + " does not end, although killed", e);
    }
  }

  private void killAll() throws IOException {
    killApiServer();
    kill("etcd");
  }

  /** Copies what etcd holds; the cluster stands still meanwhile, and runs again afterwards. */
  public Path backup() throws IOException, InterruptedException {
    killAll();
    var copy = home.resolve("etcd.backup");
    replace(copy, data());
    startApiServer();
    return copy;
  }

  /** Restores it: later changes never happened. */
  public void putBack(Path backup) throws IOException, InterruptedException {
    killAll();
    replace(data(), backup);
    startApiServer();
  }

  private Path data() {
    return home.resolve("state/etcd");
  }

  private static void replace(Path folder, Path by) throws IOException, InterruptedException {
    var copy =
        new ProcessBuilder(
                "/bin/sh", "-c", "rm -rf \"$0\" && cp -a \"$1\" \"$0\"", "" + folder, "" + by)
            .inheritIO()
            .start();
    if (copy.waitFor() != 0) {
      throw new IOException("can't copy " + by + " to " + folder);
    }
  }

  /** Starts each program that does not run. Returns when the API server is ready. */
  public void startApiServer() throws IOException, InterruptedException {
    var words = home.resolve("up.log").toFile();
    var up =
        new ProcessBuilder(tool.toString(), "up")
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(words)
            .start();
    if (!up.waitFor(UP_SECONDS, TimeUnit.SECONDS)) {
      up.destroyForcibly();
      throw new IOException("the API server is not ready: " + Files.readString(words.toPath()));
    }
    if (up.exitValue() != 0) {
      throw new IOException("the API server does not start: " + Files.readString(words.toPath()));
    }
  }

  /**
   * Makes etcd forget all history before a version, as it does by itself every five minutes.
   *
   * @param resourceVersion etcd's revision, under Kubernetes' name
   */
  public void compact(String resourceVersion) throws IOException, InterruptedException {
    var etcd = URI.create("http://127.0.0.1:" + (access().server().getPort() + 1));
    var body = Json.MAPPER.createObjectNode();
    body.put("revision", resourceVersion).put("physical", true);
    var request =
        HttpRequest.newBuilder(etcd.resolve("/v3/kv/compaction"))
            .timeout(ETCD_DEADLINE)
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("etcd does not compact: " + answer.body());
      }
    }
  }
}
