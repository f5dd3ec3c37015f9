package io.bitcoincontroller.recorder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bitcoincontroller.observe.HealthServer;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.observe.SlowReader;
import io.bitcoincontroller.timing.Ticker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PageTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Recorder recorder = new Recorder(Ticker.SYSTEM, 8 << 20);
  private final HttpClient client = HttpClient.newHttpClient();
  private final Semaphore looked = new Semaphore(0);
  private HealthServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new HealthServer("127.0.0.1:0", List.of(), List.of(), new Metrics(), new LogLines().log);
    new Page(recorder, "me \"1\"", "0.1.0", 5, looked::release).serve(server);
    server.start();
  }

  @AfterEach
  void end() {
    client.shutdownNow();
    server.close();
  }

  private HttpRequest.Builder request(String path) {
    var at = server.address();
    return HttpRequest.newBuilder(
            URI.create("http://" + at.getHostString() + ":" + at.getPort() + path))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private void record(String network, int times) {
    for (var i = 0; i < times; i++) {
      var n = i;
      recorder.record("gone", network, json -> json.writeNumberField("n", n));
    }
  }

  @Test
  void aBrowserMayRunThePagesOwnScriptAndLoadNothingElse() throws Exception {
    var answer = get("/");
    assertEquals(200, answer.statusCode());
    var policy = answer.headers().firstValue("Content-Security-Policy").orElse("");
    var html = answer.body();
    assertTrue(policy.startsWith("default-src 'none'; script-src 'sha256-"), policy);
    assertTrue(policy.contains("; connect-src 'self'; "), policy);
    assertEquals(hashes(html, "script"), hashesIn(policy, "script-src"));
    assertEquals(hashes(html, "style"), hashesIn(policy, "style-src"));
    assertEquals(404, get("/nothing").statusCode());
  }

  /** Of the text of each such element. */
  private static List<String> hashes(String html, String element) throws Exception {
    var found = new ArrayList<String>();
    for (var part : html.split("<" + element + ">", -1)) {
      if (!found.isEmpty() || !part.startsWith("<!doctype")) {
        var text = part.substring(0, part.indexOf("</" + element + ">"));
        var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        found.add("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
      }
    }
    return found;
  }

  private static List<String> hashesIn(String policy, String directive) {
    var from = policy.indexOf(directive) + directive.length();
    return List.of(policy.substring(from, policy.indexOf(';', from)).strip().split(" ", -1));
  }

  @Test
  void whoeverLooksFirstIsTold() throws Exception {
    get("/");
    assertEquals(0, looked.availablePermits(), "the page alone shows nothing");
    get("/record");
    assertTrue(looked.tryAcquire(30, TimeUnit.SECONDS)); // after the last byte of the answer
    get("/record");
    assertFalse(looked.tryAcquire());
  }

  /** Where nothing happens, nothing else would wake the stream. */
  @Test
  void aPageThatHasAllEntriesIsALook() throws Exception {
    record("ns/a", 2);
    var stream = client.send(request("/record/events").build(), BodyHandlers.ofInputStream());
    try (var body = stream.body()) {
      assertEquals(3, events(body, 3).size());
      assertTrue(looked.tryAcquire(5, TimeUnit.SECONDS), "before the first sign of life");
    }
  }

  @Test
  void theRecordIsLinesOfJsonThatBeginWithTheProcess() throws Exception {
    record("ns/a", 1200);
    record("ns/b", 3);
    var lines = get("/record").body().lines().toList();
    assertEquals(1 + 1203, lines.size());
    var start = JSON.readTree(lines.getFirst());
    assertEquals("start", start.path("kind").asText());
    assertEquals("me \"1\"", start.path("controller").asText());
    assertEquals(5, start.path("at").asLong());
    for (var i = 1; i < lines.size(); i++) {
      assertEquals(i, JSON.readTree(lines.get(i)).path("seq").asInt());
    }
    assertEquals(1 + 3, get("/record?network=ns%2Fb").body().lines().count());
  }

  private List<JsonNode> events(InputStream stream, int wanted) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(stream, UTF_8));
    var events = new ArrayList<JsonNode>();
    while (events.size() < wanted) {
      var line = lines.readLine();
      if (line.startsWith("data: ")) {
        events.add(JSON.readTree(line.substring(6)));
      }
    }
    return events;
  }

  @Test
  void aLessonIsARecordingThatTheListNames() throws Exception {
    var list = JSON.readTree(get("/lessons").body());
    assertTrue(list.size() > 0, "lessons");
    for (var name : list.findValuesAsText("name")) {
      var lesson = get("/lessons/" + name);
      assertEquals(200, lesson.statusCode(), name);
      assertTrue(lesson.body().startsWith("{\"kind\":\"start\",\"format\":2,"), name);
    }
    assertEquals(404, get("/lessons/none").statusCode());
    assertEquals(404, get("/lessons/..%2Fpage%2Fpage.html").statusCode());
    assertEquals(404, get("/lessonsandmore").statusCode());
  }

  @Test
  void theLessonsAreOneFileThatNeedsNoServer() throws IOException {
    var html = LessonsFile.html();
    var data = html.substring(html.indexOf("id=\"lessons-here\">") + 18);
    var lessons = JSON.readTree(data.substring(0, data.indexOf("</script>")));
    assertEquals(
        lessons.path("list").findValuesAsText("name").size(), lessons.path("files").size());
    assertTrue(html.contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src"));
    assertTrue(!html.contains("frame-ancestors"), "only a header may say it");
  }

  @Test
  void aStreamGoesOnAndCanBeTakenUpAgain() throws Exception {
    record("ns/a", 3);
    var stream = client.send(request("/record/events").build(), BodyHandlers.ofInputStream());
    assertEquals(
        "text/event-stream; charset=utf-8", stream.headers().firstValue("Content-Type").orElse(""));
    try (var body = stream.body()) {
      assertEquals("start", events(body, 1).getFirst().path("kind").asText());
    }
    var again =
        client.send(
            request("/record/events").header("Last-Event-ID", "2").build(),
            BodyHandlers.ofInputStream());
    try (var body = again.body()) {
      var later = Thread.ofVirtual().start(() -> record("ns/a", 2));
      var numbers = events(body, 4).stream().map(each -> each.path("seq").asInt()).toList();
      assertEquals(List.of(0, 3, 4, 5), numbers);
      later.join();
    }
  }

  @Test
  void aStreamOfAnEarlierProcessBeginsAnew() throws Exception {
    record("ns/a", 2);
    var stream =
        client.send(
            request("/record/events").header("Last-Event-ID", "700").build(),
            BodyHandlers.ofInputStream());
    try (var body = stream.body()) {
      var numbers = events(body, 3).stream().map(each -> each.path("seq").asInt()).toList();
      assertEquals(List.of(0, 1, 2), numbers);
    }
  }

  @Test
  void noMoreThanEightPagesAreOpen() throws Exception {
    var open = new ArrayList<InputStream>();
    try {
      for (var i = 0; i < 8; i++) {
        var answer = client.send(request("/record/events").build(), BodyHandlers.ofInputStream());
        assertEquals(200, answer.statusCode());
        open.add(answer.body());
      }
      assertEquals(503, get("/record/events").statusCode());
    } finally {
      for (var each : open) {
        each.close();
      }
    }
  }

  /** Each of them takes a copy of what it is sent. The record is more than a socket buffers. */
  @Test
  void noMoreThanEightReadWhoDoNotTakeWhatTheyAskedFor() throws Exception {
    while (recorder.extent().dropped() == 0) {
      recorder.record("gone", "ns/a", json -> json.writeStringField("n", "x".repeat(60_000)));
    }
    var open = new ArrayList<SlowReader>();
    try {
      for (var i = 0; i < 8; i++) {
        open.add(new SlowReader(server, "/record"));
        assertEquals("HTTP/1.1 200", open.getLast().answered());
      }
      for (var path : List.of("/", "/record", "/lessons", "/lessons/none")) {
        assertEquals(503, get(path).statusCode(), path);
      }
      open.getLast().close();
      var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (get("/").statusCode() != 200) {
        assertTrue(System.nanoTime() < end, "its place is not free again");
      }
    } finally {
      for (var each : open) {
        each.close();
      }
    }
  }
}
