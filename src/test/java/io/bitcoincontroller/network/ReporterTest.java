package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.cache.Shards;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.cache.Unbounded;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.plan.Note;
import io.bitcoincontroller.plan.Plan;
import io.bitcoincontroller.plan.World;
import io.bitcoincontroller.recorder.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statuses as they reach an API server that keeps what others wrote. */
class ReporterTest {
  private final List<ApiRequest> sent = new ArrayList<>();
  private final LogLines logged = new LogLines();
  private long now;
  private JsonNode stored = MissingNode.getInstance();

  /** What becomes of a status that is applied. */
  private UnaryOperator<ObjectNode> storing = status -> status;

  private boolean loses;

  /** 0 for none. */
  private int refusal;

  private final Store<StoredObject> networks =
      Unbounded.store("bitcoinnetworks", Set.of(""), _ -> Optional.empty(), () -> now, logged.log);

  private final Pace pace = new Pace();
  private final List<Note> told = new ArrayList<>();
  private final Reporter reporter =
      new Reporter(
          (request, _) -> answer(request),
          networks,
          new EventWriter(
              (request, _) -> created(request), "me", () -> now, this::wallClock, logged.log),
          pace,
          new Recording(new World("nodes: 3").network.metadata().key(), Recorder.off()),
          () -> now,
          this::wallClock,
          logged.log);

  private Instant wallClock() {
    return Instant.ofEpochSecond(1_700_000_000L, now);
  }

  private Reply created(ApiRequest request) throws IOException {
    var event = Json.MAPPER.readTree(request.body().orElseThrow());
    told.add(new Note(false, event.path("reason").asText(), event.path("note").asText()));
    return new Reply.Success(201, MissingNode.getInstance());
  }

  private Reply answer(ApiRequest request) throws IOException {
    sent.add(request);
    if (refusal != 0) {
      return new Reply.Failure(refusal, "", "no", List.of(), Optional.empty());
    }
    var status = Json.MAPPER.readTree(request.body().orElseThrow()).path("status");
    stored = storing.apply(status.deepCopy());
    if (loses) {
      throw new IOException("the answer is lost");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("status", stored);
    return new Reply.Success(200, body);
  }

  /** So many looks at a world that does not change, a minute apart. */
  private void look(World world, int times) throws Exception {
    Status found = Plan.of(world.seen()).status();
    for (var look = 0; look < times; look++) {
      reporter.report(world.network.metadata(), stored, found);
      now += Duration.ofMinutes(1).toNanos();
    }
  }

  /** The cache holds a network, readable or not, that the API server has no more. */
  @ParameterizedTest
  @CsvSource({"404, true", "409, true", "500, false", "403, false"})
  void aNetworkThatAWriteDoesNotFindIsListedAnew(int code, boolean listed) throws Exception {
    refusal = code;
    var network = World.network("nodes: 3").metadata();
    var held = Json.MAPPER.createObjectNode();
    held.putObject("metadata")
        .put("namespace", network.namespace())
        .put("name", network.name())
        .put("uid", network.uid())
        .put("resourceVersion", "1");
    Shards.put(networks, Json.convert(held, StoredObject.class));
    try {
      reporter.reportUnreadable(network, "odd");
    } catch (IOException e) {
      assertTrue(e.toString().contains("HTTP " + code), e.toString());
    }
    assertEquals(listed, Shards.isInDoubt(networks, now));
  }

  private long saidInVain() {
    return logged.toString().lines().filter(l -> l.contains("does not stay as it was")).count();
  }

  @Test
  void aNetworkThatComesUpWellHasOneStatusAndOneEvent() throws Exception {
    var world = new World("nodes: 3");
    world.pods.clear();
    world.views.clear();
    reporter.tell(world.network, new Note(false, Note.CREATED, "created Service net-svc"));
    for (var second = 0; second < 5; second++) {
      var wait = reporter.report(world.network.metadata(), stored, Plan.of(world.seen()).status());
      assertEquals(Optional.of(Duration.ofSeconds(5 - second)), wait);
      now += Duration.ofSeconds(1).toNanos();
    }
    look(new World("nodes: 3").meshed(), 1);
    assertEquals(1, sent.size());
    assertEquals(List.of("MeshComplete"), told.stream().map(Note::reason).toList());
    assertTrue(told.getFirst().text().endsWith("; created Service net-svc"), told::toString);
  }

  /** The others take each turn that there is. */
  @Test
  void whereManyNetworksStartProgressIsReportedRarelyButThenItIs() throws Exception {
    var world = new World("nodes: 3");
    world.pods.clear();
    world.views.clear();
    now += Duration.ofSeconds(5).toNanos();
    var starting = Plan.of(world.seen()).status();
    for (var second = 0; second < 30; second += 10) {
      assertTrue(pace.take(now));
      assertEquals(
          Optional.of(Duration.ofSeconds(10)),
          reporter.report(world.network.metadata(), stored, starting));
      assertEquals(0, sent.size());
      now += Duration.ofSeconds(10).toNanos();
    }
    assertTrue(pace.take(now));
    reporter.report(world.network.metadata(), stored, starting);
    assertEquals(1, sent.size());
    now += Duration.ofSeconds(5).toNanos();
    world.pods.put(0, World.pod(0, "10.0.0.0", false));
    var further = Plan.of(world.seen()).status();
    assertTrue(pace.take(now));
    assertTrue(reporter.report(world.network.metadata(), stored, further).isPresent());
    now += Duration.ofSeconds(10).toNanos();
    assertTrue(pace.take(now));
    reporter.report(world.network.metadata(), stored, further);
    assertEquals(2, sent.size(), "a status that is there is not older than ten seconds");
  }

  @Test
  void whatWasCreatedIsToldThoughTheAnswerToTheFirstStatusIsLost() throws Exception {
    var world = new World("nodes: 3").meshed();
    reporter.tell(world.network, new Note(false, Note.CREATED, "created Service net-svc"));
    loses = true;
    assertThrows(IOException.class, () -> look(world, 1));
    loses = false;
    look(world, 2);
    assertEquals(List.of("created Service net-svc"), told.stream().map(Note::text).toList());
  }

  /** The write was carried out, and then etcd was put back to what was before it. */
  @Test
  void aStatusThatWasPutBackIsTrueAgainWithinTwoMinutes() throws Exception {
    var world = new World("nodes: 3").meshed();
    look(world, 1);
    stored = MissingNode.getInstance();
    for (var look = 0; look < 3; look++) {
      look(world, 1);
    }
    assertEquals(2, sent.size());
    assertTrue(Status.condition(stored, "Ready").path("status").asText().equals("True"));
    assertEquals(0, saidInVain(), logged::toString);
  }

  private static ObjectNode withForeign(ObjectNode status) {
    status.put("phase", "Fine");
    var theirs = status.path("conditions").deepCopy();
    status.putArray("conditions").addObject().put("type", "Paid").put("status", "True");
    theirs.forEach(status.withArray("/conditions")::add);
    return status;
  }

  @Test
  void whatOthersWriteIntoAStatusIsLetAlone() throws Exception {
    storing = ReporterTest::withForeign;
    look(new World("nodes: 3").meshed(), 5);
    assertEquals(1, sent.size());
    assertEquals(0, saidInVain());
  }

  @Test
  void theirEditOfOurConditionIsPutRightOnce() throws Exception {
    var world = new World("nodes: 3").meshed();
    look(world, 1);
    ObjectNode edited = withForeign(stored.deepCopy());
    ((ObjectNode) Status.condition(edited, "Ready")).put("status", "False").put("reason", "Mine");
    stored = edited;
    look(world, 5);
    assertEquals(2, sent.size());
  }

  /** An older schema prunes, a webhook changes, a field that others hold too stays. */
  @Test
  void whatTheServerStoresOtherwiseIsTriedEverMoreRarelyAndTold() throws Exception {
    storing = status -> status.put("height", 7).put("selector", "");
    var world = new World("nodes: 3").meshed();
    look(world, 3);
    assertEquals(2, sent.size());
    assertEquals(0, saidInVain());
    look(world, 2);
    assertEquals(3, sent.size());
    assertEquals(1, saidInVain());
    look(world, 240);
    assertTrue(sent.size() < 12, () -> sent.size() + " writes");
    assertEquals(1, saidInVain());
    var before = sent.size();
    world.views.put(0, World.node(List.of(), List.of(), 102));
    look(world, 3);
    assertEquals(before + 2, sent.size());
  }
}
