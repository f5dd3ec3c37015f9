package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.local.realcluster.RealCluster;
import io.bitcoincontroller.local.realcluster.RealNamespace;
import io.bitcoincontroller.local.realcluster.Wire;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** A reflector of one namespace of a real API server, over a wire of its own. */
final class RealWatch implements AutoCloseable {
  /** The product's, but for watches of 4 to 5 s, and a back-off that ends sooner. */
  static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(4),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2), 1.0),
          Duration.ofMinutes(2));

  final Wire wire;
  final Store<StoredObject> store;
  final Reflector<StoredObject> reflector;
  private final RealCluster cluster;
  private final RealNamespace namespace;
  private final Resource<StoredObject> resource;
  private final ApiServer server;
  private final List<Change<StoredObject>> changes = new ArrayList<>();
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

  /** By it the server's audit log knows whose requests are whose. */
  private final String agent =
      "real-watch/" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

  /** Connected, but not started. */
  RealWatch(
      RealCluster cluster,
      RealNamespace namespace,
      Resource<StoredObject> resource,
      ClusterAccess access)
      throws IOException {
    this.cluster = cluster;
    this.namespace = namespace;
    this.resource = resource;
    var log =
        new Log(
            Log.Level.INFO, Log.Format.TEXT, new PrintStream(logged, true, UTF_8), Instant::now);
    wire = new Wire(access);
    server = new ApiServer(wire.through(access), agent, (_, _, _) -> {});
    store =
        Unbounded.store(
            resource.plural(), Set.of(namespace.name()), _ -> Optional.empty(), Ticker.SYSTEM, log);
    store.listen(this::note);
    reflector =
        new Reflector<>(
            server,
            new Watched<>(resource, namespace.name(), ""),
            store,
            LIMITS,
            new ReflectorGroup(Recorder.off()),
            Ticker.SYSTEM,
            new Random(),
            log,
            () -> {});
  }

  /** The administrator's, started and synced. */
  static RealWatch synced(
      RealCluster cluster, RealNamespace namespace, Resource<StoredObject> resource)
      throws IOException, InterruptedException {
    var watch = new RealWatch(cluster, namespace, resource, cluster.access());
    watch.reflector.start();
    watch.await("synced", () -> watch.looks(watch.synced(), "not synced"));
    return watch;
  }

  boolean synced() {
    return store.synced(namespace.name());
  }

  private synchronized void note(Change<StoredObject> change) {
    changes.add(change);
  }

  synchronized List<Change<StoredObject>> changes() {
    return List.copyOf(changes);
  }

  List<String> log() {
    return logged.toString(UTF_8).lines().toList();
  }

  Seen looks(boolean good, String otherwise) {
    return good
        ? new Seen.Good("")
        : new Seen.NotYet("", otherwise + "; trouble: " + reflector.setback());
  }

  void await(String what, Seen.Look look) throws InterruptedException {
    Waiting.until(what, () -> String.join("\n", log()), look);
  }

  /** Waits for trouble of which the text has this part. */
  void awaitTrouble(String words) throws InterruptedException {
    await(
        "in trouble: " + words,
        () ->
            looks(
                !reflector.setback().isEmpty() && reflector.setback().contains(words),
                "other trouble"));
  }

  void awaitWell() throws InterruptedException {
    await("well again", () -> looks(reflector.setback().isEmpty(), "in trouble"));
  }

  /** Waits until the store has what the server has, and the listeners have heard of all of it. */
  void awaitSameAsServer() throws InterruptedException {
    await(
        "the store is as the server",
        () -> {
          var there = onServer();
          var here = inStore();
          if (!here.equals(there)) {
            return new Seen.NotYet("" + there, "" + here);
          }
          // listeners hear a little later than readers see
          var heard = replayed();
          return heard.equals(there)
              ? new Seen.Good("")
              : new Seen.NotYet("listeners that heard of " + there, "" + heard);
        });
  }

  private Map<ObjectKey, String> onServer() throws IOException, InterruptedException {
    var objects = new HashMap<ObjectKey, String>();
    for (var item : namespace.get(resource.path(namespace.name())).path("items")) {
      var metadata = item.path("metadata");
      var key = new ObjectKey(namespace.name(), metadata.path("name").asText());
      objects.put(key, version(metadata));
    }
    return objects;
  }

  private static String version(JsonNode metadata) {
    return metadata.path("uid").asText() + " at " + metadata.path("resourceVersion").asText();
  }

  private Map<ObjectKey, String> inStore() {
    return store.all().stream()
        .collect(Collectors.toMap(o -> o.metadata().key(), object -> version(object.metadata())));
  }

  private static String version(Meta metadata) {
    return metadata.uid() + " at " + metadata.resourceVersion();
  }

  /** The changes, one after the other: each has to begin where the last one of its key ended. */
  private Map<ObjectKey, String> replayed() {
    var objects = new HashMap<ObjectKey, String>();
    for (var change : changes()) {
      var before = change.before().map(object -> version(object.metadata()));
      assertEquals(before, Optional.ofNullable(objects.get(change.key())), change::toString);
      change
          .after()
          .ifPresentOrElse(
              object -> objects.put(change.key(), version(object.metadata())),
              () -> objects.remove(change.key()));
    }
    return objects;
  }

  /**
   * What the server was asked by this reflector and how it answered, as {@code list 200 limit=500}.
   */
  List<String> requests() throws IOException {
    return cluster.audit().entries().stream()
        .filter(entry -> entry.agent().equals(agent))
        // of a watch the first entry counts: a refusal of its token has no other
        .filter(entry -> entry.watch() != entry.complete())
        .map(entry -> entry.verb() + " " + entry.code() + " " + query(entry.target()))
        .toList();
  }

  private static String query(String target) {
    return target.contains("?") ? target.substring(target.indexOf('?') + 1) : "";
  }

  /** Those that ask for the server's version alone do not count. */
  long lists() throws IOException {
    return requests().stream()
        .filter(request -> request.startsWith("list ") && !request.endsWith(" limit=1"))
        .count();
  }

  @Override
  public void close() throws IOException {
    try {
      reflector.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      server.close();
      wire.close();
    }
  }
}
