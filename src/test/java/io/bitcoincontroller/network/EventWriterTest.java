package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.plan.Note;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Events as they reach the API server, which takes everything here unless a test says otherwise.
 */
class EventWriterTest {
  private static final Meta NETWORK =
      new Meta("default", "net", "uid-1", "1", 1, "", Map.of(), Map.of(), List.of());
  private static final Note MESHED = new Note(false, "MeshComplete", "3 of 3 links are up");

  private final List<ApiRequest> sent = new ArrayList<>();
  private final LogLines logged = new LogLines();
  private Reply answer = new Reply.Success(201, MissingNode.getInstance());
  private long now;
  private final EventWriter events =
      new EventWriter(
          (request, _) -> {
            sent.add(request);
            return answer;
          },
          "me",
          () -> now,
          () -> Instant.ofEpochSecond(1_700_000_000L, now),
          logged.log);

  private void write(Note note) throws InterruptedException {
    events.write(NETWORK, note);
  }

  private void later(Duration time) {
    now += time.toNanos();
  }

  private String requests() {
    return String.join("; ", sent.stream().map(r -> r.method() + " " + r.contentType()).toList());
  }

  @Test
  void theSameAgainIsCountedInASeries() throws Exception {
    write(MESHED);
    later(Duration.ofMinutes(5));
    write(MESHED);
    later(Duration.ofMinutes(5));
    write(MESHED);
    assertEquals(
        "POST application/json; PATCH application/merge-patch+json; PATCH application/merge-patch+json",
        requests());
    var name = Json.MAPPER.readTree(sent.getFirst().body().orElseThrow()).at("/metadata/name");
    assertTrue(sent.getLast().target().contains("/events/" + name.asText() + "?"));
    assertEquals(
        "{\"series\":{\"count\":3,\"lastObservedTime\":\"2023-11-14T22:23:20.000000Z\"}}",
        sent.getLast().body().orElseThrow());
  }

  @Test
  void anotherTextIsAnotherEvent() throws Exception {
    write(new Note(false, "Scaled", "from 3 to 4 nodes"));
    write(new Note(false, "Scaled", "from 4 to 3 nodes"));
    assertEquals("POST application/json; POST application/json", requests());
  }

  @Test
  void ofManySeriesTheLatestGoOn() throws Exception {
    for (var i = 0; i < 25; i++) {
      write(new Note(true, "Odd", "number " + i));
    }
    sent.clear();
    write(new Note(true, "Odd", "number 24"));
    write(new Note(true, "Odd", "number 0"));
    assertEquals("PATCH application/merge-patch+json; POST application/json", requests());
  }

  @Test
  void afterAWhileASeriesIsOver() throws Exception {
    write(MESHED);
    later(Duration.ofMinutes(7));
    write(MESHED);
    assertEquals("POST application/json; POST application/json", requests());
  }

  @Test
  void aSeriesWhoseEventIsGoneBeginsAnew() throws Exception {
    write(MESHED);
    answer = new Reply.Failure(404, "NotFound", "", List.of(), Optional.empty());
    write(MESHED);
    assertEquals(
        "POST application/json; PATCH application/merge-patch+json; POST application/json",
        requests());
  }

  @Test
  void whatCantBeWrittenIsOneLineInTheLog() throws Exception {
    answer = new Reply.Failure(403, "Forbidden", "no", List.of(), Optional.empty());
    write(MESHED);
    write(MESHED);
    assertEquals(1, logged.toString().lines().count());
  }

  @Test
  void aWireThatFailsIsOneToo() throws Exception {
    var broken =
        new EventWriter(
            (_, _) -> {
              throw new IOException("no route");
            },
            "me",
            () -> now,
            () -> Instant.EPOCH,
            logged.log);
    broken.write(NETWORK, MESHED);
    assertTrue(logged.toString().contains("no route"));
  }
}
