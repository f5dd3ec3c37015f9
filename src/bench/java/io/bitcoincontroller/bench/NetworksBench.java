package io.bitcoincontroller.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.user.ControllerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Measures what many networks cost. The controller is a process of its own; the pods of the local
 * cluster are doubles of bitcoind.
 */
final class NetworksBench {
  private static final int REPLACEMENTS = 100;
  private static final Duration QUIET = Duration.ofSeconds(60);

  /** The controller reports heights and numbers of peers up to ten seconds late. */
  private static final Duration LATE = Duration.ofSeconds(15);

  private static final Duration BOUND = Duration.ofMinutes(2);

  private final List<String> program;
  private final Path manifests;
  private final Path folder;

  private NetworksBench(List<String> program, Path manifests, Path folder) {
    this.program = program;
    this.manifests = manifests;
    this.folder = folder;
  }

  /** {@code NetworksBench <jar> <file of JVM's flags> <manifests> <number of networks>...}. */
  public static void main(String[] args) throws Exception {
    var program = List.of("@" + args[1], "-jar", args[0]);
    for (var size : List.of(args).subList(3, args.length)) {
      var folder = Files.createTempDirectory("networks-bench");
      new NetworksBench(program, Path.of(args[2]), folder).measure(Integer.parseInt(size));
    }
  }

  private void measure(int count) throws Exception {
    var title = "networks: %,d x %d pods".formatted(count, ManyNetworks.NODES);
    try (var networks = new ManyNetworks(folder.resolve("cluster"), manifests);
        var table = new Table(title)) {
      var keys = networks.create(count);
      fresh(table, networks, keys);
      again(table, networks, count);
      table.note(
          "The controller is a process of its own, with its image's flags, but without the cache");
      table.note(
          "of what a start loads; the cluster, its pods and their bitcoinds (RPC answers after");
      table.note("1 ms) are one other JVM.");
      table.note("Watches are not counted as requests.");
    }
  }

  private ControllerProgram start(ManyNetworks networks) throws IOException {
    return ControllerProgram.start(
        program, networks.cluster.kubeconfig(), folder.resolve("controller.log"));
  }

  /** From nothing to networks that are well, and what happens to a well one. */
  private void fresh(Table table, ManyNetworks networks, List<ObjectKey> keys) throws Exception {
    networks.cluster.api().requests().clear();
    var began = System.nanoTime();
    try (var wellness = new Wellness(networks);
        var controller = start(networks)) {
      wellness.await(keys.size());
      once(table, "start of the process to all well, seconds", 1, secondsSince(began));
      cost(table, controller);
      passes(table, controller, keys.size());
      requests(table, networks, keys.size(), new Goal.AtMost(10));
      replacements(table, networks, keys, wellness);
      LockSupport.parkNanos(LATE.toNanos());
      networks.cluster.api().requests().clear();
      var cpu = Cost.cpuSeconds(controller);
      LockSupport.parkNanos(QUIET.toNanos());
      once(table, "a quiet minute: CPU seconds", 2, Cost.cpuSeconds(controller) - cpu);
      requests(table, networks, keys.size(), Goal.none());
    }
  }

  /** The start of a controller that finds everything as it should be. */
  private void again(Table table, ManyNetworks networks, int count) throws Exception {
    networks.cluster.api().requests().clear();
    var began = System.nanoTime();
    try (var controller = start(networks)) {
      Await.until(
          "a pass over each network",
          BOUND,
          () -> Cost.sum(controller, "controller_runtime_reconcile_total{") >= count);
      once(table, "restart: to a pass over each, seconds", 1, secondsSince(began));
      cost(table, controller);
      requests(table, networks, count, Goal.none());
    }
  }

  private static void once(Table table, String what, int decimals, double figure) {
    table.row(what, decimals, Figures.once(figure), Goal.none());
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static void cost(Table table, ControllerProgram controller) throws IOException {
    once(table, "  CPU seconds of the controller", 2, Cost.cpuSeconds(controller));
    once(table, "  its resident memory at most, MiB", 0, Cost.residentMiB(controller));
  }

  private static void passes(Table table, ControllerProgram controller, int count)
      throws InterruptedException {
    var passes = Cost.sum(controller, "controller_runtime_reconcile_total{");
    once(table, "  passes a network", 1, passes / count);
    var batches = Cost.sum(controller, "bitcoind_requests_total{");
    once(table, "  batches of RPC calls a network", 1, batches / count);
  }

  private static void requests(Table table, ManyNetworks networks, int count, Goal goal) {
    var kinds = new TreeMap<String, Integer>();
    for (var entry : networks.cluster.api().requests().entries()) {
      if (!entry.target().contains("watch=1")) {
        kinds.merge(
            entry.method() + " " + resource(entry.path()) + " " + entry.code(), 1, Integer::sum);
      }
    }
    var all = kinds.values().stream().mapToInt(n -> n).sum();
    table.row("  requests a network", 2, Figures.once((double) all / count), goal);
    kinds.forEach((kind, n) -> once(table, "    " + kind, 2, (double) n / count));
  }

  /** {@code /apis/g/v1/namespaces/n/things/name/sub} becomes {@code things/sub}. */
  private static String resource(String path) {
    var place = path.replaceFirst("^/(api|apis/[^/]+)/[^/]+/(namespaces/[^/]+/)?", "");
    var parts = Stream.of(place.split("/", -1)).toList();
    return parts.size() > 2 ? parts.get(0) + "/" + parts.get(2) : parts.get(0);
  }

  private static void replacements(
      Table table, ManyNetworks networks, List<ObjectKey> keys, Wellness wellness)
      throws Exception {
    var random = new Random(1);
    var millis = new ArrayList<Double>();
    for (var i = 0; i < REPLACEMENTS; i++) {
      var network = keys.get(random.nextInt(keys.size()));
      millis.add(replacement(networks, network, random.nextInt(ManyNetworks.NODES)));
      wellness.await(keys.size());
    }
    var figures = new Figures(millis);
    table.row("a replaced pod's Ready to mesh complete, ms", 1, figures, new Goal.Under(30));
    once(table, "  99 of 100 within, ms", 1, figures.percentile(99));
  }

  private static double replacement(ManyNetworks networks, ObjectKey network, int ordinal)
      throws Exception {
    var storage = networks.cluster.storage();
    var pod = ManyNetworks.pod(network, ordinal);
    var old = uid(storage.get(Kind.PODS, pod).orElseThrow());
    try (var changes = storage.changes(Kind.PODS, storage.revision())) {
      storage.delete(Kind.PODS, pod);
      var seen = changes.next(BOUND).orElseThrow().object();
      while (uid(seen).equals(old)
          || !seen.at("/metadata/name").asText().equals(pod.name())
          || !ManyNetworks.isTrue(seen.path("status"), "Ready")) {
        seen = changes.next(BOUND).orElseThrow().object();
      }
    }
    var ready = System.nanoTime();
    Await.until("the mesh", BOUND, () -> networks.meshed(network));
    return (System.nanoTime() - ready) / 1e6;
  }

  private static String uid(JsonNode object) {
    return object.at("/metadata/uid").asText();
  }
}
