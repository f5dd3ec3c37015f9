package io.bitcoincontroller.bench;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.cache.Change;
import io.bitcoincontroller.cache.Reflector;
import io.bitcoincontroller.cache.ReflectorGroup;
import io.bitcoincontroller.cache.Unbounded;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.local.realcluster.RealCluster;
import io.bitcoincontroller.local.realcluster.RealNamespace;
import io.bitcoincontroller.local.realcluster.ServiceAccount;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures what many networks cost on a real API server, beside the figures of other controllers
 * there. The controller is a process of its own, with its own account; {@link ReadyPods} makes pods
 * ready.
 */
final class RealNetworksBench implements AutoCloseable {
  private static final int NODES = 3;
  private static final int TRAINING = 5;
  private static final int REPLACEMENTS = 30;
  private static final Duration BOUND = Duration.ofMinutes(10);
  private static final Log LOG = new Log(Log.Level.WARN, Log.Format.TEXT, System.err, Instant::now);

  /** Other controllers, written in the usual ways, on such a machine; from start to meshed. */
  private record Others(
      double goSeconds, double goCpuSeconds, double josdkCpuSeconds, double josdkMiB) {}

  private static final Map<Integer, Others> OTHERS =
      Map.of(
          10, new Others(1.6, 0.3, 10.7, 241),
          100, new Others(6.8, 1.2, 22.8, 386),
          300, new Others(21.7, 3.2, 49.5, 551),
          1000, new Others(60.5, 9.9, 106, 1136));

  private final List<String> program;
  private final Path folder;
  private final RealNamespace namespace;
  private final Path kubeconfig;
  private final DoubleNodes nodes = new DoubleNodes();
  private final ReadyPods pods;
  private final Reflector<StoredObject> reflector;
  private final Set<ObjectKey> well = ConcurrentHashMap.newKeySet();

  private RealNetworksBench(RealCluster cluster, List<String> program, Path manifests, Path folder)
      throws Exception {
    this.program = program;
    this.folder = folder;
    this.namespace = new RealNamespace(cluster);
    var admin = new User(namespace.api(), namespace.name());
    admin.apply(manifests.resolve("crd.yaml"));
    admin.apply(manifests.resolve("rbac.yaml"));
    var account = new ObjectKey("bitcoin-controller", "bitcoin-controller");
    var token = new ServiceAccount(cluster, namespace, account, folder.resolve("token"));
    token.renew();
    this.kubeconfig = token.kubeconfig(cluster.access().server());
    this.pods = new ReadyPods(namespace.api(), namespace.name(), nodes, LOG);
    var networks =
        Unbounded.<StoredObject>store(
            "bitcoinnetworks", Set.of(namespace.name()), _ -> Optional.empty(), Ticker.SYSTEM, LOG);
    this.reflector =
        new Reflector<>(
            namespace.api(),
            BitcoinNetwork.RESOURCE,
            namespace.name(),
            "",
            networks,
            new ReflectorGroup(Recorder.off()),
            Ticker.SYSTEM,
            new Random(),
            LOG,
            () -> {});
    networks.listen(this::changed);
    reflector.start();
  }

  /** {@code RealNetworksBench <jar> <file of JVM's flags> <manifests> <number of networks>...}. */
  public static void main(String[] args) throws Exception {
    var cluster = RealCluster.started();
    // as in its image: with a cache of what a start loads, written by a run that is not measured
    var cache = Files.createTempDirectory("real-networks-bench").resolve("aot");
    run(cluster, program(args, "-XX:AOTCacheOutput=" + cache), args[2], TRAINING, false);
    for (var size : List.of(args).subList(3, args.length)) {
      run(cluster, program(args, "-XX:AOTCache=" + cache), args[2], Integer.parseInt(size), true);
    }
  }

  private static List<String> program(String[] args, String cache) {
    return List.of("@" + args[1], cache, "-jar", args[0]);
  }

  private static void run(
      RealCluster cluster, List<String> program, String manifests, int count, boolean measured)
      throws Exception {
    var folder = Files.createTempDirectory("real-networks-bench");
    try (var bench = new RealNetworksBench(cluster, program, Path.of(manifests), folder)) {
      bench.create(count);
      if (measured) {
        bench.measure(count);
      } else {
        bench.train(count);
      }
      bench.clearUp();
    }
  }

  private void create(int count) throws Exception {
    for (var i = 0; i < count; i++) {
      namespace.create(BitcoinNetwork.RESOURCE, name(i), "{spec: {nodes: " + NODES + "}}");
    }
  }

  private ControllerProgram start() throws IOException {
    return ControllerProgram.start(program, kubeconfig, folder.resolve("controller.log"));
  }

  private void train(int count) throws Exception {
    try (var _ = start()) {
      Await.until("all networks are well", BOUND, () -> well.size() == count);
    }
  }

  private void measure(int count) throws Exception {
    try (var table = new Table("real API server: %,d x %d pods".formatted(count, NODES))) {
      var began = System.nanoTime();
      try (var controller = start()) {
        Await.until("all networks are well", BOUND, () -> well.size() == count);
        report(table, controller, count, (System.nanoTime() - began) / 1e9);
        replacements(table, count);
      }
      table.note("The controller is a process of its own, as in its image. Goals: the time of");
      table.note("client-go, and of its CPU time three times as much, or a fifth of what JOSDK");
      table.note("took; a fifth of JOSDK's memory. Measured on such a machine.");
    }
  }

  private void report(Table table, ControllerProgram controller, int count, double seconds)
      throws Exception {
    var goals = Optional.ofNullable(OTHERS.get(count));
    row(
        table,
        "start of the process to all well, seconds",
        1,
        seconds,
        goals.<Goal>map(o -> new Goal.AtMost(o.goSeconds())));
    row(
        table,
        "  CPU seconds of the controller",
        2,
        Cost.cpuSeconds(controller),
        goals.map(o -> tenths(Math.min(3 * o.goCpuSeconds(), o.josdkCpuSeconds() / 5))));
    row(
        table,
        "  its resident memory at most, MiB",
        0,
        Cost.residentMiB(controller),
        goals.map(o -> tenths(o.josdkMiB() / 5)));
    row(
        table,
        "  passes a network",
        1,
        Cost.sum(controller, "controller_runtime_reconcile_total{") / count,
        Optional.empty());
    row(
        table,
        "  batches of RPC calls a network",
        1,
        Cost.sum(controller, "bitcoind_requests_total{") / count,
        Optional.empty());
    var requests = Cost.metrics(controller, "rest_client_requests_total{");
    var all = requests.values().stream().mapToDouble(n -> n).sum();
    row(table, "  requests a network", 2, all / count, Optional.of(new Goal.AtMost(10)));
    requests.forEach(
        (series, n) ->
            row(
                table,
                "    " + series.replace("rest_client_requests_total", ""),
                2,
                n / count,
                Optional.empty()));
  }

  private static Goal tenths(double bound) {
    return new Goal.AtMost(Math.round(10 * bound) / 10.0);
  }

  private static void row(
      Table table, String what, int decimals, double figure, Optional<Goal> goal) {
    table.row(what, decimals, Figures.once(figure), goal.orElse(Goal.none()));
  }

  private void replacements(Table table, int count) throws Exception {
    var random = new Random(1);
    var millis = new ArrayList<Double>();
    for (var i = 0; i < REPLACEMENTS; i++) {
      var network = name(random.nextInt(count));
      var pod = pod(network, random.nextInt(NODES));
      var old = pods.uid(pod);
      namespace.delete("/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name());
      Await.until(
          "another pod", BOUND, () -> !pods.uid(pod).equals(old) && pods.address(pod).isPresent());
      var ready = System.nanoTime();
      Await.until("the mesh", BOUND, () -> meshed(network));
      millis.add((System.nanoTime() - ready) / 1e6);
      Await.until("all networks are well", BOUND, () -> well.size() == count);
    }
    var figures = new Figures(millis);
    table.row("a replaced pod's Ready to mesh complete, ms", 1, figures, new Goal.Under(30));
  }

  private static String name(int network) {
    return "network-" + network;
  }

  private ObjectKey pod(String network, int ordinal) {
    return new ObjectKey(namespace.name(), network + "-sts-" + ordinal);
  }

  private boolean meshed(String network) {
    var addresses = new ArrayList<String>();
    for (var ordinal = 0; ordinal < NODES; ordinal++) {
      addresses.add(pods.address(pod(network, ordinal)).orElse(""));
    }
    return nodes.meshed(addresses);
  }

  private void changed(Change<StoredObject> change) {
    var network = change.after().map(StoredObject::content);
    if (network.isPresent() && ManyNetworks.well(network.get())) {
      well.add(change.key());
    } else {
      well.remove(change.key());
    }
  }

  /** Returns when the cluster has done it: the next measurement shall find it idle. */
  private void clearUp() throws Exception {
    namespace.delete(BitcoinNetwork.RESOURCE.path(namespace.name()));
    Await.until("its pods are gone", BOUND, () -> pods.count() == 0);
  }

  @Override
  public void close() throws IOException {
    try {
      reflector.stop();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      pods.close();
      nodes.close();
      namespace.close();
    }
  }
}
