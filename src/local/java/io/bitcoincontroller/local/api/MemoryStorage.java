package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.schema.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Storage in memory: one lock, the objects, and a ring of the last changes. */
public final class MemoryStorage implements Storage {
  private static final int DEFAULT_LOG = 20_000;
  private static final int DEFAULT_GRACE_SECONDS = 30;

  /** A change with what was there before it, which says whether it entered or left a selection. */
  record Entry(Change change, Optional<ObjectNode> before) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Supplier<Instant> clock;
  private final Map<Kind, SortedMap<ObjectKey, ObjectNode>> objects = new HashMap<>();

  /** The change of revision r is at r modulo the length. Entries are never altered. */
  private final Entry[] log;

  private long revision = 1;

  /** The log still has all changes after this revision. */
  private long compacted = 1;

  public MemoryStorage() {
    this(Instant::now, DEFAULT_LOG);
  }

  /**
   * For tests.
   *
   * @param clock for creationTimestamp and deletionTimestamp
   * @param logLength how many changes the log holds, more than 0
   */
  public MemoryStorage(Supplier<Instant> clock, int logLength) {
    this.clock = clock;
    this.log = new Entry[logLength];
  }

  @Override
  public ObjectNode create(Kind kind, ObjectNode object) {
    return locked(
        () -> {
          var stored = object.deepCopy();
          var metadata = metadata(stored);
          var key = kind.key(text(metadata, "namespace"), text(metadata, "name"));
          if (of(kind).containsKey(key)) {
            throw Errors.alreadyExists(kind, key.name());
          }
          metadata.put("uid", UUID.randomUUID().toString());
          metadata.put("creationTimestamp", now());
          metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds"));
          if (kind.hasGeneration()) {
            metadata.put("generation", 1);
          } else {
            metadata.remove("generation");
          }
          return commit(ChangeType.ADDED, kind, key, stored, Optional.empty());
        });
  }

  @Override
  public Optional<ObjectNode> get(Kind kind, ObjectKey key) {
    return locked(() -> Optional.ofNullable(of(kind).get(key)).map(ObjectNode::deepCopy));
  }

  @Override
  public List<ObjectNode> list(Kind kind) {
    return snapshot(kind).objects.stream().map(ObjectNode::deepCopy).toList();
  }

  /** All objects of a kind at one revision. They are shared: never change them. */
  record Snapshot(List<ObjectNode> objects, long revision) {}

  Snapshot snapshot(Kind kind) {
    return locked(() -> new Snapshot(List.copyOf(of(kind).values()), revision));
  }

  @Override
  public ObjectNode update(Kind kind, ObjectKey key, UnaryOperator<ObjectNode> change) {
    return locked(
        () -> {
          var before = of(kind).get(key);
          if (before == null) {
            throw Errors.notFound(kind, key.name());
          }
          var after = change.apply(before.deepCopy()).deepCopy();
          keepServersFields(before, after);
          if (Values.same(after, before)) {
            return after;
          }
          if (kind.hasGeneration() && !Values.same(specOf(before), specOf(after))) {
            bumpGeneration(after);
          }
          return removable(kind, after)
              ? commit(ChangeType.DELETED, kind, key, after, Optional.of(before))
              : commit(ChangeType.MODIFIED, kind, key, after, Optional.of(before));
        });
  }

  /** No change may touch these fields, whoever makes it. */
  private static void keepServersFields(ObjectNode before, ObjectNode after) {
    for (var field : List.of("uid", "creationTimestamp", "generation", "resourceVersion")) {
      var old = before.path("metadata").path(field);
      if (old.isMissingNode()) {
        metadata(after).remove(field);
      } else {
        metadata(after).set(field, old);
      }
    }
  }

  /** The object without metadata and status. */
  private static JsonNode specOf(ObjectNode object) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.setAll(object);
    return spec.without(List.of("metadata", "status"));
  }

  private static void bumpGeneration(ObjectNode object) {
    var metadata = metadata(object);
    metadata.put("generation", metadata.path("generation").asLong(0) + 1);
  }

  /** Its deletion was asked for, and nobody must act first. */
  private static boolean removable(Kind kind, ObjectNode object) {
    var metadata = object.path("metadata");
    var waitsForKubelet =
        kind.equals(Kind.PODS) && metadata.path("deletionGracePeriodSeconds").asLong(0) > 0;
    return metadata.has("deletionTimestamp")
        && metadata.path("finalizers").isEmpty()
        && !waitsForKubelet;
  }

  @Override
  public void delete(Kind kind, ObjectKey key) {
    delete(kind, key, OptionalLong.empty());
  }

  @Override
  public void delete(Kind kind, ObjectKey key, OptionalLong graceSeconds) {
    locked(
        () -> {
          var before = of(kind).get(key);
          if (before == null) {
            throw Errors.notFound(kind, key.name());
          }
          var after = before.deepCopy();
          var metadata = metadata(after);
          var grace = grace(kind, before, graceSeconds);
          var sooner =
              !metadata.has("deletionTimestamp")
                  || grace < metadata.path("deletionGracePeriodSeconds").asLong(0);
          if (sooner) {
            metadata.put("deletionTimestamp", Metadata.timestamp(clock.get().plusSeconds(grace)));
            metadata.put("deletionGracePeriodSeconds", grace);
            if (kind.hasGeneration()) {
              bumpGeneration(after);
            }
          }
          if (removable(kind, after)) {
            commit(ChangeType.DELETED, kind, key, before.deepCopy(), Optional.of(before));
          } else if (sooner) {
            commit(ChangeType.MODIFIED, kind, key, after, Optional.of(before));
          }
          return after;
        });
  }

  /** Only a pod with a node gets time: a kubelet ends it. Other objects go at once. */
  private static long grace(Kind kind, ObjectNode object, OptionalLong asked) {
    if (!kind.equals(Kind.PODS) || text(object.path("spec"), "nodeName").isEmpty()) {
      return 0;
    }
    var own = object.path("spec").path("terminationGracePeriodSeconds");
    return Math.max(0, asked.orElse(own.asLong(DEFAULT_GRACE_SECONDS)));
  }

  @Override
  public void remove(Kind kind, ObjectKey key) {
    locked(
        () -> {
          var before = of(kind).get(key);
          if (before == null) {
            throw Errors.notFound(kind, key.name());
          }
          return commit(ChangeType.DELETED, kind, key, before.deepCopy(), Optional.of(before));
        });
  }

  @Override
  public long revision() {
    return locked(() -> revision);
  }

  @Override
  public Changes changes(Kind kind, long afterRevision) {
    return new Reader(kind, afterRevision);
  }

  /** As {@link #changes}, with what was there before each change. */
  Reader entries(Kind kind, long afterRevision) {
    return new Reader(kind, afterRevision);
  }

  /** Forgets all changes so far, as etcd's compaction does: readers behind it get 410. */
  public void compact() {
    locked(
        () -> {
          compacted = revision;
          changed.signalAll();
          return revision;
        });
  }

  /** Everything at one revision. */
  public static final class Backup {
    private final Map<Kind, SortedMap<ObjectKey, ObjectNode>> objects = new HashMap<>();
    private final long revision;

    private Backup(Map<Kind, SortedMap<ObjectKey, ObjectNode>> all, long revision) {
      all.forEach((kind, some) -> objects.put(kind, new TreeMap<>(some)));
      this.revision = revision;
    }
  }

  public Backup backup() {
    return locked(() -> new Backup(objects, revision));
  }

  /**
   * As etcd restored from a backup: later changes never happened, and their revisions are used
   * again. Open watches stay silent until the new history has overtaken them; a real server would
   * have ended them.
   */
  public void restore(Backup backup) {
    locked(
        () -> {
          var lost = revision - log.length;
          objects.clear();
          backup.objects.forEach((kind, some) -> objects.put(kind, new TreeMap<>(some)));
          revision = backup.revision;
          compacted = Math.min(revision, Math.max(compacted, lost));
          return revision;
        });
  }

  /** The oldest revision that a watch can start from. */
  long compactedRevision() {
    return locked(() -> compacted);
  }

  private ObjectNode commit(
      ChangeType type, Kind kind, ObjectKey key, ObjectNode object, Optional<ObjectNode> before) {
    revision++;
    metadata(object).put("resourceVersion", Long.toString(revision));
    if (type == ChangeType.DELETED) {
      of(kind).remove(key);
    } else {
      of(kind).put(key, object);
    }
    log[slot(revision)] = new Entry(new Change(type, kind, object, revision), before);
    compacted = Math.max(compacted, revision - log.length);
    changed.signalAll();
    return object.deepCopy();
  }

  private int slot(long at) {
    return (int) (at % log.length);
  }

  private SortedMap<ObjectKey, ObjectNode> of(Kind kind) {
    return objects.computeIfAbsent(kind, _ -> new TreeMap<>());
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private String now() {
    return Metadata.timestamp(clock.get());
  }

  private static ObjectNode metadata(ObjectNode object) {
    return object.path("metadata") instanceof ObjectNode metadata
        ? metadata
        : object.putObject("metadata");
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  /** Reads the ring from a place of its own. */
  final class Reader implements Changes {
    private final Kind kind;
    private long seen;
    private boolean closed;

    private Reader(Kind kind, long afterRevision) {
      this.kind = kind;
      this.seen = afterRevision;
    }

    @Override
    public Optional<Change> next(Duration patience) throws InterruptedException {
      return nextEntry(patience)
          .map(Entry::change)
          .map(c -> new Change(c.type(), c.kind(), c.object().deepCopy(), c.revision()));
    }

    /** As {@link #next}; its objects are shared: never change them. */
    Optional<Entry> nextEntry(Duration patience) throws InterruptedException {
      var left = patience.toNanos();
      lock.lockInterruptibly();
      try {
        while (!closed) {
          var found = scan();
          if (found.isPresent()) {
            return found;
          }
          if (left <= 0) {
            return Optional.empty();
          }
          left = changed.awaitNanos(left);
        }
        return Optional.empty();
      } finally {
        lock.unlock();
      }
    }

    /** The revision up to which everything was seen: the next entry is younger. */
    long seen() {
      return locked(() -> seen);
    }

    private Optional<Entry> scan() {
      if (seen < compacted) {
        throw Errors.expired("too old resource version: " + seen + " (" + compacted + ")");
      }
      while (seen < revision) {
        seen++;
        var entry = log[slot(seen)];
        if (entry.change.kind().equals(kind)) {
          return Optional.of(entry);
        }
      }
      return Optional.empty();
    }

    @Override
    public void close() {
      locked(
          () -> {
            closed = true;
            changed.signalAll();
            return seen;
          });
    }
  }
}
