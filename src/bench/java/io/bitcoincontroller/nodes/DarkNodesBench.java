package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bench.Figures;
import io.bitcoincontroller.bench.Goal;
import io.bitcoincontroller.bench.Table;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.RpcAuth;
import io.bitcoincontroller.controller.Controller;
import io.bitcoincontroller.controller.Outcome;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.doubles.RpcServerOptions;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.plan.World;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import io.bitcoincontroller.workqueue.QueueView;
import io.bitcoincontroller.workqueue.RetryLimits;
import io.bitcoincontroller.workqueue.WorkQueue;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Measures how long the key of a healthy network waits in the queue while others have a node that
 * takes no connection. It uses the controller's own workers, queue and calls, and no cluster.
 */
final class DarkNodesBench {
  private static final int NETWORKS = 1000;
  private static final int NODES = 3;
  private static final int ONE_IN_HAS_A_DARK_NODE = 5;
  private static final int ROUNDS = 2;
  private static final int SERVERS = 60;
  private static final String DARK = "127.1.0.255";

  /** Once all have been looked at: each is looked at every few seconds, because of events. */
  private static final Duration EVENTS = Duration.ofSeconds(10);

  private static final int EVENTS_A_SECOND = 200;
  private static final Duration BOUND = Duration.ofMinutes(10);
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();
  private static final Log SILENT =
      new Log(
          Log.Level.WARN,
          Log.Format.TEXT,
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
          Instant::now);

  /** Milliseconds from the add to the pass. */
  private record Times(List<Double> start, List<Double> events) {
    Times() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private final BitcoindClient client = new BitcoindClient((_, _) -> {});
  private final boolean heldWhileWaiting;
  private final WorkQueue<ObjectKey> queue =
      new WorkQueue<>(Ticker.SYSTEM, RetryLimits.DEFAULT, RANDOM);
  private final List<ObjectKey> keys = new ArrayList<>();
  private final Map<ObjectKey, Map<Integer, Pod>> pods = new HashMap<>();
  private final Map<ObjectKey, Nodes> calls = new HashMap<>();
  private final Map<ObjectKey, Long> added = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Double> waited = new ConcurrentLinkedQueue<>();

  private DarkNodesBench(boolean dark, boolean heldWhileWaiting) {
    this.heldWhileWaiting = heldWhileWaiting;
    for (var n = 0; n < NETWORKS; n++) {
      var key = new ObjectKey("default", "network-" + n);
      var members = new HashMap<Integer, Pod>();
      for (var ordinal = 0; ordinal < NODES; ordinal++) {
        var lost = dark && ordinal == 0 && !healthy(n);
        members.put(
            ordinal, pod(key, ordinal, lost ? DARK : address((n * NODES + ordinal) % SERVERS)));
      }
      keys.add(key);
      pods.put(key, members);
      calls.put(
          key,
          new Nodes(
              key,
              client,
              () -> true,
              _ -> true,
              Ticker.SYSTEM,
              RANDOM,
              Recorder.off(),
              SILENT,
              () -> queue.add(key)));
    }
  }

  /** The same in all runs, whether the others have a dark node or not. */
  private static boolean healthy(int network) {
    return network % ONE_IN_HAS_A_DARK_NODE != 0;
  }

  private static String address(int server) {
    return "127.1.0." + (1 + server);
  }

  private static Pod pod(ObjectKey network, int ordinal, String ip) {
    var name = network.name() + "-sts-" + ordinal;
    return Json.convert(
        World.yaml(
            """
            metadata: {namespace: default, name: %s, uid: uid-%s}
            status: {phase: Running, podIP: %s, conditions: [{type: Ready, status: 'True'}]}
            """
                .formatted(name, name, ip)),
        Pod.class);
  }

  public static void main(String[] args) throws Exception {
    var options =
        new RpcServerOptions(
                List.of(RpcAuth.line(World.CREDENTIALS, "uid-1")),
                Map.of(),
                16,
                5000,
                Duration.ZERO)
            .withWorkTime(Duration.ofMillis(1));
    try (var nodes = new DoubleNetwork();
        var _ = new BlackHole()) {
      for (var server = 0; server < SERVERS; server++) {
        nodes.start(address(server), BitcoindClient.RPC_PORT, options);
      }
      new DarkNodesBench(false, false).run(new Times(), Duration.ZERO); // warms up
      var well = new Times();
      var withDark = new Times();
      var held = new Times();
      try (var table = new Table("dark nodes: %,d networks x %d pods".formatted(NETWORKS, NODES))) {
        for (var round = 0; round < ROUNDS; round++) {
          new DarkNodesBench(false, false).run(well, EVENTS);
          new DarkNodesBench(true, false).run(withDark, EVENTS);
          new DarkNodesBench(true, true).run(held, EVENTS);
        }
        rows(table, "all looked at, at a start", well.start(), withDark.start(), held.start());
        rows(table, "because of events", well.events(), withDark.events(), held.events());
        table.note(
            "Queue times of the four fifths of the networks that are well: from the add of the");
        table.note(
            "key to its pass; the last of each is with a worker that waits for the nodes, too.");
      }
    }
    System.exit(0);
  }

  private static void rows(
      Table table, String when, List<Double> well, List<Double> withDark, List<Double> held) {
    var one = new Figures(well);
    var other = new Figures(withDark);
    table.row(when + ", ms: all are well", 2, one, Goal.none());
    table.row("  a fifth has a dark node", 2, other, Goal.none());
    for (var percent : List.of(50, 99)) {
      table.row(
          "  ratio at " + percent + " of 100",
          2,
          Figures.once(other.percentile(percent) / one.percentile(percent)),
          new Goal.AtMost(1.2));
      table.row("    ms: all well", 2, Figures.once(one.percentile(percent)), Goal.none());
      table.row("    ms: a fifth dark", 2, Figures.once(other.percentile(percent)), Goal.none());
      table.row(
          "    ms: a fifth dark, and workers wait",
          2,
          Figures.once(new Figures(held).percentile(percent)),
          Goal.none());
    }
  }

  private void run(Times times, Duration events) throws Exception {
    var controller =
        new Controller<>(
            "bench",
            queue,
            this::reconcile,
            Controller.Settings.DEFAULT,
            Ticker.SYSTEM,
            RANDOM,
            SILENT,
            new Metrics(),
            Recorder.off());
    controller.start();
    try {
      for (var n = 0; n < NETWORKS; n++) {
        add(n);
      }
      awaitWaited(NETWORKS * (ONE_IN_HAS_A_DARK_NODE - 1) / ONE_IN_HAS_A_DARK_NODE);
      times.start().addAll(taken());
      awaitQuiet();
      var random = new Random(1);
      var begin = System.nanoTime();
      var all = events.toSeconds() * EVENTS_A_SECOND;
      for (var n = 0; n < all; n++) {
        var next = begin + n * 1_000_000_000L / EVENTS_A_SECOND;
        LockSupport.parkNanos(next - System.nanoTime());
        add(random.nextInt(NETWORKS));
      }
      awaitQuiet();
      times.events().addAll(taken());
    } finally {
      controller.stop(Duration.ofSeconds(20));
      client.close();
    }
  }

  private void add(int network) {
    var key = keys.get(network);
    if (healthy(network)) {
      added.putIfAbsent(key, System.nanoTime());
    }
    queue.add(key);
  }

  private List<Double> taken() {
    var taken = List.copyOf(waited);
    waited.clear();
    return taken;
  }

  private void awaitWaited(int count) {
    var end = System.nanoTime() + BOUND.toNanos();
    while (waited.size() < count && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void awaitQuiet() {
    var end = System.nanoTime() + BOUND.toNanos();
    while (!(added.isEmpty() && idle()) && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private boolean idle() {
    return queue.len() + QueueView.of(queue, 1).processing().total() == 0;
  }

  private Outcome reconcile(ObjectKey key, Permit permit) throws InterruptedException {
    var since = added.remove(key);
    if (since != null) {
      waited.add((System.nanoTime() - since) / 1e6);
    }
    var talk = calls.get(key);
    var seen = pods.get(key);
    if (talk == null || seen == null) {
      throw new IllegalStateException("nobody knows " + key);
    }
    talk.read(seen, World.CREDENTIALS, heldWhileWaiting ? Permit.Waiting::await : permit);
    var again = talk.nextTry();
    return again.isPresent()
        ? new Outcome.LookAgainAfter(Duration.ofNanos(again.getAsLong()))
        : new Outcome.Synced();
  }

  /** Linux drops connections when its queue is full: nobody answers, and nobody refuses. */
  private static final class BlackHole implements AutoCloseable {
    private final ServerSocket full;
    private final List<SocketChannel> waiting = new ArrayList<>();

    BlackHole() throws IOException {
      this.full = new ServerSocket(BitcoindClient.RPC_PORT, 1, InetAddress.ofLiteral(DARK));
      for (var n = 0; n < 8; n++) {
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()));
        waiting.add(channel);
      }
    }

    @Override
    public void close() throws IOException {
      for (var channel : waiting) {
        channel.close();
      }
      full.close();
    }
  }
}
