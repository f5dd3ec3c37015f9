package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.api.MemoryStorage;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real reflector over HTTPS, and a server that is put back from a backup: its versions go back by
 * some hundreds, and no request fails.
 */
@Timeout(120)
final class PutBackTest {
  /** The product's, but for watches of 2 s, and a back-off that ends sooner. */
  private static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(30),
          Duration.ofSeconds(40),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(90),
          new Backoff(Duration.ofMillis(50), Duration.ofMillis(500), 1.0),
          Duration.ofMinutes(2));

  private final MemoryStorage storage = new MemoryStorage();
  private final LogLines logged = new LogLines();
  private final Store<StoredObject> store =
      Unbounded.store("configmaps", Set.of(), _ -> Optional.empty(), Ticker.SYSTEM, logged.log);
  private LocalApiServer server;
  private ApiServer client;
  private final ReflectorGroup group = new ReflectorGroup(Recorder.off());
  private Reflector<StoredObject> reflector;
  private MemoryStorage.Backup backup;

  /** The store has seen what happened after the backup. */
  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    server = new LocalApiServer(LocalApiServer.Options.ordinary(), storage);
    var kubeconfig = folder.resolve("kubeconfig");
    server.writeKubeconfig(kubeconfig);
    client = new ApiServer(User.access(kubeconfig), "a test", (_, _, _) -> {});
    create("deleted");
    create("changed");
    backup = storage.backup();
    storage.remove(Kind.CONFIG_MAPS, key("deleted"));
    change("changed", "lost");
    create("lost");
    elsewhere(300);
    reflector = reflector(Resource.CONFIG_MAPS, store);
    reflector.start();
    awaitSameAsServer();
    assertTrue(inStore().containsKey("lost"));
  }

  private Reflector<StoredObject> reflector(
      Resource<StoredObject> resource, Store<StoredObject> into) {
    return reflector(client, resource, into, LIMITS);
  }

  private Reflector<StoredObject> reflector(
      ApiServer from, Resource<StoredObject> resource, Store<StoredObject> into, Limits limits) {
    return new Reflector<>(
        from,
        new Watched<>(resource, "", ""),
        into,
        limits,
        group,
        Ticker.SYSTEM,
        new Random(),
        logged.log,
        () -> {});
  }

  @AfterEach
  void end() throws InterruptedException {
    reflector.stop();
    client.close();
    server.close();
  }

  private static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }

  private void create(String name) {
    var object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("namespace", "default").put("name", name);
    storage.create(Kind.CONFIG_MAPS, object);
  }

  private void change(String name, String to) {
    storage.update(
        Kind.CONFIG_MAPS,
        key(name),
        object -> {
          object.withObject("/data").put("a", to);
          return object;
        });
  }

  /** Writes of other kinds: the revision moves on. */
  private void elsewhere(int writes) {
    for (var i = 0; i < writes; i++) {
      var object = JsonNodeFactory.instance.objectNode();
      object.putObject("metadata").put("namespace", "default").put("name", "e");
      storage.create(Kind.SECRETS, object);
      storage.remove(Kind.SECRETS, key("e"));
    }
  }

  private Map<String, String> inStore() {
    return in(store);
  }

  private static Map<String, String> in(Store<StoredObject> store) {
    var all = new TreeMap<String, String>();
    store.all().forEach(o -> all.put(o.metadata().name(), version(o)));
    return all;
  }

  private static String version(StoredObject object) {
    return object.metadata().resourceVersion() + object.content().path("data");
  }

  private void awaitSameAsServer() throws InterruptedException {
    awaitSameAsServer(store);
  }

  private void awaitSameAsServer(Store<StoredObject> store) throws InterruptedException {
    Waiting.until(
        "the store is as the server",
        logged::toString,
        () -> {
          var there = new TreeMap<String, String>();
          for (var object : storage.list(Kind.CONFIG_MAPS)) {
            var metadata = object.path("metadata");
            there.put(
                metadata.path("name").asText(),
                metadata.path("resourceVersion").asText() + object.path("data"));
          }
          return there.equals(in(store))
              ? new Seen.Good("")
              : new Seen.NotYet("" + there, "" + in(store));
        });
  }

  /** What comes after counts, and nothing is troubled any more. */
  private void assertGoesOn() throws InterruptedException {
    assertTrue(inStore().containsKey("deleted"));
    change("changed", "new");
    create("new");
    awaitSameAsServer();
    assertEquals("", reflector.setback());
  }

  @Test
  void theServerBreaksItsStreamsAndComesBackWithAnotherHistory() throws InterruptedException {
    storage.restore(backup);
    server.cutConnections();
    awaitSameAsServer();
    assertTrue(logged.toString().contains("put back from a backup"), logged.toString());
    assertGoesOn();
  }

  @Test
  void noStreamBreaksAndTheServerIsOnlySilent() throws InterruptedException {
    storage.restore(backup);
    awaitSameAsServer();
    assertGoesOn();
  }

  @Test
  void itIsAwayForAMomentAndItsNewHistoryHasOvertakenTheOld() throws Exception {
    goneForAMoment(400, List.of(reflector));
    awaitSameAsServer();
    assertGoesOn();
  }

  /** What a list notices, the others hear of: their versions may be overtaken by then. */
  @Test
  void aListThatIsOlderThanWhatItReplacesTellsAllOthers() throws Exception {
    var services =
        Unbounded.<StoredObject>store(
            "services", Set.of(), _ -> Optional.empty(), Ticker.SYSTEM, logged.log);
    var other = reflector(Resource.SERVICES, services);
    other.start();
    try {
      awaitProved(other, System.nanoTime());
      assertEquals(0, group.history());
      goneForAMoment(0, List.of(reflector, other));
      var back = System.nanoTime();
      awaitSameAsServer();
      awaitProved(reflector, back);
      awaitProved(other, back);
      assertEquals(1, group.history(), "one backup was put back");
      assertGoesOn();
    } finally {
      other.stop();
    }
  }

  /** Its own server was never away; only its watch broke, after the new history had overtaken. */
  @Test
  void whatOneReflectorFindsOutOfReachAnotherOneDoesNotBelieve(@TempDir Path folder)
      throws Exception {
    var kubeconfig = folder.resolve("kubeconfig-of-another");
    var unaware =
        Unbounded.<StoredObject>store(
            "configmaps", Set.of(), _ -> Optional.empty(), Ticker.SYSTEM, logged.log);
    try (var another = new LocalApiServer(LocalApiServer.Options.ordinary(), storage)) {
      another.writeKubeconfig(kubeconfig);
      try (var there = new ApiServer(User.access(kubeconfig), "a test", (_, _, _) -> {})) {
        // its watches last: no proof comes between
        var other = reflector(there, Resource.CONFIG_MAPS, unaware, Limits.STANDARD);
        other.start();
        try {
          awaitSameAsServer(unaware);
          server.close();
          awaitOutOfReach(List.of(reflector));
          storage.restore(backup);
          elsewhere(400);
          another.cutConnections();
          awaitSameAsServer(unaware);
        } finally {
          other.stop();
        }
      }
    }
  }

  private void awaitOutOfReach(List<Reflector<StoredObject>> all) throws InterruptedException {
    Waiting.until(
        "no connection",
        logged::toString,
        () ->
            all.stream().allMatch(each -> each.setback().contains("no connection"))
                ? new Seen.Good("")
                : new Seen.NotYet("no connection", reflector.setback()));
  }

  private void awaitLine(String words) throws InterruptedException {
    Waiting.until(
        "a line in the log",
        logged::toString,
        () ->
            logged.toString().contains(words)
                ? new Seen.Good("")
                : new Seen.NotYet(words, logged.toString()));
  }

  private void awaitProved(Reflector<StoredObject> by, long since) throws InterruptedException {
    Waiting.until(
        "a proof",
        logged::toString,
        () ->
            by.provedNanos() - since > 0
                ? new Seen.Good("")
                : new Seen.NotYet("a proof", by.setback()));
  }

  /** Until none of these reached it, and then with another history. */
  private void goneForAMoment(int writesAfter, List<Reflector<StoredObject>> all) throws Exception {
    var uri = server.uri();
    var same = new LocalApiServer.Options(uri.getPort(), server.token(), LIMITS.watch(), true);
    server.close();
    try (var held = new Socket()) {
      // it does not listen: dials are refused, and nobody else gets the port
      held.setReuseAddress(true);
      bind(held, new InetSocketAddress(uri.getHost(), uri.getPort()));
      storage.restore(backup);
      elsewhere(writesAfter);
      awaitOutOfReach(all);
      server = new LocalApiServer(same, storage);
    }
  }

  /** A dial of another test may have got the port in between, as its own. */
  private void bind(Socket socket, InetSocketAddress address) throws InterruptedException {
    Waiting.until(
        "the port",
        logged::toString,
        () -> {
          try {
            socket.bind(address);
            return new Seen.Good("");
          } catch (BindException e) {
            return new Seen.NotYet("the port", String.valueOf(e.getMessage()));
          }
        });
  }

  /** With the storage locked: a look at the server's version in between would notice. */
  private void restoreAndOvertake() {
    storage.update(
        Kind.CONFIG_MAPS,
        key("lost"),
        unchanged -> {
          storage.restore(backup);
          elsewhere(400);
          return unchanged;
        });
  }

  /** Nobody notices, until a request does not find an object of the lost history. */
  @Test
  void whatARequestDoesNotFindIsListedAnewAndAllElseToo() throws Exception {
    restoreAndOvertake();
    server.cutConnections();
    change("changed", "new");
    Waiting.until(
        "the watch goes on in the new history, and shows in ten seconds what else it has",
        logged::toString,
        () -> {
          store.get(key("lost")).ifPresent(lost -> store.doubt(lost.metadata()));
          change("changed", "new at " + System.nanoTime());
          return inStore().containsKey("lost")
              ? new Seen.NotYet("lost is not there", inStore().toString())
              : new Seen.Good("");
        });
    awaitLine("no event had said so"); // it follows what the store shows
    assertTrue(logged.toString().contains("object=default/lost"), logged.toString());
    assertEquals(1, group.history());
    awaitSameAsServer();
    assertGoesOn();
  }

  /** No version tells this reflector; another one has noticed in time. */
  @Test
  void oneReflectorNoticesWhatAnotherCannot() throws Exception {
    restoreAndOvertake();
    server.cutConnections();
    change("changed", "new");
    Waiting.until(
        "the watch goes on in the new history",
        logged::toString,
        () ->
            inStore().toString().contains("new")
                ? new Seen.Good("")
                : new Seen.NotYet("new", inStore().toString()));
    assertTrue(inStore().containsKey("lost"), "nobody has noticed yet");
    group.endHistory(group.history());
    change("changed", "newer");
    awaitSameAsServer();
    assertGoesOn();
  }
}
