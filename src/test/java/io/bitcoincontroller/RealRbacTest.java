package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.local.realcluster.AuditLog;
import io.bitcoincontroller.local.realcluster.OnRealCluster;
import io.bitcoincontroller.local.realcluster.RealCluster;
import io.bitcoincontroller.local.realcluster.RealNamespace;
import io.bitcoincontroller.local.realcluster.ServiceAccount;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.yaml.Yaml;
import io.bitcoincontroller.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The controller may do what it needs, and nothing else: with all permissions of the manifests
 * nothing is forbidden to it, and without any one of them something is.
 */
@OnRealCluster
@Timeout(300)
final class RealRbacTest {
  private static final Path RBAC = Stage.MANIFESTS.resolve("rbac.yaml");
  private static final Path ONE_NAMESPACE = Stage.MANIFESTS.resolve("extras/one-namespace.yaml");
  private static final ObjectKey ACCOUNT =
      new ObjectKey("bitcoin-controller", "bitcoin-controller");
  private static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/bitcoin-controller/leases";
  private static final String NETWORK = "my-network";
  private static final int FORBIDDEN = 403;

  private final RealCluster cluster = RealCluster.started();
  private RealNamespace namespace;
  private User admin;
  private ServiceAccount account;
  private Path folder;
  private int entriesBefore;

  /**
   * One verb of one rule.
   *
   * @param role the document's place in the file
   */
  record Permission(int role, int rule, int verb, String words) {
    @Override
    public String toString() {
      return words;
    }
  }

  static Stream<Permission> permissions() throws IOException, YamlException {
    var permissions = new ArrayList<Permission>();
    var documents = Yaml.readAll(Files.readString(RBAC));
    for (var role = 0; role < documents.size(); role++) {
      var rules = documents.get(role).path("rules");
      for (var rule = 0; rule < rules.size(); rule++) {
        if (rules.get(rule).path("apiGroups").path(0).asText().equals("policy")) {
          continue; // Kubernetes 1.20 does not serve what is asked for here
        }
        var verbs = rules.get(rule).path("verbs");
        for (var verb = 0; verb < verbs.size(); verb++) {
          var words = verbs.get(verb).asText() + " " + rules.get(rule).path("resources");
          permissions.add(new Permission(role, rule, verb, words));
        }
      }
    }
    return permissions.stream();
  }

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    namespace = new RealNamespace(cluster);
    admin = new User(namespace.api(), namespace.name());
    admin.apply(Stage.MANIFESTS.resolve("crd.yaml"));
    admin.apply(RBAC);
    // another test's controller may have left one
    for (var lease : namespace.get(LEASES).path("items")) {
      namespace.delete(LEASES + "/" + lease.at("/metadata/name").asText());
    }
    account = new ServiceAccount(cluster, namespace, ACCOUNT, folder.resolve("token"));
    account.renew();
    entriesBefore = cluster.audit().entries().size();
  }

  @AfterEach
  void end() throws Exception {
    admin.apply(RBAC);
    namespace.delete(BitcoinNetwork.RESOURCE.path(namespace.name()));
    namespace.close();
  }

  private ControllerProgram startController(String... flags) throws Exception {
    var kubeconfig = account.kubeconfig(cluster.access().server());
    var log = folder.resolve("controller.log");
    return ControllerProgram.start(BuiltProgram.command(), kubeconfig, log, flags);
  }

  /**
   * A network is made where no pods may be, scaled, loses a part that is made anew and then
   * changed, shows a ConfigMap of an older version, and is told twice of a Secret that is not
   * there.
   */
  private void tellTheStory(ControllerProgram controller) throws Exception {
    allowNoPods(controller);
    namespace.create(BitcoinNetwork.RESOURCE, NETWORK, "{spec: {nodes: 1}}");
    toldWhyThereAreNoPods(controller);
    carriedOut(controller, "nodes", "2");
    loseTheService(controller);
    changeTheService(controller);
    leaveAConfigMap(controller);
    for (var secret : List.of("nowhere", "", "nowhere")) {
      carriedOut(controller, "secret", "\"" + secret + "\"");
    }
  }

  private void allowNoPods(ControllerProgram controller) throws Exception {
    var quotas = "/api/v1/namespaces/" + namespace.name() + "/resourcequotas";
    namespace.post(
        quotas,
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: none}, spec: {hard: {pods: 0}}}");
    Waiting.until(
        "the quota is in force",
        controller::lastWords,
        () ->
            namespace.get(quotas + "/none").at("/status/hard").has("pods")
                ? new Seen.Good("")
                : new Seen.NotYet("a status", "none"));
  }

  private void toldWhyThereAreNoPods(ControllerProgram controller) throws Exception {
    var path = BitcoinNetwork.RESOURCE.path(new ObjectKey(namespace.name(), NETWORK));
    Waiting.until(
        "the StatefulSet's events are read, or a refusal",
        controller::lastWords,
        () -> {
          var status = namespace.get(path).path("status").toString();
          return status.contains("exceeded quota: none") || !forbidden().isEmpty()
              ? new Seen.Good("")
              : new Seen.NotYet("exceeded quota", status);
        });
  }

  private void loseTheService(ControllerProgram controller) throws Exception {
    var services = Resource.SERVICES.path(namespace.name());
    for (var service : namespace.get(services).path("items")) {
      namespace.delete(services + "/" + service.at("/metadata/name").asText());
    }
    Waiting.until(
        "the Service is made anew, or a refusal",
        controller::lastWords,
        () ->
            !namespace.get(services).path("items").isEmpty() || !forbidden().isEmpty()
                ? new Seen.Good("")
                : new Seen.NotYet("a Service", "none"));
  }

  private void changeTheService(ControllerProgram controller) throws Exception {
    var path = Resource.SERVICES.path(new ObjectKey(namespace.name(), NETWORK + "-svc"));
    if (!forbidden().isEmpty()) {
      return;
    }
    admin.patch(path, "{\"metadata\":{\"labels\":{\"app\":\"another\"}}}");
    Waiting.until(
        "the Service is put right, or a refusal",
        controller::lastWords,
        () -> {
          var app = namespace.get(path).at("/metadata/labels/app").asText();
          return app.equals(NETWORK) || !forbidden().isEmpty()
              ? new Seen.Good("")
              : new Seen.NotYet(NETWORK, app);
        });
  }

  /**
   * As if an older version had made it, and the pods had been replaced since. They may be made now:
   * until then the StatefulSet's controller does not say that it has seen the present template.
   */
  private void leaveAConfigMap(ControllerProgram controller) throws Exception {
    if (!forbidden().isEmpty()) {
      return;
    }
    namespace.delete("/api/v1/namespaces/" + namespace.name() + "/resourcequotas/none");
    var network =
        namespace.get(BitcoinNetwork.RESOURCE.path(new ObjectKey(namespace.name(), NETWORK)));
    var owner =
        "{apiVersion: %s, kind: BitcoinNetwork, name: %s, uid: %s, controller: true}"
            .formatted(
                BitcoinNetwork.RESOURCE.apiVersion(),
                NETWORK,
                network.at("/metadata/uid").asText());
    namespace.post(
        Resource.CONFIG_MAPS.path(namespace.name()),
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s-conf, ownerReferences: [%s]}}"
            .formatted(NETWORK, owner));
    var annotation = BitcoinNetwork.RESOURCE.group() + "/old-config-map";
    admin.patch(
        Resource.STATEFUL_SETS.path(new ObjectKey(namespace.name(), NETWORK + "-sts")),
        "{\"metadata\":{\"annotations\":{\"" + annotation + "\":\"\"}}}");
    Waiting.until(
        "the ConfigMap is deleted, or a refusal",
        controller::lastWords,
        () ->
            namespace
                        .get(Resource.CONFIG_MAPS.path(namespace.name()))
                        .toString()
                        .contains(NETWORK + "-conf")
                    && forbidden().isEmpty()
                ? new Seen.NotYet("no ConfigMap", "one")
                : new Seen.Good(""));
  }

  /** Changes the spec, and waits until the status is about it or something was forbidden. */
  private void carriedOut(ControllerProgram controller, String field, String value)
      throws Exception {
    var path = BitcoinNetwork.RESOURCE.path(new ObjectKey(namespace.name(), NETWORK));
    settled(controller, path);
    admin.patch(path, "{\"spec\":{\"" + field + "\":" + value + "}}");
    settled(controller, path);
  }

  private void settled(ControllerProgram controller, String path) throws InterruptedException {
    Waiting.until(
        "a status, or a refusal",
        controller::lastWords,
        () -> {
          var network = namespace.get(path);
          var current =
              network.at("/status/observedGeneration").equals(network.at("/metadata/generation"));
          return current || !forbidden().isEmpty()
              ? new Seen.Good("")
              : new Seen.NotYet("", network.path("status").toString());
        });
  }

  private List<AuditLog.Entry> forbidden() throws IOException {
    var entries = cluster.audit().entries();
    return entries.subList(entriesBefore, entries.size()).stream()
        .filter(entry -> entry.user().equals(account.user()))
        .filter(entry -> entry.code() == FORBIDDEN)
        .toList();
  }

  @Test
  void withAllPermissionsNothingIsForbidden() throws Exception {
    try (var controller = startController("--leader-elect", "true")) {
      tellTheStory(controller);
      assertEquals(List.of(), forbidden());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("permissions")
  void withoutAnyOneOfThemSomethingIs(Permission permission) throws Exception {
    admin.apply(without(permission));
    try (var controller = startController("--leader-elect", "true")) {
      tellTheStory(controller);
      Waiting.until(
          permission + " is missed",
          controller::lastWords,
          () ->
              forbidden().isEmpty()
                  ? new Seen.NotYet("a refusal", "none")
                  : new Seen.Good(forbidden().getFirst().toString()));
    }
  }

  private static JsonNode without(Permission permission) throws IOException, YamlException {
    var role = Yaml.readAll(Files.readString(RBAC)).get(permission.role).deepCopy();
    var rule = (ObjectNode) role.path("rules").get(permission.rule);
    ((ArrayNode) rule.path("verbs")).remove(permission.verb);
    if (rule.path("verbs").isEmpty()) {
      ((ArrayNode) role.path("rules")).remove(permission.rule);
    }
    return role;
  }

  @Test
  void theRoleOfOneNamespaceIsEnoughForIt() throws Exception {
    var cluster = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/bitcoin-controller";
    namespace.delete(cluster);
    for (var document : Yaml.readAll(Files.readString(ONE_NAMESPACE))) {
      ObjectNode here = document.deepCopy();
      here.withObject("/metadata").put("namespace", namespace.name());
      admin.apply(here);
    }
    try (var controller =
        startController("--leader-elect", "true", "--namespace", namespace.name())) {
      tellTheStory(controller);
      assertEquals(List.of(), forbidden());
      assertTrue(controller.get("/readyz").statusCode() == 200, controller::lastWords);
    }
  }

  @Test
  void theRoleOfOneNamespaceHasTheVerbsOfTheOther() throws Exception {
    var all = Yaml.readAll(Files.readString(RBAC));
    var one = Yaml.readAll(Files.readString(ONE_NAMESPACE));
    assertEquals(rules(all, "ClusterRole"), rules(one, "Role"));
  }

  private static JsonNode rules(List<? extends JsonNode> documents, String kind) {
    return documents.stream()
        .filter(document -> document.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow()
        .path("rules");
  }
}
