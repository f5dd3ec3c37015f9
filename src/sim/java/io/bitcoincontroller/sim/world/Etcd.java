package io.bitcoincontroller.sim.world;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The objects of the simulated cluster, and the log of their changes: one counter for all kinds.
 */
public final class Etcd {
  /** Kinds as {@code group/plural}; the core group's begin with the slash. */
  public static final String NETWORKS = "bitcoincontroller.christianb93.github.com/bitcoinnetworks";

  public static final String PODS = "/pods";
  public static final String SETS = "apps/statefulsets";
  public static final String SECRETS = "/secrets";
  public static final String LEASES = "coordination.k8s.io/leases";
  public static final String EVENTS = "events.k8s.io/events";

  /** One object of one kind. */
  public record ObjectId(String kind, ObjectKey key) implements Comparable<ObjectId> {
    public static ObjectId of(String kind, String namespace, String name) {
      return new ObjectId(kind, new ObjectKey(namespace, name));
    }

    private static final Comparator<ObjectId> ORDER =
        Comparator.comparing(ObjectId::kind)
            .thenComparing(id -> id.key().namespace())
            .thenComparing(id -> id.key().name());

    @Override
    public int compareTo(ObjectId other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return kind.substring(kind.indexOf('/') + 1) + " " + key;
    }
  }

  /** An object at one revision; never changed. */
  public static final class Version {
    private static final Map<String, JsonPointer> POINTERS = new HashMap<>();

    private final ObjectNode tree;

    /** Empty until somebody reads it. */
    private String text = "";

    Version(ObjectNode tree) {
      this.tree = tree;
    }

    public ObjectNode tree() {
      return tree;
    }

    String text() {
      if (text.isEmpty()) {
        text = tree.toString();
      }
      return text;
    }

    public JsonNode at(String pointer) {
      return tree.at(POINTERS.computeIfAbsent(pointer, JsonPointer::compile));
    }

    public String uid() {
      return at("/metadata/uid").asText();
    }

    /** Whether this is another version of one object. */
    boolean isSame(Version other) {
      return uid().equals(other.uid());
    }

    boolean deleting() {
      return tree.path("metadata").has("deletionTimestamp");
    }
  }

  /**
   * A change.
   *
   * @param type ADDED, MODIFIED or DELETED
   * @param before empty for what is new
   */
  public record Event(
      long revision, String type, ObjectId id, Version after, Optional<Version> before) {}

  /** No server has an object of version 0. */
  private static final long FIRST = 1000;

  private final Supplier<Instant> clock;
  private final SortedMap<ObjectId, Version> objects = new TreeMap<>();
  private final List<Event> log = new ArrayList<>();
  private final List<Consumer<Event>> wakeUps = new ArrayList<>();
  private long compacted = FIRST;
  private long uids;

  public Etcd(Supplier<Instant> clock) {
    this.clock = clock;
  }

  /** Hears that the log has grown; it reads the log later, at its own time. */
  void wake(Consumer<Event> reader) {
    wakeUps.add(reader);
  }

  void sleep(Consumer<Event> reader) {
    wakeUps.remove(reader);
  }

  public long revision() {
    return FIRST + log.size();
  }

  /** The revision before the first change. */
  long first() {
    return FIRST;
  }

  /** Watches from before this revision are refused. */
  long compacted() {
    return compacted;
  }

  public void compact() {
    compacted = revision();
  }

  /** The change that made this revision. */
  Event event(long revision) {
    return log.get((int) (revision - FIRST) - 1);
  }

  public Optional<Version> get(ObjectId id) {
    return Optional.ofNullable(objects.get(id));
  }

  /** All of a kind, sorted. */
  public List<Version> list(String kind) {
    return List.copyOf(
        objects.subMap(ObjectId.of(kind, "", ""), ObjectId.of(kind + "\0", "", "")).values());
  }

  /** All of a kind as they were at an earlier revision. */
  List<Version> list(String kind, long revision) {
    return List.copyOf(
        asOf(revision)
            .subMap(ObjectId.of(kind, "", ""), ObjectId.of(kind + "\0", "", ""))
            .values());
  }

  private SortedMap<ObjectId, Version> asOf(long revision) {
    var then = new TreeMap<>(objects);
    for (var at = revision(); at > revision; at--) {
      var event = event(at);
      then.remove(event.id());
      event.before().ifPresent(before -> then.put(event.id(), before));
    }
    return then;
  }

  /**
   * All is as it was at an earlier revision, and the next change gets the number after that one.
   * Who reads at once hears what is other than before; the log does not tell.
   */
  void restore(long revision) {
    var before = new TreeMap<>(objects);
    var then = asOf(revision);
    objects.clear();
    objects.putAll(then);
    log.subList((int) (revision - FIRST), log.size()).clear();
    compacted = revision;
    before.forEach(
        (id, version) -> {
          if (Optional.ofNullable(then.get(id)).filter(version::isSame).isEmpty()) {
            tell(new Event(revision, "DELETED", id, version, Optional.of(version)));
          }
        });
    then.forEach(
        (id, version) -> {
          var last = Optional.ofNullable(before.get(id)).filter(version::isSame);
          if (last.isEmpty()) {
            tell(new Event(revision, "ADDED", id, version, Optional.empty()));
          } else if (last.get() != version) {
            tell(new Event(revision, "MODIFIED", id, version, last));
          }
        });
  }

  public static ObjectId idOf(String kind, JsonNode object) {
    return ObjectId.of(
        kind, object.at("/metadata/namespace").asText(), object.at("/metadata/name").asText());
  }

  /** The object must not be there yet. */
  public Version create(String kind, ObjectNode object) {
    var id = idOf(kind, object);
    if (objects.containsKey(id)) {
      throw new IllegalStateException("there already: " + id);
    }
    var stored = object.deepCopy();
    var metadata = stored.withObject("/metadata");
    metadata.put("uid", "uid-" + ++uids);
    metadata.put("creationTimestamp", now());
    metadata.put("generation", 1);
    metadata.remove("deletionTimestamp");
    return commit("ADDED", id, stored, Optional.empty());
  }

  /** Changes a copy of an object that is there. Spends no revision where nothing differs. */
  public Version update(ObjectId id, UnaryOperator<ObjectNode> change) {
    var before = get(id).orElseThrow();
    var after = change.apply(before.tree().deepCopy());
    if (after.equals(before.tree())) {
      return before;
    }
    if (!desired(after).equals(desired(before.tree()))) {
      after
          .withObject("/metadata")
          .put("generation", before.at("/metadata/generation").asLong() + 1);
    }
    return commit("MODIFIED", id, after, Optional.of(before));
  }

  private static ObjectNode desired(ObjectNode object) {
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    rest.setAll(object);
    return rest.without(List.of("metadata", "status"));
  }

  /** Asks for the deletion: a pod ends by and by, all else goes at once. */
  public void delete(ObjectId id) {
    if (!id.kind().equals(PODS)) {
      remove(id);
    } else if (get(id).filter(pod -> !pod.deleting()).isPresent()) {
      update(
          id,
          pod -> {
            pod.withObject("/metadata").put("deletionTimestamp", now());
            return pod;
          });
    }
  }

  /** It is gone. */
  public void remove(ObjectId id) {
    var before = get(id);
    if (before.isPresent()) {
      commit("DELETED", id, before.get().tree().deepCopy(), before);
    }
  }

  private Version commit(String type, ObjectId id, ObjectNode object, Optional<Version> before) {
    var revision = revision() + 1;
    object.withObject("/metadata").put("resourceVersion", Long.toString(revision));
    var version = new Version(object);
    if (type.equals("DELETED")) {
      objects.remove(id);
    } else {
      objects.put(id, version);
    }
    var event = new Event(revision, type, id, version, before);
    log.add(event);
    tell(event);
    return version;
  }

  private void tell(Event event) {
    List.copyOf(wakeUps).forEach(reader -> reader.accept(event));
  }

  private String now() {
    return clock.get().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
