package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.cache.Shards;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.cache.Unbounded;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.plan.Note;
import io.bitcoincontroller.plan.Write;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Applies, where what is stored afterwards is not what was applied. */
class ChildWriterTest {
  private static final ObjectKey KEY = new ObjectKey("default", "net-svc");

  private final List<ApiRequest> sent = new ArrayList<>();
  private final LogLines logged = new LogLines();
  private final Log log = logged.log;
  private String versionAfter = "";
  private int refusal;
  private long now;
  private String storedImage = "a";
  private final Store<StoredObject> services = store();
  private final ChildWriter writer =
      new ChildWriter(
          new ObjectKey("default", "net"),
          (request, _) -> {
            sent.add(request);
            return refusal == 0
                ? new Reply.Success(200, stored())
                : new Reply.Failure(refusal, "", "no", List.of(), Optional.empty());
          },
          new Stores(
              store(),
              services,
              store(),
              store(),
              () -> BudgetSupport.WITH_EVICTION_POLICY,
              store()),
          () -> now,
          log);

  private JsonNode stored() throws IOException {
    return stored(storedImage, versionAfter, "");
  }

  private static JsonNode stored(String image, String version, String label) throws IOException {
    return Json.MAPPER.readTree(
        """
        {
          "kind": "Service",
          "image": "%s",
          "metadata": {
            "managedFields": [{"time": "%s"}],
            "namespace": "default", "name": "net-svc", "uid": "u",
            "resourceVersion": "%s", "labels": {"app": "%s"}
          },
          "status": {"seen": "%s"}
        }
        """
            .formatted(image, version, version, label, version));
  }

  private <T extends KubeObject> Store<T> store() {
    return Unbounded.store("things", Set.of(), _ -> Optional.empty(), () -> now, log);
  }

  /** The reasons of the events that came of an apply over what is stored. */
  private List<String> write(String image, JsonNode over) throws Exception {
    return news(image, over).stream().map(Note::reason).toList();
  }

  private List<Note> news(String image, JsonNode over) throws Exception {
    var object = Json.MAPPER.createObjectNode().put("image", image);
    var note = new Note(false, "Updated", "made it as the spec wants it");
    var write =
        new Write(
            Resource.SERVICES,
            KEY,
            Optional.of(Json.convert(over, StoredObject.class)),
            object,
            Requests.apply(Resource.SERVICES, KEY, object),
            Optional.of(note));
    return writer.write(List.of(write)).news();
  }

  private static JsonNode before() throws IOException {
    return stored("before", "1", "");
  }

  /** What the last apply left, with what became of it since. */
  private JsonNode since(String version) throws IOException {
    return stored(storedImage, version, "");
  }

  /** What is to become of the object may be another thing by now. */
  @Test
  void aRefusedHandOverIsTriedAgainWhenSomethingElseIsToBeStored() throws Exception {
    refusal = 422;
    for (var image : List.of("a", "a", "b")) {
      var write =
          new Write(
              Resource.SERVICES,
              KEY,
              Optional.of(Json.convert(before(), StoredObject.class)),
              Json.MAPPER.createObjectNode().put("image", image),
              Requests.metadata(Resource.SERVICES, KEY),
              Optional.empty());
      assertTrue(writer.write(List.of(write)).failed().isPresent());
    }
    assertEquals(2, sent.size());
  }

  @Test
  void whatAWebhookChangesIsToldOnceAndNotAppliedAgain() throws Exception {
    versionAfter = "2";
    storedImage = "mirror/a";
    assertEquals(List.of("Updated", "Altered"), write("a", before()));
    assertTrue(logged.toString().contains("a webhook may change"), logged::toString);
    assertEquals(List.of(), write("a", since("2")));
    assertEquals(1, sent.size());
  }

  @Test
  void whatOnlyBecameOfItIsNoReasonToApplyItAgain() throws Exception {
    versionAfter = "2";
    storedImage = "mirror/a";
    write("a", before());
    assertEquals(List.of(), write("a", since("3")));
    assertEquals(1, sent.size());
  }

  @Test
  void anItemOfAListIsTheSameObjectThoughItDoesNotNameItsKind() throws Exception {
    versionAfter = "2";
    storedImage = "mirror/a";
    write("a", before());
    ObjectNode listed = since("2").deepCopy();
    listed.remove("kind");
    assertEquals(List.of(), write("a", listed));
    assertEquals(1, sent.size());
  }

  @Test
  void itIsAppliedAgainWhenItOrWhatIsStoredBecomesSomethingElse() throws Exception {
    versionAfter = "2";
    storedImage = "mirror/a";
    write("a", before());
    var first = since("2");
    versionAfter = "3";
    storedImage = "mirror/b";
    assertEquals(List.of("Updated"), write("b", first));
    versionAfter = "5";
    assertEquals(List.of("Updated"), write("b", stored("other/b", "4", "")));
    versionAfter = "7";
    assertEquals(List.of("Updated"), write("b", stored(storedImage, "6", "of somebody")));
    assertEquals(4, sent.size());
  }

  @Test
  void anApplyThatChangesNothingIsNoNews() throws Exception {
    versionAfter = "3";
    storedImage = "mirror/a";
    assertEquals(List.of("Altered"), write("a", since("2")));
  }

  @Test
  void whatIsStoredAsAppliedWarnsOfNothing() throws Exception {
    versionAfter = "2";
    assertEquals(List.of("Updated"), write("a", before()));
    assertFalse(logged.toString().contains("WARN"), logged::toString);
  }

  /** Each round has its write, and nothing but the series bounds the events. */
  @Test
  void whatAnotherWriterUndoesAgainAndAgainIsOneEvent() throws Exception {
    var methods = new ArrayList<String>();
    var events =
        new EventWriter(
            (request, _) -> {
              methods.add(request.method());
              return new Reply.Success(201, MissingNode.getInstance());
            },
            "me",
            () -> now,
            () -> Instant.EPOCH,
            log);
    var network = new Meta("default", "net", "u", "1", 1, "", Map.of(), Map.of(), List.of());
    for (var round = 0; round < 3; round++) {
      now += Duration.ofMinutes(1).toNanos();
      for (var note : news("a", before())) {
        events.write(network, note);
      }
    }
    assertEquals(3, sent.size());
    assertEquals(List.of("POST", "PATCH", "PATCH"), methods);
  }

  private void hold(String version) throws IOException {
    now += Duration.ofMinutes(1).toNanos();
    Shards.put(services, Json.convert(stored("before", version, ""), StoredObject.class));
  }

  /** The cache holds a child that the API server has no more. */
  @Test
  void aChildThatAWriteDoesNotFindIsListedAnew() throws Exception {
    hold("1");
    write("a", before());
    assertFalse(Shards.isInDoubt(services, now));
    hold("1");
    refusal = 409;
    write("a", before());
    assertTrue(Shards.isInDoubt(services, now));
    hold("2");
    write("a", before());
    assertFalse(Shards.isInDoubt(services, now), "it is another version by now");
    hold("2");
    refusal = 404;
    var delete = Requests.delete(Resource.SERVICES, KEY, "u");
    var held = services.get(KEY);
    var gone = Json.MAPPER.createObjectNode();
    writer.write(List.of(new Write(Resource.SERVICES, KEY, held, gone, delete, Optional.empty())));
    assertTrue(Shards.isInDoubt(services, now));
  }

  private boolean handedOver(String uid) throws Exception {
    ObjectNode known = before().deepCopy();
    known.withObject("/metadata").put("uid", uid);
    var write =
        new Write(
            Resource.SERVICES,
            KEY,
            Optional.of(Json.convert(known, StoredObject.class)),
            Json.MAPPER.createObjectNode(),
            Requests.metadata(Resource.SERVICES, KEY),
            Optional.empty());
    var result = writer.write(List.of(write));
    assertEquals(List.of(), result.news());
    return result.failed().isEmpty();
  }

  @Test
  void whatIsHandedOverIsReadAndPatchedAndAnothersObjectIsLetAlone() throws Exception {
    versionAfter = "2";
    assertTrue(handedOver("u"));
    assertEquals(List.of("GET", "PATCH"), sent.stream().map(ApiRequest::method).toList());
    assertEquals("application/json-patch+json", sent.getLast().contentType());
    assertFalse(handedOver("of another"));
    assertEquals(3, sent.size());
  }

  @Test
  void whatWasForbiddenIsTriedAgainSoonAndWhatIsInvalidIsNot() throws Exception {
    refusal = 403;
    write("a", before());
    write("a", before());
    assertEquals(1, sent.size());
    now += Duration.ofSeconds(20).toNanos();
    write("a", before());
    assertEquals(2, sent.size());
    refusal = 422;
    now += Duration.ofSeconds(20).toNanos();
    write("a", before());
    now += Duration.ofSeconds(299).toNanos();
    write("a", before());
    assertEquals(3, sent.size());
  }
}
