package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.local.realcluster.AuditLog;
import io.bitcoincontroller.local.realcluster.OnRealCluster;
import io.bitcoincontroller.local.realcluster.RealCluster;
import io.bitcoincontroller.local.realcluster.RealNamespace;
import io.bitcoincontroller.local.realcluster.ServiceAccount;
import io.bitcoincontroller.local.realcluster.Wire;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The controller's process against a real API server, as the service account of its manifests and
 * with no more permissions than they give. No pod runs here: its networks wait for their nodes.
 */
@OnRealCluster
@Timeout(300)
final class RealControllerTest {
  private static final Path RBAC = Stage.MANIFESTS.resolve("rbac.yaml");
  private static final Path DEFINITION = Stage.MANIFESTS.resolve("crd.yaml");
  private static final ObjectKey ACCOUNT =
      new ObjectKey("bitcoin-controller", "bitcoin-controller");
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/bitcoin-controller/leases/bitcoin-controller";
  private static final String NETWORK = "my-network";

  /** Networks, Services, StatefulSets, Pods. */
  private static final int WATCHES = 4;

  private final RealCluster cluster = RealCluster.started();
  private final List<ControllerProgram> controllers = new ArrayList<>();
  private RealNamespace namespace;
  private User admin;
  private Wire wire;
  private ServiceAccount account;
  private Path folder;

  /** Of the audit log when the test began. */
  private int entriesBefore;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    namespace = new RealNamespace(cluster);
    admin = new User(namespace.api(), namespace.name());
    admin.apply(DEFINITION);
    admin.apply(RBAC);
    wire = new Wire(cluster.access());
    account = new ServiceAccount(cluster, namespace, ACCOUNT, folder.resolve("token"));
    account.renew();
    entriesBefore = cluster.audit().entries().size();
  }

  @AfterEach
  void end() throws Exception {
    try {
      for (var controller : controllers) {
        controller.close();
      }
    } finally {
      wire.close();
      release();
      // networks in a namespace that ends would trouble the next test's controller
      namespace.delete(BitcoinNetwork.RESOURCE.path(namespace.name()));
      namespace.close();
    }
  }

  /** A network that a test has left held, by whatever finalizer, would hold the definition too. */
  private void release() throws IOException, InterruptedException {
    for (var network :
        namespace.get(BitcoinNetwork.RESOURCE.path(namespace.name())).path("items")) {
      if (!network.at("/metadata/finalizers").isEmpty()) {
        admin.patch(path(), "{\"metadata\":{\"finalizers\":null}}");
      }
    }
  }

  /** Returns when it is ready. */
  private void startController(String... flags) throws Exception {
    var log = folder.resolve("controller-" + controllers.size() + ".log");
    var kubeconfig = account.kubeconfig(wire.server());
    controllers.add(ControllerProgram.start(BuiltProgram.command(), kubeconfig, log, flags));
    await("ready", () -> answers("/readyz", 200, ""));
  }

  private ControllerProgram controller() {
    return controllers.getLast();
  }

  private void await(String what, Seen.Look look) throws InterruptedException {
    Waiting.until(what, () -> controller().lastWords(), look);
  }

  private static Seen looks(boolean good, Object otherwise) {
    return good ? new Seen.Good("") : new Seen.NotYet("", otherwise.toString());
  }

  private Seen answers(String path, int code, String part)
      throws IOException, InterruptedException {
    var answer = controller().get(path);
    return looks(
        answer.statusCode() == code && answer.body().contains(part),
        answer.statusCode() + ": " + answer.body());
  }

  private long told(String words) throws IOException {
    return controller().lines().stream().filter(line -> line.contains(words)).count();
  }

  private JsonNode network() throws IOException, InterruptedException {
    return get(BitcoinNetwork.RESOURCE, NETWORK);
  }

  private JsonNode get(Resource<?> resource, String name) throws IOException, InterruptedException {
    return namespace.get(resource.path(new ObjectKey(namespace.name(), name)));
  }

  private String path() {
    return BitcoinNetwork.RESOURCE.path(new ObjectKey(namespace.name(), NETWORK));
  }

  /** The status is about this spec, and the StatefulSet is of this size. */
  private Seen carriedOut(int nodes) throws IOException, InterruptedException {
    var network = network();
    var set = get(Resource.STATEFUL_SETS, NETWORK + "-sts");
    return looks(
        network.at("/status/observedGeneration").equals(network.at("/metadata/generation"))
            && network.at("/status/nodes").size() == nodes
            && set.at("/spec/replicas").asInt() == nodes,
        network.path("status"));
  }

  @Test
  void aNetworkLivesAndEndsWithNoMorePermissionsThanTheManifests() throws Exception {
    startController("--leader-elect", "true");
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 2}}");
    await("it is made", () -> carriedOut(2));
    var uid = network().at("/metadata/uid");
    for (var child : children().entrySet()) {
      var owner = get(child.getValue(), child.getKey()).at("/metadata/ownerReferences/0");
      assertEquals(uid, owner.path("uid"), child.getKey());
    }
    assertEquals("False", network().at("/status/conditions/0/status").asText());
    admin.scale(path(), 3);
    await("it is scaled", () -> carriedOut(3));
    admin.patch(path(), "{\"spec\":{\"secret\":\"nowhere\"}}");
    await("an event of the missing Secret", this::warned);
    assertTrue(!holder().isEmpty(), "a lease");
    namespace.delete(path());
    await("nothing of it is left", this::noChildren);
    var requests = requests();
    System.out.println("the controller's requests: " + requests);
    assertTrue(requests.keySet().stream().noneMatch(r -> r.contains(" 403 ")), requests::toString);
    for (var write :
        List.of("create 201 events", "create 201 statefulsets", "create 201 secrets")) {
      assertTrue(requests.containsKey(write), requests::toString);
    }
  }

  private static Map<String, Resource<?>> children() {
    return Map.of(
        NETWORK + "-svc", Resource.SERVICES,
        NETWORK + "-sts", Resource.STATEFUL_SETS,
        NETWORK + "-rpc", Resource.SECRETS);
  }

  private Seen noChildren() throws IOException, InterruptedException {
    for (var child : children().entrySet()) {
      var items = namespace.get(child.getValue().path(namespace.name())).path("items");
      for (var item : items) {
        if (item.at("/metadata/name").asText().equals(child.getKey())) {
          return new Seen.NotYet("nothing", child.getKey());
        }
      }
    }
    return new Seen.Good("");
  }

  private Seen warned() throws IOException, InterruptedException {
    var events = namespace.get(Resource.EVENTS.path(namespace.name())).path("items");
    for (var event : events) {
      if (event.at("/regarding/kind").asText().equals(BitcoinNetwork.RESOURCE.kind())
          && event.path("type").asText().equals("Warning")) {
        return new Seen.Good("");
      }
    }
    return new Seen.NotYet("a warning", events.toString());
  }

  /**
   * How often the controller asked what in this test, and had its whole answer, as {@code patch 201
   * services}.
   */
  private Map<String, Integer> requests() throws IOException {
    var counts = new TreeMap<String, Integer>();
    var entries = cluster.audit().entries();
    entries.subList(entriesBefore, entries.size()).stream()
        .filter(entry -> entry.user().equals(account.user()))
        .filter(AuditLog.Entry::complete)
        .map(AuditLog.Entry::kindOfRequest)
        .forEach(kind -> counts.merge(kind, 1, Integer::sum));
    return counts;
  }

  private String holder() throws IOException, InterruptedException {
    return namespace.get(LEASE).at("/spec/holderIdentity").asText();
  }

  @Test
  void aSecondControllerTakesTheLeaseWhenTheFirstEnds() throws Exception {
    startController("--leader-elect", "true");
    await("the first leads", () -> looks(!holder().isEmpty(), "nobody does"));
    var first = holder();
    startController("--leader-elect", "true");
    assertEquals(first, holder());
    assertEquals(0, controllers.getFirst().end());
    await("the second leads", () -> looks(!List.of("", first).contains(holder()), holder()));
    assertNotEquals(0, namespace.get(LEASE).at("/spec/leaseTransitions").asInt());
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    await("it works", () -> carriedOut(1));
  }

  /** After a restart all comes by lists, whose items look otherwise than those of a watch. */
  @Test
  void whatIsAsItShallBeIsNotAppliedAgainAfterARestart() throws Exception {
    startController();
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    await("it is made", () -> carriedOut(1));
    assertEquals(0, controller().end());
    entriesBefore = cluster.audit().entries().size();
    startController();
    admin.scale(path(), 2);
    await("it is scaled", () -> carriedOut(2));
    var requests = requests();
    assertEquals(0, requests.getOrDefault("patch 200 services", 0), requests::toString);
    // the first change of it makes it ready for applies
    assertEquals(2, requests.get("patch 200 statefulsets"), requests::toString);
  }

  /** Without election: a leader that can't renew its lease for 10 s has to end. */
  @Test
  void aKilledApiServerIsWaitedFor() throws Exception {
    startController();
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    await("it is made", () -> carriedOut(1));
    cluster.killApiServer();
    try {
      await("not ready", () -> answers("/readyz", 503, ""));
      assertEquals(200, controller().get("/healthz").statusCode());
    } finally {
      cluster.startApiServer();
    }
    await("ready", () -> answers("/readyz", 200, ""));
    assertEquals(200, controller().get("/healthz").statusCode());
    admin.scale(path(), 2);
    await("it is scaled", () -> carriedOut(2));
  }

  @Test
  void itsPermissionsAreTakenAwayAndGivenBack() throws Exception {
    startController();
    var binding = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/bitcoin-controller";
    namespace.delete(binding);
    // until its watches begin anew nobody notices
    assertEquals(200, controller().get("/readyz").statusCode());
    wire.cut();
    wire.mend();
    await("all are told", () -> looks(told("HTTP 403") == WATCHES, controller().lines()));
    await("not ready", () -> answers("/readyz/watches", 503, "403"));
    assertEquals(200, controller().get("/healthz").statusCode());
    admin.apply(RBAC);
    await("ready", () -> answers("/readyz", 200, ""));
    await("all are well", () -> looks(told("watch well again") >= WATCHES, controller().lines()));
    assertEquals(WATCHES, told("HTTP 403"), controller()::lastWords);
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    await("it works", () -> carriedOut(1));
  }

  @Test
  void itsDefinitionIsDeletedAndCreatedAgain() throws Exception {
    startController();
    var definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/";
    var name = BitcoinNetwork.RESOURCE.plural() + "." + BitcoinNetwork.RESOURCE.group();
    namespace.delete(definitions + name);
    try {
      await(
          "not ready",
          () -> answers("/readyz/watches", 503, "kubectl apply -f manifests/crd.yaml"));
      assertEquals(200, controller().get("/healthz").statusCode());
    } finally {
      admin.apply(DEFINITION);
    }
    await("ready", () -> answers("/readyz", 200, ""));
    await("it is told", () -> looks(told("watch well again") == 1, controller().lines()));
    assertEquals(1, told("watch in trouble"), controller()::lastWords);
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    await("it works", () -> carriedOut(1));
  }

  /** To apply again does not remove another manager's key: on 1.20 maps are merged key by key. */
  @Test
  void whatOthersAddIsTakenAwayWhereItHarmsAndLeftWhereItDoesNot() throws Exception {
    startController();
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    await("it is made", () -> carriedOut(1));
    var conditions = (ArrayNode) network().at("/status/conditions").deepCopy();
    conditions
        .insertObject(0)
        .put("type", "Paid")
        .put("status", "True")
        .put("reason", "Ours")
        .put("message", "paid")
        .put("lastTransitionTime", "2026-01-01T00:00:00Z");
    admin.patch(path() + "/status", "{\"status\":{\"conditions\":" + conditions + "}}");
    entriesBefore = cluster.audit().entries().size();
    var service = Resource.SERVICES.path(new ObjectKey(namespace.name(), NETWORK + "-svc"));
    var before = namespace.get(service).path("spec");
    admin.patch(service, "{\"spec\":{\"selector\":{\"tier\":\"x\"}}}");
    await("all pods are selected", () -> isAsBefore(service, before, "selector"));
    admin.patch(
        service,
        "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"elsewhere.example\","
            + "\"clusterIP\":null,\"clusterIPs\":null}}");
    await("it is headless", () -> isAsBefore(service, before, "type", "clusterIP", "selector"));
    for (var touch = 0; touch < 3; touch++) {
      admin.patch(path(), "{\"metadata\":{\"annotations\":{\"touched\":\"" + touch + "\"}}}");
      admin.patch(service, "{\"spec\":{\"selector\":{\"tier\":\"y\"}}}");
      await("all pods are selected", () -> isAsBefore(service, before, "selector"));
    }
    assertEquals("Paid", network().at("/status/conditions/0/type").asText());
    var requests = requests();
    assertEquals(0, requests.getOrDefault("patch 200 bitcoinnetworks", 0), requests::toString);
  }

  /** Kubernetes before 1.22 keeps defaults in an entry of a list that changes its kind. */
  @Test
  void whatAnOlderVersionMadeIsTakenOver() throws Exception {
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    var uid = network().at("/metadata/uid").asText();
    OlderVersion.apply(namespace.api(), new ObjectKey(namespace.name(), NETWORK), uid, 1);
    startController();
    await("it is changed", () -> looks(!mounts("configMap"), set()));
    assertTrue(mounts("downwardAPI"), () -> "no bitcoin.conf");
    assertEquals(2, set().at("/spec/template/spec/volumes").size(), set()::toString);
    admin.patch(path(), "{\"spec\":{\"nodes\":0}}");
    await(
        "no pod mounts the ConfigMap, and it is deleted and forgotten",
        () ->
            looks(
                !set().at("/metadata/annotations").toString().contains("old-config-map")
                    && !namespace
                        .get(Resource.CONFIG_MAPS.path(namespace.name()))
                        .toString()
                        .contains(NETWORK + "-conf"),
                set().path("metadata")));
  }

  private JsonNode set() throws IOException, InterruptedException {
    return get(Resource.STATEFUL_SETS, NETWORK + "-sts");
  }

  private String resources() throws IOException, InterruptedException {
    return set().at("/spec/template/spec/containers/0/resources").toString();
  }

  private boolean mounts(String kind) throws IOException, InterruptedException {
    return !set().at("/spec/template/spec/volumes").findValues(kind).isEmpty();
  }

  /** An apply takes away only what an apply had set. */
  @Test
  void whatTheSpecNoLongerSaysGoesFromAnObjectThatWasCreatedByPost() throws Exception {
    startController();
    namespace.create(
        BitcoinNetwork.RESOURCE,
        NETWORK,
        "{spec: {nodes: 1, resources: {requests: {cpu: 10m}, limits: {memory: 1Gi}}}}");
    await("it is made", () -> carriedOut(1));
    assertTrue(resources().contains("limits"));
    admin.patch(path(), "{\"spec\":{\"resources\":{\"limits\":null}}}");
    var left = "{\"requests\":{\"cpu\":\"10m\"}}";
    await("the limit is gone", () -> looks(resources().equals(left), resources()));
    for (var entry : set().at("/metadata/managedFields")) {
      if (entry.path("manager").asText().equals("bitcoin-controller")) {
        assertEquals("Apply", entry.path("operation").asText(), entry::toString);
      }
    }
  }

  private Seen isAsBefore(String path, JsonNode before, String... fields)
      throws IOException, InterruptedException {
    var now = namespace.get(path).path("spec");
    return looks(List.of(fields).stream().allMatch(f -> now.path(f).equals(before.path(f))), now);
  }

  @Test
  void aDeletionInTheForegroundIsToldOfAndLeftAlone() throws Exception {
    startController();
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    await("it is made", () -> carriedOut(1));
    admin.patch(path(), "{\"metadata\":{\"finalizers\":[\"example.org/hold\"]}}");
    namespace.delete(path() + "?propagationPolicy=Foreground");
    await("it is told", () -> looks(network().toString().contains("Deleting"), network()));
    await("nothing of it is left", this::noChildren);
    entriesBefore = cluster.audit().entries().size();
    admin.patch(path(), "{\"metadata\":{\"annotations\":{\"touched\":\"1\"}}}");
    admin.patch(path(), "{\"metadata\":{\"finalizers\":null}}");
    await("it is gone", this::noNetwork);
    assertEquals(new Seen.Good(""), noChildren());
    assertTrue(
        requests().keySet().stream().noneMatch(r -> r.startsWith("create ") || r.contains("svc")),
        () -> "it made something");
  }

  @Test
  void whatADeletionOrphansIsNotTakenBack() throws Exception {
    startController();
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    await("it is made", () -> carriedOut(1));
    namespace.delete(path() + "?propagationPolicy=Orphan");
    await("it is gone", this::noNetwork);
    for (var child : children().entrySet()) {
      var owners = get(child.getValue(), child.getKey()).at("/metadata/ownerReferences");
      assertTrue(owners.isEmpty(), child.getKey() + " " + owners);
    }
  }

  private Seen noNetwork() throws IOException, InterruptedException {
    var items = namespace.get(BitcoinNetwork.RESOURCE.path(namespace.name())).path("items");
    return looks(items.isEmpty(), items);
  }
}
