package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.access.Credential;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Faults.Fault;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.api.MemoryStorage;
import io.bitcoincontroller.local.http.HttpRequest;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.tls.Tls;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Several namespaces by flag: the trouble of one is told, and is the trouble of no other. */
@Execution(ExecutionMode.CONCURRENT)
final class NamespacesTest {
  /** Networks, Services, StatefulSets, Pods, and budgets where they are served. */
  private static final int KINDS = 5;

  /** Objects only: nobody runs pods here. */
  private static final class Server implements AutoCloseable {
    final MemoryStorage storage = new MemoryStorage();
    final LocalApiServer api;
    final Kind networks;
    final Kind budgets;
    final Path kubeconfig;

    Server(Path folder) throws Exception {
      api = new LocalApiServer(LocalApiServer.Options.ordinary(), storage);
      var definition = Yaml.readOne(Files.readString(Stage.MANIFESTS.resolve("crd.yaml")));
      storage.create(Kind.CUSTOM_RESOURCE_DEFINITIONS, (ObjectNode) definition);
      networks =
          api.storageKind("bitcoincontroller.christianb93.github.com", "v1", "bitcoinnetworks");
      budgets = api.storageKind("policy", "v1", "poddisruptionbudgets");
      kubeconfig = folder.resolve("kubeconfig");
      api.writeKubeconfig(kubeconfig);
    }

    void namespace(String name) {
      var namespace = JsonNodeFactory.instance.objectNode();
      namespace.put("apiVersion", "v1").put("kind", "Namespace");
      namespace.putObject("metadata").put("name", name);
      storage.create(Kind.NAMESPACES, namespace);
    }

    void network(String namespace) {
      var network = JsonNodeFactory.instance.objectNode();
      network.put("apiVersion", networks.group() + "/v1").put("kind", "BitcoinNetwork");
      network.putObject("metadata").put("namespace", namespace).put("name", "net");
      network.putObject("spec").put("nodes", 1);
      storage.create(networks, network);
    }

    void budget(String namespace, String name, String labels) throws Exception {
      var budget = (ObjectNode) Yaml.readOne("{spec: {selector: {matchLabels: " + labels + "}}}");
      budget.put("apiVersion", "policy/v1").put("kind", "PodDisruptionBudget");
      budget.putObject("metadata").put("namespace", namespace).put("name", name);
      storage.create(budgets, budget);
    }

    Optional<ObjectNode> ownBudget(String namespace) {
      return storage.get(budgets, new ObjectKey(namespace, "net-pdb"));
    }

    JsonNode ready(String namespace) {
      return storage
          .get(networks, new ObjectKey(namespace, "net"))
          .map(network -> network.at("/status/conditions/0"))
          .orElse(JsonNodeFactory.instance.objectNode());
    }

    Seen says(String namespace, String words) {
      return ready(namespace).path("message").asText().contains(words)
          ? new Seen.Good("")
          : new Seen.NotYet(words, ready(namespace).toString());
    }

    boolean isServed(String namespace) {
      return storage.list(Kind.STATEFUL_SETS).stream()
          .anyMatch(set -> set.at("/metadata/namespace").asText().equals(namespace));
    }

    Seen served(String namespace) {
      return isServed(namespace)
          ? new Seen.Good("")
          : new Seen.NotYet("a StatefulSet in " + namespace, "none");
    }

    @Override
    public void close() {
      api.close();
    }
  }

  private static Seen ready(ControllerProgram controller, String path, int code, String... parts)
      throws IOException, InterruptedException {
    var answer = controller.get(path);
    var good = answer.statusCode() == code;
    for (var part : parts) {
      good &= answer.body().contains(part);
    }
    return good
        ? new Seen.Good("")
        : new Seen.NotYet(
            code + " " + String.join(", ", parts), answer.statusCode() + " " + answer.body());
  }

  /** b: one kind is forbidden; c: all are; d: there is no such namespace yet. */
  @Test
  void whereWeMayNotLookNothingIsDoneAndElsewhereAllIs(@TempDir Path folder) throws Exception {
    try (var server = new Server(folder)) {
      for (var name : List.of("a", "b", "c")) {
        server.namespace(name);
        server.network(name);
      }
      server.api.faults().inject(Fault.FORBIDDEN, NamespacesTest::ofNoConcern, 10_000);
      try (var controller =
          ControllerProgram.start(
              BuiltProgram.command(),
              server.kubeconfig,
              folder.resolve("log"),
              "--namespace=a,b,c,d")) {
        Waiting.until("a is served", controller::lastWords, () -> server.served("a"));
        Waiting.until(
            "not ready because of b and c",
            controller::lastWords,
            () ->
                ready(
                    controller,
                    "/readyz/watches",
                    503,
                    "pods in namespace b: HTTP 403",
                    " in namespace c: HTTP"));
        Waiting.until(
            "a line that names b",
            controller::lastWords,
            () ->
                controller.lines().stream().anyMatch(line -> line.contains("namespace=b"))
                    ? new Seen.Good("")
                    : new Seen.NotYet("namespace=b", "no line"));
        server.namespace("d");
        server.network("d");
        Waiting.until("d is served", controller::lastWords, () -> server.served("d"));
        assertTrue(!server.isServed("b") && !server.isServed("c"));

        server.api.faults().clear();
        Waiting.until("b is served", controller::lastWords, () -> server.served("b"));
        Waiting.until("c is served", controller::lastWords, () -> server.served("c"));
        Waiting.until("ready", controller::lastWords, () -> ready(controller, "/readyz", 200));
        var metrics = controller.get("/metrics").body();
        assertEquals(KINDS, series(metrics, "watch_last_byte_age_seconds"));
        assertEquals(0, controller.end());
      }
    }
  }

  private static boolean ofNoConcern(HttpRequest request) {
    return request.path().matches("/api/v1/namespaces/b/pods|.*/namespaces/c/.*");
  }

  private static long series(String metrics, String name) {
    return metrics.lines().filter(line -> line.startsWith(name + "{")).count();
  }

  @Test
  void manyNamespacesAreAsManySeriesAsOne() throws Exception {
    var names =
        IntStream.range(0, 300).mapToObj(i -> "tenant-" + i).collect(Collectors.joining(","));
    var run =
        (Config.CommandLine.Run)
            Config.parse("--namespace", names, "--bind-address", "127.0.0.1:0");
    var nowhere =
        new ClusterAccess(
            URI.create("https://127.0.0.1:1"),
            new Tls(SSLContext.getDefault(), Optional.empty(), Optional.empty()),
            Credential.NONE,
            Optional.empty(),
            "default");
    var metrics = new Metrics();
    var requests = new RequestMetrics(metrics);
    try (var api = new ApiServer(nowhere, "a test", (_, _, _) -> {});
        var bitcoind = new BitcoindClient(requests);
        var process =
            new ControllerProcess(
                run.config(),
                api,
                bitcoind,
                Optional.empty(),
                () -> {},
                metrics,
                new LogLines().log)) {
      assertTrue(process.httpAddress().startsWith("127.0.0.1:"));
      for (var name : List.of("watch_last_byte_age_seconds", "cache_proved_age_seconds")) {
        assertEquals(KINDS, series(metrics.text(), name));
      }
    }
  }

  private static void everyLineOfANetworkTellsItsPass(List<String> lines) {
    var ofNetworks = lines.stream().filter(line -> line.matches(".* (network|key)=.*")).toList();
    assertFalse(ofNetworks.isEmpty());
    for (var line : ofNetworks) {
      assertTrue(line.matches(".* pass=[1-9][0-9]*"), line);
    }
  }

  /**
   * b: budgets are forbidden; c: a foreign one has the name; d: one is over the pods already; e:
   * none may be made.
   */
  @Test
  void whereABudgetCantBeHadANetworkDoesWithoutAndSaysSoOnce(@TempDir Path folder)
      throws Exception {
    try (var server = new Server(folder)) {
      List.of("a", "b", "c", "d", "e").forEach(server::namespace);
      server.budget("c", "net-pdb", "{app: other}");
      server.budget("d", "theirs", "{app: net}");
      server.budget("a", "theirs", "{app: other}");
      List.of("a", "b", "c", "d", "e").forEach(server::network);
      server.api.faults().inject(Fault.FORBIDDEN, NamespacesTest::ofBudgets, 10_000);
      try (var controller =
          ControllerProgram.start(
              BuiltProgram.command(),
              server.kubeconfig,
              folder.resolve("log"),
              "--log-level=debug",
              "--namespace=a,b,c,d,e")) {
        for (var name : List.of("a", "b", "c", "d", "e")) {
          Waiting.until(name, controller::lastWords, () -> server.served(name));
        }
        Waiting.until("ready", controller::lastWords, () -> ready(controller, "/readyz", 200));
        Waiting.until("foreign", controller::lastWords, () -> server.says("c", "net-pdb is there"));
        Waiting.until("rival", controller::lastWords, () -> server.says("d", "theirs selects"));
        Waiting.until("refused", controller::lastWords, () -> server.says("e", "refuses Pod"));
        for (var name : List.of("c", "d", "e")) {
          assertEquals("NodesNotReady", server.ready(name).path("reason").asText());
          assertEquals(1, noBudget(server, name));
        }
        Waiting.until("made", controller::lastWords, () -> there(server, true));
        assertTrue(server.ownBudget("b").isEmpty() && server.ownBudget("d").isEmpty());
        var foreign = server.ownBudget("c").orElseThrow();
        assertEquals("other", foreign.at("/spec/selector/matchLabels/app").asText());
        var made = server.ownBudget("a").orElseThrow().at("/spec/selector");
        server.storage.update(
            server.budgets, new ObjectKey("a", "net-pdb"), NamespacesTest::narrowed);
        Waiting.until(
            "repaired",
            controller::lastWords,
            () -> {
              var now = server.ownBudget("a").orElseThrow().at("/spec/selector");
              return Json.same(made, now) ? new Seen.Good("") : new Seen.NotYet("", "" + now);
            });
        server.storage.update(
            server.networks, new ObjectKey("a", "net"), NamespacesTest::withoutBudget);
        Waiting.until("deleted", controller::lastWords, () -> there(server, false));
        everyLineOfANetworkTellsItsPass(controller.lines());
      }
    }
  }

  private static boolean ofBudgets(HttpRequest request) {
    return request.path().matches(".*/namespaces/b/poddisruptionbudgets.*")
        || (request.path().matches(".*/namespaces/e/poddisruptionbudgets.*")
            && request.method().equals("POST"));
  }

  private static Seen there(Server server, boolean wanted) {
    return server.ownBudget("a").isPresent() == wanted
        ? new Seen.Good("")
        : new Seen.NotYet("a budget: " + wanted, "not so");
  }

  private static long noBudget(Server server, String namespace) {
    return server.storage.list(Kind.EVENTS).stream()
        .filter(event -> event.path("reason").asText().equals("NoDisruptionBudget"))
        .filter(event -> event.at("/metadata/namespace").asText().equals(namespace))
        .count();
  }

  private static ObjectNode narrowed(ObjectNode budget) {
    var changed = budget.deepCopy();
    changed.withObject("/spec/selector/matchLabels").put("tier", "x");
    changed.withObject("/spec/selector").putArray("matchExpressions");
    return changed;
  }

  private static ObjectNode withoutBudget(ObjectNode network) {
    var changed = network.deepCopy();
    changed.withObject("/spec").put("disruptionBudget", false);
    changed.withObject("/metadata").put("generation", 2);
    return changed;
  }
}
