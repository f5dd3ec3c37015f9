package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.local.realcluster.OnRealCluster;
import io.bitcoincontroller.local.realcluster.RealCluster;
import io.bitcoincontroller.local.realcluster.RealNamespace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** List and watch against a real API server: always, in the end, the cache is what it has. */
@OnRealCluster
@Timeout(240)
final class RealReflectorTest {
  /** Watched in etcd itself: the script has switched the server's own cache off for them. */
  private static final Resource<StoredObject> POD_TEMPLATES =
      new Resource<>("", "v1", "PodTemplate", "podtemplates", StoredObject.class);

  private static final String POD_TEMPLATE =
      "{template: {spec: {containers: [{name: c, image: i}]}}}";

  private static final Resource<StoredObject> CONFIG_MAPS = Resource.CONFIG_MAPS;

  private final RealCluster cluster = RealCluster.started();
  private RealNamespace namespace;

  @BeforeEach
  void makeANamespace() throws Exception {
    namespace = new RealNamespace(cluster);
  }

  @AfterEach
  void removeIt() throws IOException {
    namespace.close();
  }

  private void createMany(Resource<?> resource, String each, int count) throws Exception {
    var creations =
        IntStream.range(0, count)
            .<Callable<Object>>mapToObj(i -> () -> namespace.create(resource, "many-" + i, each))
            .toList();
    try (var eight = Executors.newFixedThreadPool(8)) {
      for (var creation : eight.invokeAll(creations)) {
        creation.get();
      }
    }
  }

  private Optional<StoredObject> held(RealWatch watch, String name) {
    return watch.store.get(new ObjectKey(namespace.name(), name));
  }

  @Test
  void theStreamedListIsRefusedOnceAndManyObjectsComeInPages() throws Exception {
    createMany(CONFIG_MAPS, "{}", 1100);
    try (var watch = RealWatch.synced(cluster, namespace, CONFIG_MAPS)) {
      watch.awaitSameAsServer();
      watch.wire.cut();
      watch.awaitTrouble("");
      namespace.delete(CONFIG_MAPS, "many-0");
      namespace.patch(CONFIG_MAPS, "many-1", "{\"data\":{\"a\":\"1\"}}");
      watch.wire.mend();
      watch.awaitSameAsServer();
      watch.await("a watch", () -> watch.looks(watch.requests().size() >= 5, "no watch"));
      var requests = watch.requests();
      assertTrue(requests.getFirst().startsWith("watch 422 watch=1&sendInitialEvents=true"));
      assertEquals("list 200 limit=500", requests.get(1));
      assertTrue(requests.get(2).startsWith("list 200 limit=500&continue="), requests::toString);
      assertTrue(requests.get(3).startsWith("list 200 limit=500&continue="), requests::toString);
      assertTrue(requests.get(4).startsWith("watch 200 watch=1&resourceVersion="));
      // a cut is no reason to list again; a connection that was refused meanwhile is one
      var lists = watch.lists();
      assertTrue(lists == 3 || lists == 6, () -> "lists: " + lists);
      assertToldAndOver(watch);
    }
  }

  @Test
  void bookmarksMoveTheVersionOfAQuietWatch() throws Exception {
    try (var watch = RealWatch.synced(cluster, namespace, CONFIG_MAPS);
        var elsewhere = new RealNamespace(cluster)) {
      var version =
          elsewhere.create(CONFIG_MAPS, "elsewhere", "{}").at("/metadata/resourceVersion").asText();
      watch.await(
          "a watch from a version that only a bookmark can have told",
          () ->
              watch.looks(
                  watch.requests().stream()
                      .filter(request -> request.startsWith("watch 200"))
                      .map(request -> request.replaceAll(".*resourceVersion=([0-9]+).*", "$1"))
                      .anyMatch(from -> ResourceVersion.reached(from, version)),
                  watch.requests().toString()));
      assertEquals(1, watch.lists());
      watch.awaitSameAsServer();
    }
  }

  @Test
  void aWatchThatFallsSilentIsReplacedWithoutAList() throws Exception {
    try (var watch = RealWatch.synced(cluster, namespace, CONFIG_MAPS)) {
      watch.wire.freeze();
      var frozen = System.nanoTime();
      namespace.create(CONFIG_MAPS, "unheard", "{}");
      watch.await("a new watch", () -> watch.looks(held(watch, "unheard").isPresent(), "absent"));
      var took = Duration.ofNanos(System.nanoTime() - frozen);
      watch.awaitSameAsServer();
      if (took.compareTo(RealWatch.LIMITS.resumable()) < 0) {
        assertEquals(1, watch.lists());
        assertEquals(List.of(), watch.log());
      } else {
        // a request hung on the frozen wire: the last proof is too old now, and a list is due
        assertEquals(2, watch.lists());
      }
    }
  }

  /** Its versions go back, and no request fails for that. */
  @Test
  void afterEtcdWasPutBackFromABackupTheStoreIsWhatTheBackupHolds() throws Exception {
    namespace.create(CONFIG_MAPS, "deleted", "{}");
    namespace.create(CONFIG_MAPS, "changed", "{}");
    var backup = cluster.backup();
    try (var watch = RealWatch.synced(cluster, namespace, CONFIG_MAPS)) {
      namespace.delete(CONFIG_MAPS, "deleted");
      namespace.patch(CONFIG_MAPS, "changed", "{\"data\":{\"a\":\"lost\"}}");
      createMany(CONFIG_MAPS, "{}", 300);
      watch.awaitSameAsServer();
      var lost = held(watch, "changed").orElseThrow().metadata().resourceVersion();
      cluster.putBack(backup);
      watch.awaitSameAsServer();
      var now = held(watch, "changed").orElseThrow().metadata().resourceVersion();
      assertTrue(ResourceVersion.older(now, lost), now + " after " + lost);
      assertTrue(held(watch, "deleted").isPresent());
      assertTrue(held(watch, "many-0").isEmpty());
      namespace.patch(CONFIG_MAPS, "changed", "{\"data\":{\"a\":\"new\"}}");
      watch.awaitSameAsServer();
      watch.awaitWell();
    }
  }

  @Test
  void deletedAndCreatedAgainWhileCutOffIsTwoObjects() throws Exception {
    namespace.create(CONFIG_MAPS, "again", "{}");
    try (var watch = RealWatch.synced(cluster, namespace, CONFIG_MAPS)) {
      var first = held(watch, "again").orElseThrow().metadata().uid();
      watch.wire.cut();
      watch.awaitTrouble("");
      namespace.delete(CONFIG_MAPS, "again");
      namespace.create(CONFIG_MAPS, "again", "{}");
      watch.wire.mend();
      watch.awaitSameAsServer();
      assertTrue(held(watch, "again").stream().noneMatch(o -> o.metadata().uid().equals(first)));
    }
  }

  @Test
  void afterACompactionAllIsListedAgainAndWhatVanishedIsReported() throws Exception {
    for (var name : List.of("stays", "vanishes", "again")) {
      namespace.create(POD_TEMPLATES, name, POD_TEMPLATE);
    }
    try (var watch = RealWatch.synced(cluster, namespace, POD_TEMPLATES)) {
      watch.wire.cut();
      watch.awaitTrouble("");
      var heard = watch.changes().size();
      namespace.delete(POD_TEMPLATES, "vanishes");
      namespace.delete(POD_TEMPLATES, "again");
      namespace.create(POD_TEMPLATES, "again", POD_TEMPLATE);
      var last =
          namespace.create(POD_TEMPLATES, "new", POD_TEMPLATE).at("/metadata/resourceVersion");
      cluster.compact(last.asText());
      watch.wire.mend();
      watch.awaitSameAsServer();
      assertEquals(2, watch.lists());
      var after = watch.changes().subList(heard, watch.changes().size());
      assertEquals(
          List.of("again +", "again -", "new +", "vanishes -"),
          after.stream()
              .map(c -> c.key().name() + (c.after().isPresent() ? " +" : " -"))
              .sorted()
              .toList());
      watch.awaitWell();
    }
  }

  @Test
  void aCompactionBetweenTwoPagesMakesOneWholeList() throws Exception {
    createMany(POD_TEMPLATES, POD_TEMPLATE, 600);
    try (var watch = new RealWatch(cluster, namespace, POD_TEMPLATES, cluster.access())) {
      watch.wire.freezeAfter(50_000);
      watch.reflector.start();
      watch.await("the first page", () -> watch.looks(watch.wire.frozen(), "not begun"));
      namespace.delete(POD_TEMPLATES, "many-7");
      var last =
          namespace.create(POD_TEMPLATES, "last", POD_TEMPLATE).at("/metadata/resourceVersion");
      cluster.compact(last.asText());
      watch.wire.thaw();
      watch.awaitSameAsServer();
      var lists = watch.requests().stream().filter(r -> r.startsWith("list ")).toList();
      assertEquals("list 200 limit=500", lists.get(0));
      assertTrue(lists.get(1).startsWith("list 410 limit=500&continue="), lists::toString);
      assertEquals("list 200 ", lists.get(2));
      assertEquals(3, lists.size());
    }
  }

  @Test
  void killedAndStartedAgainInTheMiddleOfAWatchNothingIsMissed() throws Exception {
    try (var watch = RealWatch.synced(cluster, namespace, CONFIG_MAPS)) {
      var writes = new AtomicInteger();
      var writer = Thread.ofVirtual().unstarted(() -> writeAtRandom(writes));
      writer.start();
      try {
        awaitMoreChanges(watch);
        cluster.killApiServer();
        watch.awaitTrouble("");
        assertTrue(watch.reflector.alive(System.nanoTime()), "a server that is away");
        cluster.startApiServer();
        watch.awaitWell();
        awaitMoreChanges(watch);
      } finally {
        writer.interrupt();
        writer.join();
        cluster.startApiServer();
      }
      watch.awaitSameAsServer();
      assertTrue(writes.get() > 100, "writes: " + writes);
      assertToldAndOver(watch);
    }
  }

  /** How the connection broke and why there is no new one may be two things, each told once. */
  private static void assertToldAndOver(RealWatch watch) {
    var lines = watch.log();
    assertTrue(lines.size() == 2 || lines.size() == 3, lines::toString);
    assertTrue(lines.getLast().contains("well again"), lines::toString);
  }

  private static void awaitMoreChanges(RealWatch watch) throws InterruptedException {
    var before = watch.changes().size();
    watch.await(
        "changes", () -> watch.looks(watch.changes().size() > before + 50, "too few changes"));
  }

  /** Until interrupted; what can't be carried out, since the server is away, is not. */
  private void writeAtRandom(AtomicInteger writes) {
    var seed = System.nanoTime();
    System.out.println("writes by seed " + seed);
    var random = new Random(seed);
    while (!Thread.interrupted()) {
      var name = "written-" + random.nextInt(20);
      try {
        switch (random.nextInt(3)) {
          case 0 -> namespace.create(CONFIG_MAPS, name, "{}");
          case 1 -> namespace.delete(CONFIG_MAPS, name);
          default -> {
            var data = "{\"data\":{\"a\":\"" + random.nextInt() + "\"}}";
            namespace.patch(CONFIG_MAPS, name, data);
          }
        }
        writes.incrementAndGet();
      } catch (IOException e) {
        // there already, not there, or the server is away
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
