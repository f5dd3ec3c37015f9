package io.bitcoincontroller;

import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.access.ConfigurationException;
import io.bitcoincontroller.access.InCluster;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.IdleConnections;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.Metrics;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where the process begins and ends: the only System.exit. */
public final class Main {
  private static final int STOPPED = 0;
  private static final int COULD_NOT_GO_ON = 1;
  private static final int CONFIGURATION = 2;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String... args) {
    IdleConnections.limit();
    // a container has no locale: the JVM would write a ? for every letter beyond ASCII
    System.setOut(utf8(FileDescriptor.out));
    System.setErr(utf8(FileDescriptor.err));
    try {
      return switch (Config.parse(args)) {
        case Config.CommandLine.Help() -> say(Config.HELP.strip());
        case Config.CommandLine.Version() -> say("bitcoin-controller " + version());
        case Config.CommandLine.Run(var config) -> run(config);
      };
    } catch (ConfigurationException e) {
      System.err.println("bitcoin-controller: " + e.getMessage());
      return CONFIGURATION;
    } catch (IOException e) {
      System.err.println("bitcoin-controller: " + e.getMessage());
      return COULD_NOT_GO_ON;
    } catch (InterruptedException e) {
      return COULD_NOT_GO_ON;
    }
  }

  private static PrintStream utf8(FileDescriptor to) {
    return new PrintStream(new FileOutputStream(to), true, StandardCharsets.UTF_8);
  }

  private static int say(String text) {
    System.out.println(text);
    return STOPPED;
  }

  /** From the jar's manifest; classes that run from a folder have none. */
  static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion()).orElse("dev");
  }

  private static int run(Config config)
      throws ConfigurationException, IOException, InterruptedException {
    var log = new Log(config.logLevel(), config.logFormat(), System.err, Instant::now);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, bug) -> log.bug("a thread ended", bug, "thread", thread.getName()));
    var access =
        ClusterAccess.find(
            config.kubeconfig(),
            config.context(),
            System.getenv(),
            why -> log.warn("a file can't be read again", "why", why));
    var metrics = new Metrics();
    var requests = new RequestMetrics(metrics);
    var exit = new CompletableFuture<Integer>();
    try (var api = new ApiServer(access, "bitcoin-controller/" + version(), requests);
        var bitcoind = new BitcoindClient(requests);
        var process =
            new ControllerProcess(
                config,
                api,
                bitcoind,
                lease(config, access),
                () -> exit.complete(COULD_NOT_GO_ON),
                metrics,
                log)) {
      Signals.onFirst(() -> exit.complete(STOPPED));
      process.start();
      log.info(
          "started",
          "version",
          version(),
          "server",
          access.server(),
          "networks",
          BitcoinNetwork.RESOURCE.plural() + "." + BitcoinNetwork.RESOURCE.group(),
          "namespaces",
          config.namespaces().isEmpty() ? "all" : config.namespaces(),
          "http",
          process.httpAddress());
      var code = exit.join();
      process.stop();
      log.info("stopped", "code", code);
      return code;
    }
  }

  private static Optional<ObjectKey> lease(Config config, ClusterAccess access) {
    var elect = config.leaderElect().orElseGet(() -> InCluster.detected(System.getenv()));
    var namespace = config.leaseNamespace().orElse(access.namespace());
    return elect ? Optional.of(new ObjectKey(namespace, "bitcoin-controller")) : Optional.empty();
  }
}
