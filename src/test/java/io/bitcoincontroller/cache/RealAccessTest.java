package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.local.realcluster.OnRealCluster;
import io.bitcoincontroller.local.realcluster.RealCluster;
import io.bitcoincontroller.local.realcluster.RealNamespace;
import io.bitcoincontroller.local.realcluster.ServiceAccount;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.local.user.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a reflector may see is taken from it and given back: by its token, by RBAC, and with the
 * resource itself. Each is told once when it goes, once when it is back, and heals by itself.
 */
@OnRealCluster
@Timeout(240)
final class RealAccessTest {
  private static final Resource<StoredObject> CONFIG_MAPS = Resource.CONFIG_MAPS;
  private static final Resource<StoredObject> ACCOUNTS =
      new Resource<>("", "v1", "ServiceAccount", "serviceaccounts", StoredObject.class);
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final Resource<StoredObject> ROLES =
      new Resource<>(RBAC, "v1", "Role", "roles", StoredObject.class);
  private static final Resource<StoredObject> BINDINGS =
      new Resource<>(RBAC, "v1", "RoleBinding", "rolebindings", StoredObject.class);
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final RealCluster cluster = RealCluster.started();
  private RealNamespace namespace;
  private ServiceAccount account;

  @BeforeEach
  void makeAnAccount(@TempDir Path folder) throws Exception {
    namespace = new RealNamespace(cluster);
    var key = new ObjectKey(namespace.name(), "reader");
    namespace.create(ACCOUNTS, key.name(), "{}");
    namespace.create(
        ROLES,
        "reader",
        "{rules: [{apiGroups: [''], resources: [configmaps], verbs: [list, watch]}]}");
    account = new ServiceAccount(cluster, namespace, key, folder.resolve("token"));
    namespace.create(Resource.SECRETS, "first", "{}");
    namespace.create(Resource.SECRETS, "second", "{}");
    account.renewBoundTo("first");
  }

  @AfterEach
  void removeIt() throws Exception {
    namespace.close();
  }

  private void allow() throws Exception {
    namespace.create(
        BINDINGS,
        "reader",
        """
        {roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader},
         subjects: [{kind: ServiceAccount, name: reader, namespace: %s}]}
        """
            .formatted(namespace.name()));
  }

  private RealWatch accounts() throws Exception {
    var access = User.access(account.kubeconfig(cluster.access().server()));
    var watch = new RealWatch(cluster, namespace, CONFIG_MAPS, access);
    watch.reflector.start();
    return watch;
  }

  /** Waits until the server refuses the token that is remembered here; it caches them for 10 s. */
  private void awaitRevoked(RealWatch watch, ApiServer other) throws InterruptedException {
    var request = new ApiRequest("GET", CONFIG_MAPS.path(namespace.name()), "", Optional.empty());
    watch.await(
        "the token is refused",
        () -> watch.looks(other.send(request, ANSWER).code() == 401, "it is not"));
  }

  private static void assertToldOnce(RealWatch watch, String why) {
    var lines = watch.log();
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.get(0).contains("watch in trouble"), lines::toString);
    assertTrue(lines.get(0).contains(why), lines::toString);
    assertTrue(lines.get(1).contains("watch well again"), lines::toString);
  }

  @Test
  void aTokenThatWasReplacedInTimeIsNoTrouble(@TempDir Path elsewhere) throws Exception {
    allow();
    var key = new ObjectKey(namespace.name(), "reader");
    var same = new ServiceAccount(cluster, namespace, key, elsewhere.resolve("token"));
    same.renewBoundTo("first");
    var revoked = User.access(same.kubeconfig(cluster.access().server()));
    try (var watch = accounts();
        var other = new ApiServer(revoked, "another client", (_, _, _) -> {})) {
      watch.await("synced", () -> watch.looks(watch.synced(), "not synced"));
      account.renewBoundTo("second");
      namespace.delete(Resource.SECRETS, "first");
      awaitRevoked(watch, other);
      namespace.create(CONFIG_MAPS, "new", "{}");
      watch.awaitSameAsServer();
      watch.await(
          "a new watch was refused with the old token",
          () ->
              watch.looks(
                  watch.requests().stream().anyMatch(request -> request.contains(" 401 ")),
                  watch.requests().toString()));
      namespace.create(CONFIG_MAPS, "newer", "{}");
      watch.awaitSameAsServer();
      assertEquals(1, watch.lists());
      assertEquals(List.of(), watch.log());
    }
  }

  @Test
  void aTokenThatHasEndedIsToldAndAFreshOneHealsIt() throws Exception {
    allow();
    try (var watch = accounts()) {
      watch.await("synced", () -> watch.looks(watch.synced(), "not synced"));
      namespace.delete(Resource.SECRETS, "first");
      watch.awaitTrouble("401");
      namespace.create(CONFIG_MAPS, "meanwhile", "{}");
      var begin = System.nanoTime();
      account.renew();
      watch.awaitWell();
      System.out.println(
          "a fresh token was taken up in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
      watch.awaitSameAsServer();
      assertEquals(1, watch.lists(), "the watch goes on where it was");
      assertToldOnce(watch, "HTTP 401");
    }
  }

  @Test
  void aPermissionTakenAwayInTheMiddleOfAWatchComesBack() throws Exception {
    allow();
    try (var watch = accounts()) {
      watch.await("synced", () -> watch.looks(watch.synced(), "not synced"));
      // the server looks at permissions when a watch begins: the next one, seconds from now
      namespace.delete(BINDINGS, "reader");
      watch.awaitTrouble("403");
      namespace.create(CONFIG_MAPS, "meanwhile", "{}");
      allow();
      watch.awaitWell();
      watch.awaitSameAsServer();
      assertEquals(1, watch.lists(), "the watch goes on where it was");
      assertToldOnce(watch, "HTTP 403");
    }
  }

  @Test
  void aPermissionThatIsMissingAtFirstIsWaitedFor() throws Exception {
    try (var watch = accounts()) {
      watch.awaitTrouble("403");
      watch.await(
          "asked again", () -> watch.looks(watch.lists() >= 2, watch.requests().toString()));
      allow();
      watch.await("synced", () -> watch.looks(watch.synced(), "not synced"));
      watch.awaitWell();
      watch.awaitSameAsServer();
      assertToldOnce(watch, "HTTP 403");
    }
  }

  @Test
  void aDefinitionDeletedAndCreatedAgainIsAskedForUntilItIsThere() throws Exception {
    var group = namespace.name() + ".example.com";
    var gadgets =
        new Resource<>(
            group, "v1", "Gadget", "gadgets", StoredObject.class, "kubectl apply -f gadgets.yaml");
    define(group);
    awaitServed(gadgets);
    namespace.create(gadgets, "old", "{}");
    try (var watch = RealWatch.synced(cluster, namespace, gadgets)) {
      var old = watch.store.all().getFirst().metadata().uid();
      namespace.delete(DEFINITIONS + "/gadgets." + group);
      watch.awaitTrouble("kubectl apply -f gadgets.yaml");
      define(group);
      awaitServed(gadgets);
      namespace.create(gadgets, "old", "{}");
      watch.awaitWell();
      watch.awaitSameAsServer();
      assertTrue(watch.store.all().stream().noneMatch(o -> o.metadata().uid().equals(old)));
      assertToldOnce(watch, "does not serve gadgets." + group + "/v1");
    } finally {
      namespace.delete(DEFINITIONS + "/gadgets." + group);
    }
  }

  private void define(String group) throws Exception {
    namespace.post(
        DEFINITIONS,
        """
        {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition,
         metadata: {name: gadgets.%1$s},
         spec: {group: %1$s, scope: Namespaced, names: {kind: Gadget, plural: gadgets},
          versions: [{name: v1, served: true, storage: true,
           schema: {openAPIV3Schema: {type: object}}}]}}
        """
            .formatted(group));
  }

  private void awaitServed(Resource<?> resource) throws InterruptedException {
    Waiting.until(
        "the new kind is served",
        () -> "",
        () -> {
          namespace.get(resource.path(namespace.name()));
          return new Seen.Good("");
        });
  }
}
