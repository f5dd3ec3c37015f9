package io.bitcoincontroller.local.image;

import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/**
 * The run that trains the JDK's ahead-of-time cache: {@code Training MANIFESTS SERVICE-ACCOUNT
 * COMMAND...}. The command starts the controller as its pod does. The controller then does what
 * controllers do most, and SIGTERM ends it. Exit code 0: it did all of that.
 */
public final class Training {
  private static final int PROBES = 20;

  /** Often: a short run shall see some. */
  private static final Duration BOOKMARKS = Duration.ofSeconds(2);

  private Training() {}

  public static void main(String[] args) throws Exception {
    System.exit(train(Arguments.of("Training", args)));
  }

  private static int train(Arguments arguments) throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("training");
    var api = LocalApiServer.Options.ordinary().withBookmarks(BOOKMARKS);
    try (var playground = Playground.simulated(folder, api, arguments.manifests())) {
      var environment = playground.serviceAccount(arguments.serviceAccount());
      try (var controller = Started.start(arguments.command(), environment)) {
        live(playground, controller);
        var code = controller.end();
        System.out.println(controller.lastWords());
        return code;
      }
    }
  }

  private static void live(Playground playground, Started controller)
      throws IOException, InterruptedException {
    controller.untilSaid("caches synced");
    var own = playground.create("own", "{nodes: 3, secret: bitcoin-default-secret}");
    var sparse = playground.create("sparse", "{nodes: 4, topology: Sparse, config: [dbcache=4]}");
    playground.awaitWell(own, controller);
    playground.awaitWell(sparse, controller);
    for (var probe = 0; probe < PROBES; probe++) {
      for (var path : List.of("/healthz", "/readyz", "/metrics")) {
        var _ = controller.get(path);
      }
    }
    playground.user.scale(own.path(), 4);
    awaitNodes(own, 4, controller);
    playground.awaitWell(own, controller);
    playground.user.delete(own.podPath(0));
    playground.user.delete(sparse.path());
    awaitNodes(own, 4, controller);
    playground.awaitWell(own, controller);
  }

  private static void awaitNodes(Network network, int nodes, Started controller)
      throws InterruptedException {
    Waiting.until(
        nodes + " nodes",
        controller::lastWords,
        () -> {
          var ready = network.status().path("readyReplicas").asInt();
          return ready == nodes
              ? new Seen.Good("")
              : new Seen.NotYet(nodes + " ready nodes", ready + " ready nodes");
        });
  }
}
