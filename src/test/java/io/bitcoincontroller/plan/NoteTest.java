package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes an event, and how it is written. */
class NoteTest {
  private static final Meta NETWORK =
      new Meta("default", "net", "uid-1", "1", 1, "", Map.of(), Map.of(), List.of());
  private static final Condition COMPLETE =
      new Condition(Condition.MESHED, true, "Complete", "3 of 3 links are up");
  private static final Condition MISSING =
      new Condition(Condition.READY, false, "SecretMissing", "make it");

  private static JsonNode stored(String conditions) throws Exception {
    return Json.MAPPER.readTree("{\"conditions\":[" + conditions + "]}");
  }

  private static List<Note> news(JsonNode before, Condition... after) {
    return Note.ofTransitions(before, List.of(after));
  }

  @Test
  void whatHappenedTogetherIsToldTogether() {
    assertEquals(
        List.of(
            new Note(false, "Created", "created Service a, created StatefulSet b"),
            new Note(false, "Scaled", "from 1 to 2 nodes"),
            new Note(true, "Created", "not really")),
        Note.joined(
            List.of(
                new Note(false, "Created", "created Service a"),
                new Note(false, "Scaled", "from 1 to 2 nodes"),
                new Note(false, "Created", "created StatefulSet b"),
                new Note(true, "Created", "not really"))));
  }

  @Test
  void nodesThatJoinAndCompleteTheMeshAreOneNote() {
    var joined = new Note(false, "NodeJoined", "net-sts-0");
    var complete = new Note(false, "MeshComplete", "3 of 3 links are up");
    var other = new Note(true, "SecretMissing", "make it");
    assertEquals(List.of(joined, other), Note.merged(List.of(joined, other)));
    assertEquals(List.of(complete, other), Note.merged(List.of(complete, other)));
    assertEquals(
        List.of(new Note(false, "MeshComplete", "net-sts-0 joined; 3 of 3 links are up"), other),
        Note.merged(List.of(joined, complete, other)));
  }

  @Test
  void thatObjectsWereCreatedIsToldInFullHoweverManyNodesJoined() {
    var nodes =
        IntStream.range(0, 10)
            .mapToObj(ordinal -> "my-network-sts-" + ordinal + " (10.244.12." + ordinal + ")")
            .collect(Collectors.joining(", "));
    var created = new Note(false, "Created", "created Service a, created StatefulSet b");
    var joined = new Note(false, "NodeJoined", nodes);
    var complete = new Note(false, "MeshComplete", "45 of 45 links are up");
    assertEquals(
        List.of(created, new Note(false, "MeshComplete", nodes + " joined; 45 of 45 links are up")),
        Note.merged(List.of(created, joined, complete)));
  }

  @Test
  void aSeriesCounts() {
    var series = Note.series(3, Instant.EPOCH).path("series");
    assertEquals(3, series.path("count").asInt());
    assertEquals("1970-01-01T00:00:00.000000Z", series.path("lastObservedTime").asText());
  }

  @Test
  void aCompleteMeshIsNewsOnceAndAFaultIsAWarning() throws Exception {
    assertEquals(
        List.of(
            new Note(true, "SecretMissing", "make it"),
            new Note(false, "MeshComplete", "3 of 3 links are up")),
        news(MissingNode.getInstance(), MISSING, COMPLETE));
    var before =
        stored(
            """
            {"type":"Ready","status":"False","reason":"SecretMissing"},
            {"type":"Meshed","status":"True","reason":"Complete"}
            """);
    assertEquals(List.of(), news(before, MISSING, COMPLETE));
  }

  @Test
  void anotherReasonAndAnotherStatusAreNewsEach() throws Exception {
    var otherReason = stored("{\"type\":\"Meshed\",\"status\":\"True\",\"reason\":\"Linking\"}");
    assertEquals(1, news(otherReason, COMPLETE).size());
    var otherStatus = stored("{\"type\":\"Meshed\",\"status\":\"False\",\"reason\":\"Complete\"}");
    assertEquals(1, news(otherStatus, COMPLETE).size());
    var nowBroken = new Condition(Condition.MESHED, false, "TooManyNodes", "use Sparse");
    assertEquals(
        List.of(new Note(true, "TooManyNodes", "use Sparse")), news(otherStatus, nowBroken));
  }

  @Test
  void whatPassesByItselfIsNoNews() {
    assertEquals(
        List.of(),
        news(
            MissingNode.getInstance(),
            new Condition(Condition.READY, false, "NodesNotReady", "waiting for net-sts-0"),
            new Condition(Condition.MESHED, false, "Linking", "0 of 3 links are up"),
            new Condition(Condition.SYNCED, true, "OneBestBlock", "all are on one best block")));
  }

  @Test
  void oneFaultThatShowsInSeveralConditionsIsToldOnce() {
    assertEquals(
        List.of(new Note(true, "SecretMissing", "make it")),
        news(
            MissingNode.getInstance(),
            MISSING,
            new Condition(Condition.MESHED, false, "SecretMissing", "make it"),
            new Condition(Condition.SYNCED, false, "SecretMissing", "make it")));
  }

  @Test
  void anEventIsAsEventsK8sIoWantsIt() throws Exception {
    var now = Instant.parse("2026-01-31T12:00:00.000000123Z");
    var event = new Note(true, "SecretMissing", "make it").event(NETWORK, "net.1", "me-1", now);
    assertEquals(
        Json.MAPPER.readTree(
            """
            {"apiVersion": "events.k8s.io/v1", "kind": "Event",
             "metadata": {"namespace": "default", "name": "net.1"},
             "eventTime": "2026-01-31T12:00:00.000000Z",
             "reportingController": "bitcoin-controller", "reportingInstance": "me-1",
             "action": "Reconcile", "reason": "SecretMissing", "type": "Warning", "note": "make it",
             "regarding": {"apiVersion": "bitcoincontroller.christianb93.github.com/v1",
               "kind": "BitcoinNetwork", "namespace": "default", "name": "net", "uid": "uid-1"}}
            """),
        event);
    var normal = new Note(false, "Scaled", "x".repeat(2000)).event(NETWORK, "net.1", "me-1", now);
    assertEquals("Normal", normal.path("type").asText());
    assertEquals("x".repeat(340), normal.path("note").asText(), "1024 bytes are allowed");
  }

  @Test
  void twoEventsOfOneMomentHaveTheSameNameAndOneNanosecondLaterAnother() {
    var now = Instant.ofEpochSecond(1_700_000_000L, 255);
    assertEquals("net." + Long.toHexString(1_700_000_000_000_000_255L), Note.name(NETWORK, now));
    assertEquals(
        "net." + Long.toHexString(1_700_000_000_000_000_256L),
        Note.name(NETWORK, now.plusNanos(1)));
  }
}
