package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.api.MemoryStorage;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller that finds no API server, or one without networks, says so and waits for it. */
final class ApiServerAwayTest {
  private static final String TROUBLE = " WARN ";
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** A server that is not there yet, and a controller that looks for it already. */
  private static final class Pair implements AutoCloseable {
    final LocalApiServer.Options options;
    final MemoryStorage storage = new MemoryStorage();
    final Path kubeconfig;
    Optional<ControllerProgram> controller = Optional.empty();
    Optional<LocalApiServer> server = Optional.empty();

    /** Keeps the port for the server; connections to it are refused, since it doesn't listen. */
    final Socket reserved = new Socket();

    Pair(Path folder) throws IOException {
      kubeconfig = Files.createDirectories(folder).resolve("kubeconfig");
      var any = LocalApiServer.Options.ordinary();
      try (var first = new LocalApiServer(any, storage)) {
        options = any.withPort(first.uri().getPort());
        first.writeKubeconfig(kubeconfig);
      }
      reserved.bind(new InetSocketAddress(LOOPBACK, options.port()));
    }

    ControllerProgram startController() throws IOException, InterruptedException {
      var log = kubeconfig.resolveSibling("log");
      controller = Optional.of(ControllerProgram.start(BuiltProgram.command(), kubeconfig, log));
      return controller.get();
    }

    void startServer() throws IOException {
      reserved.close();
      server = Optional.of(new LocalApiServer(options, storage));
    }

    /** Connections are taken, and nothing is said on them. */
    ServerSocket listen() throws IOException {
      reserved.close();
      return new ServerSocket(options.port(), 50, LOOPBACK);
    }

    void createDefinition() throws IOException {
      var definition = Yaml.readOne(Files.readString(Stage.MANIFESTS.resolve("crd.yaml")));
      storage.create(Kind.CUSTOM_RESOURCE_DEFINITIONS, (ObjectNode) definition);
    }

    @Override
    public void close() throws IOException {
      if (controller.isPresent()) {
        controller.get().close();
      }
      server.ifPresent(LocalApiServer::close);
      reserved.close();
    }
  }

  /** One test: the third case takes its ten seconds while the others are looked at. */
  @Test
  void eachIsToldOnceAndWaitedFor(@TempDir Path folder) throws Exception {
    try (var silent = new Pair(folder.resolve("silent"));
        var socket = silent.listen();
        var bare = new Pair(folder.resolve("bare"));
        var absent = new Pair(folder.resolve("absent"))) {
      silent.startController();
      silent.createDefinition();
      serverWithoutTheCustomResource(bare);
      serverThatDoesNotRun(absent);
      serverThatTakesConnectionsAndSaysNothing(silent, socket);
    }
  }

  private static void serverWithoutTheCustomResource(Pair bare) throws Exception {
    bare.startServer();
    var controller = bare.startController();
    assertWaits(
        controller,
        "the API server does not serve bitcoinnetworks.bitcoincontroller.christianb93.github.com/v1");
    var told = told(controller, TROUBLE).getFirst();
    assertTrue(told.contains("kubectl apply -f manifests/crd.yaml"), told);
    bare.createDefinition();
    assertHeals(controller);
  }

  private static void serverThatDoesNotRun(Pair absent) throws Exception {
    absent.createDefinition();
    var controller = absent.startController();
    assertWaits(controller, "no connection to the API server: it does not run");
    absent.startServer();
    assertHeals(controller);
  }

  private static void serverThatTakesConnectionsAndSaysNothing(Pair silent, ServerSocket socket)
      throws Exception {
    var controller = silent.controller.orElseThrow();
    assertWaits(controller, "the API server does not answer");
    socket.close();
    silent.startServer();
    assertHeals(controller);
  }

  /** It lives, is not ready for this reason, and has said so once. */
  private static void assertWaits(ControllerProgram controller, String reason) throws Exception {
    Waiting.until(
        "not ready because of: " + reason,
        controller::lastWords,
        () -> notReady(controller, reason));
    assertEquals(200, controller.get("/healthz").statusCode());
    Waiting.until(
        "the log's line, which follows the probe", controller::lastWords, () -> said(controller));
    assertEquals(1, told(controller, TROUBLE).size(), controller::lastWords);
    assertTrue(told(controller, TROUBLE).getFirst().contains(reason), controller::lastWords);
  }

  private static Seen said(ControllerProgram controller) throws IOException {
    return told(controller, TROUBLE).isEmpty()
        ? new Seen.NotYet(TROUBLE, "no such line")
        : new Seen.Good("");
  }

  private static Seen notReady(ControllerProgram controller, String reason)
      throws IOException, InterruptedException {
    var ready = controller.get("/readyz/watches");
    return ready.statusCode() == 503 && ready.body().contains(reason)
        ? new Seen.Good("")
        : new Seen.NotYet("503: " + reason, ready.statusCode() + ": " + ready.body());
  }

  private static void assertHeals(ControllerProgram controller) throws Exception {
    Waiting.until("ready", controller::lastWords, () -> ready(controller));
    assertEquals(0, controller.end());
    // no stack trace, nor anything else that is not a line of the log
    assertEquals(List.of(), controller.lines().stream().filter(l -> !l.startsWith("20")).toList());
  }

  private static Seen ready(ControllerProgram controller) throws IOException, InterruptedException {
    var ready = controller.get("/readyz");
    return ready.statusCode() == 200
        ? new Seen.Good("")
        : new Seen.NotYet("200", ready.statusCode() + ": " + ready.body());
  }

  private static List<String> told(ControllerProgram controller, String what) throws IOException {
    return controller.lines().stream().filter(line -> line.contains(what)).toList();
  }
}
