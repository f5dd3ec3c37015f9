package io.bitcoincontroller.local.demo;

import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.kubelet.Bitcoind;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The program behind {@code scripts/demo.sh}, which says what it does. Exit code 0: every step
 * passed; 1: one failed; 2: wrong usage. Ended by a signal it takes everything down first.
 */
public final class Demo {
  private static final int LAST_LOG_LINES = 20;
  private static final String CONTROLLER_LOG = "controller.log";
  private static final String CLUSTER_LOG = "cluster.log";

  private final Arguments arguments;
  private final Screen screen;
  private final Opened opened;

  private Demo(Arguments arguments, Screen screen, Opened opened) {
    this.arguments = arguments;
    this.screen = screen;
    this.opened = opened;
  }

  public static void main(String[] args) {
    Arguments arguments;
    try {
      arguments = Arguments.parse(List.of(args));
    } catch (IllegalArgumentException e) {
      System.err.println("demo: " + e.getMessage());
      System.exit(2);
      return;
    }
    // a bug of ours: without this the cluster's threads would keep the JVM for ever
    Thread.currentThread()
        .setUncaughtExceptionHandler(
            (_, bug) -> {
              bug.printStackTrace();
              System.exit(1);
            });
    var screen = new Screen(System.out, arguments.terminal());
    var opened = new Opened();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(screen, opened), "stop"));
    System.exit(new Demo(arguments, screen, opened).exitCode());
  }

  /** Runs at every end of the JVM; after an orderly one nothing is left to close. */
  private static void stop(Screen screen, Opened opened) {
    screen.silence();
    try {
      opened.end();
    } catch (IOException | InterruptedException e) {
      System.err.println("demo: not everything could be taken down: " + e.getMessage());
    }
  }

  private int exitCode() {
    try {
      var passed = run(System.nanoTime());
      if (arguments.keep()) {
        opened.untilEnded();
      }
      opened.end();
      return passed ? 0 : 1;
    } catch (IOException e) {
      screen.line("demo: " + e.getMessage());
      return 1;
    } catch (InterruptedException _) {
      // a signal has come, and its thread takes everything down
      return 1;
    }
  }

  private boolean run(long start) throws IOException, InterruptedException {
    // the script gives each run a folder of its own; a short path is easier to paste
    var parent = Path.of(System.getProperty("java.io.tmpdir"));
    var folder = opened.open(() -> Files.createDirectory(parent.resolve("demo")), Demo::removeTree);
    var cluster = cluster(folder, start);
    var server =
        opened.open(
            () -> new ApiServer(User.access(cluster.kubeconfig()), "demo", (_, _, _) -> {}),
            ApiServer::close);
    var user = new User(server, "default");
    var network = new Network(cluster, user, "my-network");
    var controllers =
        new Controllers(
            opened,
            ControllerProgram.jar(arguments.controller()),
            cluster.kubeconfig(),
            folder.resolve(CONTROLLER_LOG));
    var story = new Story(user, network, controllers, arguments.manifests());
    var teller = new Teller(screen, opened, Ticker.SYSTEM, controllers::trouble);
    var passed = teller.tell(story.steps());
    if (passed) {
      showNetwork(network);
      screen.line("");
      screen.line("Every step passed, in " + Screen.seconds(since(start)) + ".");
      passed =
          arguments.then().isEmpty()
              || follow(arguments.then().get().toString(), cluster.kubeconfig());
    } else {
      showLog("The controller's last words:", folder.resolve(CONTROLLER_LOG));
      showLog("The local cluster's warnings:", folder.resolve(CLUSTER_LOG));
    }
    var page = controllers.httpAddress().map(address -> "http://" + address + "/");
    if (arguments.page() && page.isPresent()) {
      openPage(page.get());
    }
    if (arguments.keep()) {
      showHowToGoOn(
          cluster.kubeconfig(),
          page.map(PAGE::formatted).orElse("No controller serves its page."),
          folder.resolve(CONTROLLER_LOG));
    }
    return passed;
  }

  /** In the user's browser, if the system knows which that is; the address is shown anyway. */
  private static void openPage(String url) {
    for (var opener : List.of("xdg-open", "open")) {
      try {
        var _ =
            new ProcessBuilder(opener, url)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return;
      } catch (IOException _) {
        // no such program here
      }
    }
  }

  /** Runs a program of the user's on the cluster; true if it ends well. */
  private boolean follow(String program, Path kubeconfig) throws IOException, InterruptedException {
    screen.line("");
    screen.line("$ " + program);
    var builder = new ProcessBuilder(program).inheritIO();
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    var process = opened.open(builder::start, Process::destroy);
    var code = process.waitFor();
    screen.line(program + " ended with exit code " + code + ".");
    return code == 0;
  }

  private LocalCluster cluster(Path folder, long start) throws IOException, InterruptedException {
    var step = "a local Kubernetes cluster is started";
    screen.running(step, Duration.ZERO, "");
    var file = Files.newOutputStream(folder.resolve(CLUSTER_LOG));
    var out = new PrintStream(file, true, StandardCharsets.UTF_8);
    var log = new Log(Log.Level.WARN, Log.Format.TEXT, out, Instant::now);
    var options = LocalCluster.Options.ordinary(Bitcoind.folder(), folder.resolve("cluster"));
    var cluster = opened.open(() -> LocalCluster.start(options.withLog(log)), LocalCluster::close);
    screen.passed(step, since(start), cluster.api().uri().toString());
    return cluster;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void showNetwork(Network network) throws IOException, InterruptedException {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("NODE", "POD", "ADDRESS", "HEIGHT", "PEERS", "ADDED NODES"));
    var peers = network.peers(Story.NODES);
    var chains = network.chains(Story.NODES);
    for (var i = 0; i < peers.size(); i++) {
      var node = peers.get(i);
      rows.add(
          List.of(
              "" + i,
              node.pod(),
              node.address(),
              "" + chains.get(i).height(),
              "" + node.live(),
              String.join(" ", node.listed())));
    }
    screen.line("");
    screen.table(rows);
  }

  private void showLog(String heading, Path log) throws IOException {
    var lines = Files.exists(log) ? Files.readAllLines(log) : List.<String>of();
    if (!lines.isEmpty()) {
      screen.line(heading);
      lines
          .subList(Math.max(0, lines.size() - LAST_LOG_LINES), lines.size())
          .forEach(line -> screen.line("  " + line));
    }
  }

  private static final String PAGE =
      """
      The controller's page, which shows what it does and why: %s
      Its metrics and probes are there too (/metrics, /readyz?verbose).""";

  private void showHowToGoOn(Path kubeconfig, String page, Path log) {
    screen.line(
        """

        The cluster is left running. In another terminal, with kubectl 1.30 or newer:
          export KUBECONFIG=%s
          kubectl get bitcoinnetworks,pods -o wide
          kubectl exec my-network-sts-0 -- bitcoin-cli -regtest -conf=/bitcoin.conf getpeerinfo
          kubectl scale bitcoinnetwork my-network --replicas=5
        %s
        The controller's log: %s
        Ctrl-C here ends everything, and removes it."""
            .formatted(kubeconfig, page, log));
  }

  private static void removeTree(Path root) throws IOException {
    try (var all = Files.walk(root)) {
      for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
