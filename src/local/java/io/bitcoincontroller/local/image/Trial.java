package io.bitcoincontroller.local.image;

import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.nio.file.Files;

/**
 * The image against real nodes: {@code Trial MANIFESTS SERVICE-ACCOUNT COMMAND...}, with the
 * arguments of {@link Training}. The controller that the command starts makes three bitcoinds one
 * network, by its own words and by theirs, and ends on SIGTERM with 0.
 */
public final class Trial {
  private static final int NODES = 3;

  private Trial() {}

  public static void main(String[] args) throws Exception {
    System.exit(run(Arguments.of("Trial", args)));
  }

  private static int run(Arguments arguments) throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("trial");
    try (var playground = Playground.real(folder, arguments.manifests())) {
      var environment = playground.serviceAccount(arguments.serviceAccount());
      try (var controller = Started.start(arguments.command(), environment)) {
        var start = controller.between(Started.EXEC, "caches synced");
        System.out.println("caches synced " + start.toMillis() + " ms after its start");
        var network = playground.create("my-network", "{nodes: " + NODES + "}");
        playground.awaitWell(network, controller);
        System.out.println(
            Waiting.until(
                NODES + " nodes know each other",
                controller::lastWords,
                () -> network.completeNodes(NODES)));
        System.out.println(
            "memory: " + new Usage(controller.controller()).residentBytes() / 1024 + " KiB");
        var code = controller.end();
        System.out.println("ended by SIGTERM with " + code);
        return code;
      }
    }
  }
}
