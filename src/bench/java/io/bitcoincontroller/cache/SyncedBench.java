package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.bench.Figures;
import io.bitcoincontroller.bench.Goal;
import io.bitcoincontroller.bench.Rounds;
import io.bitcoincontroller.bench.Table;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.local.http.Certificates;
import io.bitcoincontroller.local.http.Exchange;
import io.bitcoincontroller.local.http.HttpRequest;
import io.bitcoincontroller.local.http.HttpServer;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Measures how long a fresh controller waits for its pods. Each round has a JVM of its own, with
 * nothing compiled yet. The server has its answers ready, and serves HTTPS on loopback.
 */
final class SyncedBench {
  private static final int ROUNDS = 5;
  private static final int PAGE = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final byte[] NO_STREAMED_LISTS =
      "{\"kind\":\"Status\",\"code\":422,\"reason\":\"Invalid\"}".getBytes(UTF_8);
  private static final byte[] ALL_TOLD =
      """
      {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"99999",\
      "annotations":{"k8s.io/initial-events-end":"true"}}}}
      """
          .getBytes(UTF_8);

  /** What a client measured. */
  private record Round(double seconds, double cpu, double cpuAgain) {
    static Round parse(String line) {
      var figures = Stream.of(line.split(" ", -1)).map(Double::parseDouble).toList();
      return new Round(figures.get(0), figures.get(1), figures.get(2));
    }
  }

  private final byte[] events = BenchPods.events();
  private final List<byte[]> pages = pages();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean streams;

  private SyncedBench() throws IOException {}

  /** Without arguments: prints the table. With a kubeconfig: one round, as the client. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      client(Path.of(args[0]));
    } else {
      new SyncedBench().measure();
    }
  }

  private void measure() throws Exception {
    var certificates = Certificates.ofThisProcess();
    var kubeconfig = Files.createTempFile("synced-bench", ".yaml");
    try (var server =
            new HttpServer(
                certificates.server(), InetAddress.getLoopbackAddress(), 0, this::answer);
        var table =
            new Table("cache: %,d pods from a fresh start to synced".formatted(BenchPods.COUNT))) {
      Files.writeString(kubeconfig, kubeconfig(server.port(), certificates.caPem()));
      streams = true;
      rows(table, "streamed list", kubeconfig);
      streams = false;
      rows(table, "list in pages of " + PAGE, kubeconfig);
      table.note(
          "Reflector over HTTPS, server on this machine with its answers ready; the time of the");
      table.note("JVM's own start is left out, that of loading and compiling our classes is not.");
    } finally {
      over.countDown();
      Files.delete(kubeconfig);
    }
  }

  private static void rows(Table table, String how, Path kubeconfig) throws Exception {
    var rounds = new ArrayList<Round>();
    for (var i = 0; i < ROUNDS; i++) {
      rounds.add(Round.parse(round(kubeconfig)));
    }
    row(table, how + ", seconds", rounds, Round::seconds);
    row(table, "  CPU seconds of the client", rounds, Round::cpu);
    row(table, "  CPU seconds of a second time in the same JVM", rounds, Round::cpuAgain);
  }

  private static void row(
      Table table, String what, List<Round> rounds, ToDoubleFunction<Round> figure) {
    var figures = new Figures(rounds.stream().map(figure::applyAsDouble).toList());
    table.row(what, 2, figures, Goal.none());
  }

  private static String round(Path kubeconfig) throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                SyncedBench.class.getName(),
                kubeconfig.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      if (!process.waitFor(PATIENCE) || process.exitValue() != 0) {
        throw new IOException("a client did not get its pods");
      }
      return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    } finally {
      process.destroyForcibly();
    }
  }

  private static void client(Path kubeconfig) throws Exception {
    var access = ClusterAccess.find(Optional.of(kubeconfig), Optional.empty(), Map.of(), _ -> {});
    try (var server = new ApiServer(access, "synced-bench", (_, _, _) -> {})) {
      var start = System.nanoTime();
      var cpu = sync(server);
      var seconds = (System.nanoTime() - start) / 1e9;
      System.out.println(seconds + " " + cpu + " " + sync(server));
    }
  }

  /** Returns CPU seconds. */
  private static double sync(ApiServer server) throws IOException, InterruptedException {
    var start = Rounds.cpuNanos();
    var store = BenchPods.store();
    var random = new Random(1);
    var group = new ReflectorGroup(Recorder.off());
    var synced = new CountDownLatch(1);
    var reflector =
        new Reflector<>(
            server,
            Resource.PODS,
            "",
            "",
            store,
            group,
            Ticker.SYSTEM,
            random,
            LogLines.onStandardError(),
            synced::countDown);
    reflector.start();
    try {
      if (!synced.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
          || store.all().size() != BenchPods.COUNT) {
        throw new IOException("not synced: " + reflector.setback());
      }
      return (Rounds.cpuNanos() - start) / 1e9;
    } finally {
      reflector.stop();
    }
  }

  private void answer(HttpRequest request, Exchange exchange)
      throws IOException, InterruptedException {
    var query = request.query();
    if (!query.containsKey("watch")) {
      var page = query.getOrDefault("continue", "");
      exchange.respond(200, Map.of(), pages.get(page.isEmpty() ? 0 : Integer.parseInt(page)));
    } else if (query.containsKey("sendInitialEvents") && !streams) {
      exchange.respond(422, Map.of(), NO_STREAMED_LISTS);
    } else {
      watch(exchange, query.containsKey("sendInitialEvents"));
    }
  }

  private void watch(Exchange exchange, boolean initialEvents)
      throws IOException, InterruptedException {
    try (var out = exchange.stream(200, Map.of())) {
      if (initialEvents) {
        for (var from = 0; from < events.length; from += 16 * 1024) {
          out.write(events, from, Math.min(16 * 1024, events.length - from));
          out.flush();
        }
        out.write(ALL_TOLD);
        out.flush();
      }
      over.await();
    }
  }

  private static List<byte[]> pages() throws IOException {
    var pages = new ArrayList<byte[]>();
    for (var first = 0; first < BenchPods.COUNT; first += PAGE) {
      var page = new ByteArrayOutputStream();
      var more = first + PAGE < BenchPods.COUNT ? Integer.toString(first / PAGE + 1) : "";
      page.write(
          "{\"metadata\":{\"resourceVersion\":\"99999\",\"continue\":\"%s\"},\"items\":["
              .formatted(more)
              .getBytes(UTF_8));
      for (var i = first; i < first + PAGE; i++) {
        page.write(((i == first ? "" : ",") + BenchPods.json(i)).getBytes(UTF_8));
      }
      page.write("]}".getBytes(UTF_8));
      pages.add(page.toByteArray());
    }
    return pages;
  }

  private static String kubeconfig(int port, String caPem) {
    return """
    {apiVersion: v1, kind: Config, current-context: bench,
    contexts: [{name: bench, context: {cluster: bench, user: bench}}],
    clusters: [{name: bench, cluster: {server: "https://127.0.0.1:%d",
    certificate-authority-data: %s}}],
    users: [{name: bench, user: {token: none}}]}
    """
        .formatted(port, Base64.getEncoder().encodeToString(caPem.getBytes(UTF_8)));
  }
}
