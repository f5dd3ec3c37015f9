package io.bitcoincontroller.local.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The smallest storage that keeps the contract; its log is never cut. */
final class TinyStorage implements Storage {
  private record Place(Kind kind, ObjectKey key) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      var byKind = kind.toString().compareTo(other.kind.toString());
      return byKind != 0 ? byKind : key.compareTo(other.key);
    }
  }

  private final Map<Place, ObjectNode> objects = new TreeMap<>();
  private final List<Change> log = new ArrayList<>();

  @Override
  public synchronized ObjectNode create(Kind kind, ObjectNode object) {
    var place = new Place(kind, Kubelet.key(object));
    if (objects.containsKey(place)) {
      throw new StatusException(409, "AlreadyExists", place + " already exists");
    }
    var stored = object.deepCopy();
    var metadata = stored.withObject("/metadata").put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", Instant.now().toString()).put("generation", 1);
    return commit(ChangeType.ADDED, place, stored);
  }

  private ObjectNode commit(ChangeType type, Place place, ObjectNode object) {
    var revision = log.size() + 1L;
    object.withObject("/metadata").put("resourceVersion", Long.toString(revision));
    if (type == ChangeType.DELETED) {
      objects.remove(place);
    } else {
      objects.put(place, object);
    }
    log.add(new Change(type, place.kind(), object.deepCopy(), revision));
    notifyAll();
    return object.deepCopy();
  }

  @Override
  public synchronized Optional<ObjectNode> get(Kind kind, ObjectKey key) {
    return Optional.ofNullable(objects.get(new Place(kind, key))).map(ObjectNode::deepCopy);
  }

  @Override
  public synchronized List<ObjectNode> list(Kind kind) {
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().kind().equals(kind))
        .map(entry -> entry.getValue().deepCopy())
        .toList();
  }

  @Override
  public synchronized ObjectNode update(
      Kind kind, ObjectKey key, UnaryOperator<ObjectNode> change) {
    var place = new Place(kind, key);
    var before = existing(place);
    var after = change.apply(before.deepCopy());
    if (after.equals(before)) {
      return after;
    }
    if (!after.path("spec").equals(before.path("spec"))) {
      var metadata = after.withObject("/metadata");
      metadata.put("generation", metadata.path("generation").asLong() + 1);
    }
    return commit(ChangeType.MODIFIED, place, after);
  }

  private ObjectNode existing(Place place) {
    var object = objects.get(place);
    if (object == null) {
      throw new StatusException(404, "NotFound", place.key() + " not found");
    }
    return object;
  }

  @Override
  public synchronized void delete(Kind kind, ObjectKey key) {
    var place = new Place(kind, key);
    var object = existing(place).deepCopy();
    if (kind.equals(Kind.PODS)) {
      object.withObject("/metadata").put("deletionTimestamp", Instant.now().toString());
      commit(ChangeType.MODIFIED, place, object);
    } else {
      commit(ChangeType.DELETED, place, object);
    }
  }

  @Override
  public synchronized void remove(Kind kind, ObjectKey key) {
    var place = new Place(kind, key);
    commit(ChangeType.DELETED, place, existing(place).deepCopy());
  }

  @Override
  public synchronized long revision() {
    return log.size();
  }

  @Override
  public Changes changes(Kind kind, long afterRevision) {
    return new Reader(kind, afterRevision);
  }

  private final class Reader implements Changes {
    private final Kind kind;
    private long seen;

    Reader(Kind kind, long afterRevision) {
      this.kind = kind;
      this.seen = afterRevision;
    }

    @Override
    public Optional<Change> next(Duration patience) throws InterruptedException {
      var end = System.nanoTime() + patience.toNanos();
      synchronized (TinyStorage.this) {
        while (true) {
          while (seen < log.size()) {
            var change = log.get((int) seen++);
            if (change.kind().equals(kind)) {
              return Optional.of(change);
            }
          }
          var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
          if (left <= 0) {
            return Optional.empty();
          }
          TinyStorage.this.wait(left);
        }
      }
    }

    @Override
    public void close() {}
  }
}
