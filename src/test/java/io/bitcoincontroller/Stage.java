package io.bitcoincontroller;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.doubles.DoublePods;
import io.bitcoincontroller.local.kubelet.Bitcoind;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.observe.Log;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A local cluster with the product's manifests, a user of it, and the controller as a process of
 * its own: where tests play. Each test has networks of names of its own.
 */
final class Stage implements AutoCloseable {
  static final Path MANIFESTS = Path.of("manifests");
  private static final Duration READY_AFTER = Duration.ofMillis(20);
  final LocalCluster cluster;
  final User user;
  private final ApiServer server;
  private final Path folder;
  private final List<ControllerProgram> controllers = new CopyOnWriteArrayList<>();

  /**
   * Starts a cluster with the custom resource, and no controller yet.
   *
   * @param folder absent or empty
   */
  Stage(Path folder) throws IOException, InterruptedException {
    this(folder, UnaryOperator.identity());
  }

  /**
   * As {@link #Stage(Path)}.
   *
   * @param other makes the cluster's options from the ordinary ones
   */
  Stage(Path folder, UnaryOperator<LocalCluster.Options> other)
      throws IOException, InterruptedException {
    this(
        folder,
        other.apply(LocalCluster.Options.ordinary(Bitcoind.folder(), folder.resolve("cluster"))));
  }

  private Stage(Path folder, LocalCluster.Options options)
      throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    var file = Files.newOutputStream(folder.resolve("cluster.log"));
    var out = new PrintStream(file, true, StandardCharsets.UTF_8);
    var log = new Log(Log.Level.WARN, Log.Format.TEXT, out, Instant::now);
    this.cluster = LocalCluster.start(options.withLog(log));
    this.server = new ApiServer(User.access(cluster.kubeconfig()), "a test", (_, _, _) -> {});
    this.user = new User(server, "default");
    for (var manifest : List.of("crd.yaml", "rbac.yaml", "secret.yaml")) {
      user.apply(MANIFESTS.resolve(manifest));
    }
  }

  /** As {@link #Stage(Path)}, with pods that are no processes: it needs no bitcoind. */
  static Stage simulated(Path folder, DoubleNetwork nodes)
      throws IOException, InterruptedException {
    var options = LocalCluster.Options.ordinary(folder, folder.resolve("cluster"));
    return new Stage(folder, options.withSimulatedPods(DoublePods.of(nodes, READY_AFTER)));
  }

  ControllerProgram startController(String... flags) throws IOException, InterruptedException {
    var log = folder.resolve("controller-" + controllers.size() + ".log");
    var started = ControllerProgram.start(BuiltProgram.command(), cluster.kubeconfig(), log, flags);
    controllers.add(started);
    return started;
  }

  /** The same user, at home in another namespace. */
  User user(String namespace) {
    return new User(server, namespace);
  }

  /** Many tests need just a network that is well. */
  Network createComplete(String name, int nodes) throws IOException, InterruptedException {
    var network = create(name, "{nodes: " + nodes + ", secret: bitcoin-default-secret}");
    awaitComplete(network, nodes);
    return network;
  }

  ControllerProgram controller() {
    return controllers.getLast();
  }

  /**
   * Creates a network.
   *
   * @param spec YAML in flow style
   */
  Network create(String name, String spec) throws IOException, InterruptedException {
    user.apply(Network.manifest(name, spec));
    return new Network(cluster, user, name);
  }

  /** Changes a spec: {@code kubectl patch --type=merge}, with the spec's fields as JSON. */
  void change(Network network, String spec) throws IOException, InterruptedException {
    user.patch(network.path(), "{\"spec\":" + spec + "}");
  }

  /** Waits for something to be seen; a failure shows the controller's last words. */
  String await(String what, Seen.Look look) throws InterruptedException {
    return Waiting.until(what, () -> controllers.isEmpty() ? "" : controller().lastWords(), look);
  }

  /** Waits until a network is complete by its own status, and by what its nodes say. */
  void awaitComplete(Network network, int nodes) throws InterruptedException {
    await("the nodes are meshed", () -> network.completeNodes(nodes));
    await("the status says so", network::well);
  }

  /** Waits until a change of the spec has reached all pods, and these are a network again. */
  void awaitRolledOut(Network network, int nodes) throws InterruptedException {
    await("the change is carried out", network::well);
    await("all pods are of the new template", network::rolledOut);
    awaitComplete(network, nodes);
  }

  /** Waits until a condition has this reason. */
  JsonNode awaitReason(Network network, String type, String reason)
      throws IOException, InterruptedException {
    await(
        type + "/" + reason,
        () -> {
          var condition = network.condition(type);
          return condition.path("reason").asText().equals(reason)
              ? new Seen.Good("")
              : new Seen.NotYet(reason, condition.toString());
        });
    return network.condition(type);
  }

  /** Waits until a condition's message has these words: under load others may come before them. */
  void awaitMessage(Network network, String type, String words) throws InterruptedException {
    await(
        type + ": " + words,
        () -> {
          var message = network.condition(type).path("message").asText();
          return message.contains(words) ? new Seen.Good("") : new Seen.NotYet(words, message);
        });
  }

  /** How many passes of the controller have ended, as its {@code /metrics} count them. */
  long passes() throws IOException, InterruptedException {
    return controller()
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("controller_runtime_reconcile_total{"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Whether more have ended by now. */
  Seen morePasses(long before) throws IOException, InterruptedException {
    var passes = passes();
    return passes > before
        ? new Seen.Good("")
        : new Seen.NotYet("more than " + before + " passes", "" + passes);
  }

  /** Waits for an event of type Warning about a network. */
  void awaitWarning(Network network, String reason) throws InterruptedException {
    await(
        "a warning event " + reason,
        () -> {
          var events = network.events();
          return events.contains("Warning " + reason)
              ? new Seen.Good("")
              : new Seen.NotYet("Warning " + reason, events.toString());
        });
  }

  @Override
  public void close() throws IOException {
    try {
      for (var controller : controllers) {
        controller.close();
      }
    } finally {
      server.close();
      cluster.close();
    }
  }
}
