package io.bitcoincontroller.local.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.local.api.Faults.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class WatchesTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String INITIAL =
      "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";

  private final MemoryStorage storage = new MemoryStorage();

  @SuppressWarnings("NullAway.Init") // set before every test
  private LocalApiServer server;

  @SuppressWarnings("NullAway.Init") // set before every test
  private ApiServer client;

  @BeforeEach
  void start() throws IOException {
    start(LocalApiServer.Options.ordinary().withBookmarks(Duration.ofMillis(50)));
  }

  private void start(LocalApiServer.Options options) throws IOException {
    server = new LocalApiServer(options, storage);
    client = new ApiServer(TestAccess.to(server), "watches-test/1", (_, _, _) -> {});
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static ObjectNode map(String name) {
    var map = JsonNodeFactory.instance.objectNode();
    map.put("apiVersion", "v1").put("kind", "ConfigMap");
    map.putObject("metadata").put("namespace", "default").put("name", name);
    return map;
  }

  private BufferedReader watch(String query) throws Exception {
    var request = new ApiRequest("GET", MAPS + "?watch=1" + query, "", Optional.empty());
    var opening = client.open(request, DEADLINE);
    var stream = assertInstanceOf(ApiServer.Opening.Streaming.class, opening);
    return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
  }

  private static JsonNode next(BufferedReader lines) throws IOException {
    var line = lines.readLine();
    return line == null ? JsonNodeFactory.instance.missingNode() : parse(line);
  }

  private static JsonNode parse(String line) throws JsonProcessingException {
    return Json.MAPPER.readTree(line);
  }

  private Reply get(String target) throws Exception {
    return client.send(new ApiRequest("GET", target, "", Optional.empty()), DEADLINE);
  }

  @Test
  void aStreamedListEndsWithAMarkedBookmarkAndGoesOn() throws Exception {
    storage.create(Kind.CONFIG_MAPS, map("a"));
    var revision = Long.toString(storage.revision());
    try (var lines = watch(INITIAL)) {
      var added = next(lines);
      assertEquals("ADDED", added.path("type").asText());
      assertEquals("ConfigMap", added.at("/object/kind").asText());
      var end = next(lines);
      assertEquals("BOOKMARK", end.path("type").asText());
      assertEquals(revision, end.at("/object/metadata/resourceVersion").asText());
      var marks = end.at("/object/metadata/annotations");
      assertEquals("true", marks.path("k8s.io/initial-events-end").asText());
      storage.create(Kind.CONFIG_MAPS, map("b"));
      var following = next(lines);
      while (following.path("type").asText().equals("BOOKMARK")) {
        following = next(lines);
      }
      assertEquals("b", following.at("/object/metadata/name").asText());
    }
  }

  @Test
  void bookmarksMoveWithOtherKinds() throws Exception {
    try (var lines = watch("&allowWatchBookmarks=true&resourceVersion=" + storage.revision())) {
      var secret = map("s").put("kind", "Secret");
      storage.create(Kind.SECRETS, secret);
      var wanted = Long.toString(storage.revision());
      var bookmark = next(lines);
      while (!bookmark.at("/object/metadata/resourceVersion").asText().equals(wanted)) {
        bookmark = next(lines);
        assertEquals("BOOKMARK", bookmark.path("type").asText());
      }
    }
  }

  @Test
  void aServerLike120RefusesStreamedLists() throws Exception {
    stop();
    start(LocalApiServer.Options.ordinary().withStreamingLists(false));
    assertEquals(422, get(MAPS + "?watch=1" + INITIAL).code());
  }

  @Test
  void aWatchFromACompactedVersionGetsAnErrorLine() throws Exception {
    storage.create(Kind.CONFIG_MAPS, map("a"));
    var old = storage.revision() - 1;
    storage.compact();
    try (var lines = watch("&resourceVersion=" + old)) {
      var error = next(lines);
      assertEquals("ERROR", error.path("type").asText());
      assertEquals(410, error.at("/object/code").asInt());
      assertTrue(next(lines).isMissingNode());
    }
  }

  @Test
  void aPageAfterCompactionIsExpired() throws Exception {
    for (var name : List.of("a", "b", "c")) {
      storage.create(Kind.CONFIG_MAPS, map(name));
    }
    var page = assertInstanceOf(Reply.Success.class, get(MAPS + "?limit=1"));
    var token = page.body().at("/metadata/continue").asText();
    storage.create(Kind.CONFIG_MAPS, map("d"));
    storage.compact();
    assertEquals(410, get(MAPS + "?limit=1&continue=" + token).code());
  }

  @Test
  void aWatchEndsWhenItsTimeIsOver() throws Exception {
    try (var lines = watch("&timeoutSeconds=1&resourceVersion=" + storage.revision())) {
      assertTrue(next(lines).isMissingNode());
    }
  }

  @Test
  void aServerStartedAgainOnTheSameStorageGoesOnFromAnyVersion() throws Exception {
    var version = storage.revision();
    var port = server.uri().getPort();
    var token = server.token();
    stop();
    storage.create(Kind.CONFIG_MAPS, map("a"));
    start(new LocalApiServer.Options(port, token, Duration.ofMinutes(1), true));
    try (var lines = watch("&resourceVersion=" + version)) {
      assertEquals("a", next(lines).at("/object/metadata/name").asText());
    }
  }

  @Test
  void faultsMeetTheNextRequestsThatMatchAndNoOthers() throws Exception {
    storage.create(Kind.CONFIG_MAPS, map("a"));
    server.faults().inject(Fault.TOO_MANY_REQUESTS, r -> r.path().equals(MAPS), 2);
    assertEquals(200, get("/api/v1/namespaces").code());
    server.requests().clear();
    assertEquals(200, get(MAPS).code(), "the client obeys Retry-After");
    assertEquals(
        List.of(429, 429, 200), server.requests().entries().stream().map(e -> e.code()).toList());
    server.faults().inject(Fault.FORBIDDEN, _ -> true, 1);
    assertEquals(403, get(MAPS).code());
    server.faults().inject(Fault.INTERNAL_ERROR, _ -> true, 1);
    assertEquals(500, get(MAPS).code());
    server.faults().inject(Fault.CUT_MID_LINE, _ -> true, 1);
    assertThrows(IOException.class, () -> get(MAPS));
    server.faults().inject(Fault.GONE, _ -> true, 1);
    try (var lines = watch("&resourceVersion=" + storage.revision())) {
      assertEquals(410, next(lines).at("/object/code").asInt());
    }
  }

  @Test
  void aCutEndsAWatchInTheMiddleOfALine() throws Exception {
    storage.create(Kind.CONFIG_MAPS, map("a"));
    server.faults().inject(Fault.CUT_MID_LINE, _ -> true, 1);
    assertThrows(
        IOException.class,
        () -> {
          try (var lines = watch("&resourceVersion=0")) {
            var half = lines.readLine();
            if (half != null) {
              parse(half);
            }
          }
        });
  }

  @Test
  void theRequestLogHasMethodPathAndCodeInOrder() throws Exception {
    server.requests().clear();
    get(MAPS + "?limit=1");
    get(MAPS + "/absent");
    assertEquals(
        List.of(
            new RequestLog.Entry("GET", MAPS + "?limit=1", 200),
            new RequestLog.Entry("GET", MAPS + "/absent", 404)),
        server.requests().entries());
    assertEquals(MAPS, server.requests().entries().getFirst().path());
  }
}
