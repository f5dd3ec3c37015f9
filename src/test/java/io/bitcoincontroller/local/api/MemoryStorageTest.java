package io.bitcoincontroller.local.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Storage.ChangeType;
import io.bitcoincontroller.local.api.Storage.StatusException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MemoryStorageTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final ObjectKey KEY = new ObjectKey("default", "x");

  private final MemoryStorage storage =
      new MemoryStorage(() -> Instant.parse("2026-01-01T00:00:00Z"), 8);

  private static ObjectNode object(String name) {
    var object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("namespace", "default").put("name", name);
    object.putObject("spec").put("a", 1);
    return object;
  }

  private static ObjectNode with(ObjectNode object, String part, String field, String value) {
    object.withObject("/" + part).put(field, value);
    return object;
  }

  @Test
  void creatingFillsInWhatTheServerOwns() {
    var made = storage.create(Kind.STATEFUL_SETS, object("x")).path("metadata");
    assertFalse(made.path("uid").asText().isEmpty());
    assertEquals("2026-01-01T00:00:00Z", made.path("creationTimestamp").asText());
    assertEquals(1, made.path("generation").asInt());
    assertEquals(Long.toString(storage.revision()), made.path("resourceVersion").asText());
    var again =
        assertThrows(StatusException.class, () -> storage.create(Kind.STATEFUL_SETS, object("x")));
    assertEquals("AlreadyExists", again.reason);
  }

  @Test
  void generationCountsChangesOfTheSpecOnly() {
    storage.create(Kind.STATEFUL_SETS, object("x"));
    storage.update(Kind.STATEFUL_SETS, KEY, o -> with(o, "status", "s", "1"));
    storage.update(Kind.STATEFUL_SETS, KEY, o -> with(o, "metadata", "l", "1"));
    var updated = storage.update(Kind.STATEFUL_SETS, KEY, o -> with(o, "spec", "a", "2"));
    assertEquals(2, updated.at("/metadata/generation").asInt());
  }

  @Test
  void anUpdateThatChangesNothingSpendsNoRevision() {
    storage.create(Kind.PODS, object("x"));
    var before = storage.revision();
    storage.update(Kind.PODS, KEY, o -> o);
    storage.update(Kind.PODS, KEY, o -> o.set("spec", o.objectNode().put("a", 1L)));
    assertEquals(before, storage.revision());
  }

  @Test
  void theUidCantBeChanged() {
    var uid = storage.create(Kind.PODS, object("x")).at("/metadata/uid");
    var updated = storage.update(Kind.PODS, KEY, o -> with(o, "metadata", "uid", "other"));
    assertEquals(uid, updated.at("/metadata/uid"));
  }

  @Test
  void whatIsHandedOutIsACopy() {
    storage.create(Kind.PODS, object("x"));
    with(storage.get(Kind.PODS, KEY).orElseThrow(), "spec", "a", "9");
    with(storage.list(Kind.PODS).getFirst(), "spec", "a", "9");
    assertEquals(1, storage.get(Kind.PODS, KEY).orElseThrow().at("/spec/a").asInt());
  }

  @Test
  void aPodThatRunsStaysUntilTheKubeletRemovesIt() {
    storage.create(Kind.PODS, with(object("x"), "spec", "nodeName", "n"));
    storage.delete(Kind.PODS, KEY);
    var pod = storage.get(Kind.PODS, KEY).orElseThrow().path("metadata");
    assertEquals(30, pod.path("deletionGracePeriodSeconds").asInt());
    assertEquals("2026-01-01T00:00:30Z", pod.path("deletionTimestamp").asText());
    storage.update(Kind.PODS, KEY, o -> with(o, "status", "phase", "Running"));
    assertTrue(storage.get(Kind.PODS, KEY).isPresent());
    storage.remove(Kind.PODS, KEY);
    assertTrue(storage.get(Kind.PODS, KEY).isEmpty());
    assertEquals(
        404, assertThrows(StatusException.class, () -> storage.remove(Kind.PODS, KEY)).code);
  }

  @Test
  void aSecondDeleteOnlyShortensTheGrace() {
    storage.create(Kind.PODS, with(object("x"), "spec", "nodeName", "n"));
    storage.delete(Kind.PODS, KEY, OptionalLong.of(60));
    storage.delete(Kind.PODS, KEY, OptionalLong.of(90));
    var grace = "/metadata/deletionGracePeriodSeconds";
    assertEquals(60, storage.get(Kind.PODS, KEY).orElseThrow().at(grace).asInt());
    storage.delete(Kind.PODS, KEY, OptionalLong.of(0));
    assertTrue(storage.get(Kind.PODS, KEY).isEmpty());
  }

  @Test
  void anObjectWithAFinalizerGoesWhenTheFinalizerGoes() {
    var object = object("x");
    object.withObject("/metadata").putArray("finalizers").add("f");
    storage.create(Kind.CONFIG_MAPS, object);
    storage.delete(Kind.CONFIG_MAPS, KEY);
    assertTrue(storage.get(Kind.CONFIG_MAPS, KEY).isPresent());
    storage.update(
        Kind.CONFIG_MAPS,
        KEY,
        o -> {
          o.withObject("/metadata").remove("finalizers");
          return o;
        });
    assertTrue(storage.get(Kind.CONFIG_MAPS, KEY).isEmpty());
  }

  @Test
  void aBackupBringsBackObjectsAndRevisions() throws Exception {
    storage.create(Kind.PODS, object("x"));
    var backup = storage.backup();
    var then = storage.revision();
    storage.update(Kind.PODS, KEY, o -> with(o, "spec", "a", "later"));
    storage.remove(Kind.PODS, KEY);
    try (var future = storage.changes(Kind.PODS, storage.revision())) {
      storage.restore(backup);
      assertEquals(then, storage.revision());
      var again = storage.update(Kind.PODS, KEY, o -> with(o, "spec", "a", "other"));
      assertEquals(then + 1, again.at("/metadata/resourceVersion").asLong());
      assertTrue(future.next(Duration.ZERO).isEmpty(), "the future has not come yet");
    }
    try (var changes = storage.changes(Kind.PODS, then)) {
      var change = changes.next(Duration.ZERO).orElseThrow();
      assertEquals("other", change.object().at("/spec/a").asText());
    }
  }

  @Test
  void aReaderReplaysTheLogOfItsKindInOrder() throws Exception {
    var start = storage.revision();
    storage.create(Kind.PODS, object("x"));
    storage.create(Kind.SECRETS, object("x"));
    storage.update(Kind.PODS, KEY, o -> with(o, "spec", "a", "2"));
    storage.delete(Kind.PODS, KEY);
    try (var changes = storage.changes(Kind.PODS, start)) {
      assertEquals(ChangeType.ADDED, changes.next(LONG).orElseThrow().type());
      assertEquals(ChangeType.MODIFIED, changes.next(LONG).orElseThrow().type());
      var deleted = changes.next(LONG).orElseThrow();
      assertEquals(ChangeType.DELETED, deleted.type());
      assertEquals(
          Long.toString(deleted.revision()),
          deleted.object().at("/metadata/resourceVersion").asText());
      assertTrue(changes.next(Duration.ZERO).isEmpty());
    }
  }

  @Test
  void aWaitingReaderHearsOfAChangeAndOfItsEnd() throws Exception {
    var changes = storage.changes(Kind.PODS, storage.revision());
    var next = CompletableFuture.supplyAsync(() -> take(changes));
    storage.create(Kind.PODS, object("x"));
    assertTrue(next.get(30, TimeUnit.SECONDS));
    var none = CompletableFuture.supplyAsync(() -> take(changes));
    changes.close();
    assertFalse(none.get(30, TimeUnit.SECONDS));
  }

  private static boolean take(Storage.Changes changes) {
    try {
      return changes.next(LONG).isPresent();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void aReaderBehindTheLogIsTold() {
    var start = storage.revision();
    storage.create(Kind.PODS, object("x"));
    for (var i = 0; i < 8; i++) {
      var value = Integer.toString(i);
      storage.update(Kind.PODS, KEY, o -> with(o, "spec", "a", value));
    }
    try (var changes = storage.changes(Kind.PODS, start)) {
      assertEquals(
          410, assertThrows(StatusException.class, () -> changes.next(Duration.ZERO)).code);
    }
    var late = storage.revision() - 1;
    storage.compact();
    try (var changes = storage.changes(Kind.PODS, late)) {
      assertEquals(
          410, assertThrows(StatusException.class, () -> changes.next(Duration.ZERO)).code);
    }
    assertNotEquals(late, storage.revision());
  }
}
