package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.local.realcluster.OnRealCluster;
import io.bitcoincontroller.local.realcluster.RealCluster;
import io.bitcoincontroller.local.realcluster.RealNamespace;
import io.bitcoincontroller.local.realcluster.ServiceAccount;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The worst that a real API server stores stops nothing but itself. Whoever reads the whole cluster
 * reads these objects too, such as its garbage collector: in the end they are seen to be gone, and
 * other tests meet none of them.
 */
@OnRealCluster
@Timeout(600)
final class RealWorstObjectsTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final String NETWORK = "my-network";
  private static final String ACCOUNT = "bitcoin-controller";

  /** What a network is made of, and what shows its labels without being of one. */
  private static final List<Resource<?>> LABELLED =
      List.of(
          Resource.SERVICES,
          Resource.CONFIG_MAPS,
          Resource.STATEFUL_SETS,
          Resource.SECRETS,
          Resource.PODS);

  private final RealCluster cluster = RealCluster.started();
  private final List<ControllerProgram> controllers = new ArrayList<>();
  private RealNamespace namespace;
  private WorstObjects worst;
  private User admin;
  private ServiceAccount account;
  private Path folder;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    namespace = new RealNamespace(cluster);
    worst = new WorstObjects(namespace.name());
    admin = new User(namespace.api(), namespace.name());
    admin.apply(Stage.MANIFESTS.resolve("crd.yaml"));
    admin.apply(Stage.MANIFESTS.resolve("rbac.yaml"));
    var key = new ObjectKey(ACCOUNT, ACCOUNT);
    account = new ServiceAccount(cluster, namespace, key, folder.resolve("token"));
    account.renew();
  }

  @AfterEach
  void end() throws Exception {
    try {
      for (var controller : controllers) {
        controller.close();
      }
    } finally {
      for (var path : worst.paths()) {
        delete(path);
      }
      delete(path(NETWORK));
      await("all that has our labels is collected", this::nothingLeft);
      namespace.close();
    }
    try (var api = new ApiServer(cluster.access(), "the administrator", (_, _, _) -> {})) {
      await("the namespace is gone", () -> gone(api, "/api/v1/namespaces/" + namespace.name()));
    }
  }

  /** It may not have been made. */
  private void delete(String path) throws IOException, InterruptedException {
    var request = new ApiRequest("DELETE", path, "", Optional.empty(), ApiRequest.Answer.IDENTITY);
    var reply = namespace.api().send(request, DEADLINE);
    if (reply instanceof Reply.Failure failure && failure.code() != 404) {
      throw new IOException(path + ": " + failure.text());
    }
  }

  private Seen nothingLeft() throws IOException, InterruptedException {
    var networks = namespace.get(BitcoinNetwork.RESOURCE.path(namespace.name())).path("items");
    if (!networks.isEmpty()) {
      return new Seen.NotYet("no network", networks.findValuesAsText("name").toString());
    }
    for (var resource : LABELLED) {
      var query = Map.of("labelSelector", Names.SELECTOR);
      var request = Requests.collection(resource, namespace.name(), query);
      var items = namespace.get(request.target()).path("items");
      if (!items.isEmpty()) {
        return new Seen.NotYet("no " + resource.plural(), items.size() + " are left");
      }
    }
    return new Seen.Good("");
  }

  private static Seen gone(ApiServer api, String path) throws IOException, InterruptedException {
    var reply = api.send(new ApiRequest("GET", path, "", Optional.empty()), DEADLINE);
    return reply.code() == 404
        ? new Seen.Good("")
        : new Seen.NotYet("404", String.valueOf(reply.code()));
  }

  private void startController() throws Exception {
    var log = folder.resolve("controller-" + controllers.size() + ".log");
    var kubeconfig = account.kubeconfig(cluster.access().server());
    controllers.add(ControllerProgram.start(BuiltProgram.command(), kubeconfig, log));
    await("ready", this::ready);
  }

  private Seen ready() throws IOException, InterruptedException {
    var answer = controllers.getLast().get("/readyz");
    return answer.statusCode() == 200 ? new Seen.Good("") : new Seen.NotYet("200", answer.body());
  }

  private void await(String what, Seen.Look look) throws InterruptedException {
    Waiting.until(what, () -> controllers.isEmpty() ? "" : controllers.getLast().lastWords(), look);
  }

  private String path(String network) {
    return BitcoinNetwork.RESOURCE.path(new ObjectKey(namespace.name(), network));
  }

  private Seen size(int nodes) throws IOException, InterruptedException {
    var key = new ObjectKey(namespace.name(), NETWORK + "-sts");
    var now = namespace.get(Resource.STATEFUL_SETS.path(key)).at("/spec/replicas").asInt();
    var told = namespace.get(path(NETWORK)).at("/status/nodes").size();
    return now == nodes && told == nodes
        ? new Seen.Good("")
        : new Seen.NotYet(nodes + " nodes", now + ", told: " + told);
  }

  /** Each stored, none an obstacle to another network, nor after a restart. */
  @Test
  void theWorstObjectsStopNothingButThemselves() throws Exception {
    startController();
    for (var request : worst.requests()) {
      var reply = namespace.api().send(request, DEADLINE);
      assertEquals(201, reply.code(), request + ": " + reply);
    }
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    await("it is made", () -> size(1));
    assertEquals(0, controllers.getLast().end());
    startController();
    admin.scale(path(NETWORK), 2);
    await("it is scaled", () -> size(2));
    for (var name : worst.networks()) {
      await(name + " has its condition", () -> told(namespace.get(path(name))));
    }
  }

  private static Seen told(JsonNode network) {
    var ready = Status.condition(network.path("status"), "Ready");
    return ready.path("status").asText().equals("False")
        ? new Seen.Good("")
        : new Seen.NotYet("Ready=False", ready.toString());
  }
}
