package io.bitcoincontroller.kube;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import io.bitcoincontroller.access.Credential;
import io.bitcoincontroller.access.TestAccess;
import io.bitcoincontroller.tls.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerTest {
  /** Generous, for a machine under load; nothing here waits for it in vain. */
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final Duration SHORT = Duration.ofMillis(700);
  private static final ApiRequest GET = ApiRequest.get("/api/v1/pods?limit=1");

  @TempDir private Path folder;

  private static ApiServer api(TestServer server) throws IOException, GeneralSecurityException {
    return new ApiServer(
        TestAccess.to(server, Credential.NONE), "bitcoin-controller/test", (_, _, _) -> {});
  }

  private static TestServer server(TestServer.Handler handler)
      throws IOException, GeneralSecurityException {
    return new TestServer("server", false, handler);
  }

  /** Sends the headers and some of the body, and nothing more until the test ends. */
  private static TestServer.Handler silentAfter(String begin, CountDownLatch over) {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(begin.getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      await(over);
      exchange.close();
    };
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("the test did not end");
      }
    } catch (InterruptedException e) {
      throw new IOException("the server was closed", e);
    }
  }

  @Test
  void aRequestIsSentAsItIsAndItsAnswerIsATree() throws Exception {
    var seen = new CopyOnWriteArrayList<String>();
    TestServer.Handler handler =
        exchange -> {
          var headers = exchange.getRequestHeaders();
          seen.add("" + headers.getFirst("User-Agent"));
          seen.add("" + headers.getFirst("Accept"));
          seen.add("" + headers.getFirst("Content-Type"));
          seen.add("" + headers.getFirst("Authorization"));
          seen.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          TestServer.answer(exchange, 201, "{\"kind\":\"Pod\"}");
        };
    try (var server = server(handler);
        var api =
            new ApiServer(
                TestAccess.to(server, TestAccess.bearer("t0k")),
                "bitcoin-controller/1",
                (_, _, _) -> {})) {
      var request =
          new ApiRequest("PATCH", "/x?force=true", "application/json", Optional.of("{\"é\":1}"));
      var reply = assertInstanceOf(Reply.Success.class, api.send(request, LONG));
      assertEquals(201, reply.code());
      assertEquals("Pod", reply.body().path("kind").textValue());
      assertEquals(List.of("PATCH /prefix/x?force=true"), server.requests);
      assertEquals(
          List.of(
              "bitcoin-controller/1",
              "application/json",
              "application/json",
              "Bearer t0k",
              "{\"é\":1}"),
          seen);
    }
  }

  @Test
  void anEmptyAnswerIsASuccessWithoutABody() throws Exception {
    try (var server = server(exchange -> TestServer.answer(exchange, 200, ""));
        var api = api(server)) {
      var reply = assertInstanceOf(Reply.Success.class, api.send(GET, LONG));
      assertTrue(reply.body().isMissingNode());
    }
  }

  @Test
  void aFailureIsReadFromItsStatusObject() throws Exception {
    var status =
        "{\"kind\":\"Status\",\"code\":504,\"reason\":\"Timeout\",\"message\":\"too large\","
            + "\"details\":{\"causes\":[{\"reason\":\"ResourceVersionTooLarge\"}]}}";
    try (var server = server(exchange -> TestServer.answer(exchange, 504, status));
        var api = api(server)) {
      var expected =
          new Reply.Failure(
              504, "Timeout", "too large", List.of("ResourceVersionTooLarge"), Optional.empty());
      assertEquals(expected, api.send(GET, LONG));
      assertEquals(new ApiServer.Opening.Refused(expected), api.open(GET, LONG));
    }
  }

  /** A webhook says what it likes, and what it says is kept. */
  @Test
  void ofALongFailureTheBeginningIsKept() throws Exception {
    var status = JsonNodeFactory.instance.objectNode();
    status.put("reason", "r".repeat(10_000)).put("message", "m".repeat(900_000));
    for (var i = 0; i < 1000; i++) {
      status.withArray("/details/causes").addObject().put("reason", "c".repeat(10_000));
    }
    var failure = ApiServer.failure(422, status, Optional.empty());
    var kept = failure.text().length() + String.join("", failure.causes()).length();
    assertTrue(kept < 5_000, () -> kept + " characters");
  }

  @Test
  void aFailureWithoutAStatusObjectHasItsCode() throws Exception {
    try (var server = server(exchange -> TestServer.answer(exchange, 502, "<html>oops"));
        var api = api(server)) {
      assertEquals(
          new Reply.Failure(502, "", "", List.of(), Optional.empty()), api.send(GET, LONG));
    }
  }

  @Test
  void retryAfterIsReadInSecondsAndOtherwiseAbsent() throws Exception {
    var values = List.of("7", "Wed, 21 Oct 2015 07:28:00 GMT", "-1", "99999999999");
    var next = new AtomicInteger();
    TestServer.Handler handler =
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", values.get(next.getAndIncrement()));
          TestServer.answer(exchange, 503, "{}");
        };
    try (var server = server(handler);
        var api = api(server)) {
      assertEquals(Optional.of(Duration.ofSeconds(7)), retryAfter(api));
      for (var i = 1; i < values.size(); i++) {
        assertEquals(Optional.empty(), retryAfter(api), values.get(i));
      }
    }
  }

  private static Optional<Duration> retryAfter(ApiServer api) throws Exception {
    return assertInstanceOf(Reply.Failure.class, api.send(GET, LONG)).retryAfter();
  }

  @Test
  void anAnswerThatIsNoJsonIsAnError() throws Exception {
    try (var server = server(exchange -> TestServer.answer(exchange, 200, "s3cret"));
        var api = api(server)) {
      var error = assertThrows(IOException.class, () -> api.send(GET, LONG));
      assertEquals(
          "the answer to GET /api/v1/pods?limit=1 can't be read: it is no JSON, or too wide or too deep",
          error.getMessage());
      var trace = new StringWriter();
      error.printStackTrace(new PrintWriter(trace));
      assertTrue(!trace.toString().contains("s3cret"), trace.toString());
    }
  }

  @Test
  void aSilentServerEndsAtTheDeadline() throws Exception {
    var over = new CountDownLatch(1);
    try (var server = server(exchange -> await(over));
        var api = api(server)) {
      assertThrows(HttpTimeoutException.class, () -> api.send(GET, SHORT));
      assertThrows(HttpTimeoutException.class, () -> api.open(GET, SHORT));
      over.countDown();
    }
  }

  @Test
  void aBodyThatFallsSilentEndsAtTheDeadline() throws Exception {
    var over = new CountDownLatch(1);
    try (var server = server(silentAfter("{\"items\":[", over));
        var api = api(server)) {
      // so long, since the head must come in time on a busy machine, too
      var error =
          assertThrows(HttpTimeoutException.class, () -> api.send(GET, SHORT.multipliedBy(10)));
      assertEquals("no whole answer in time from GET /api/v1/pods?limit=1", error.getMessage());
      over.countDown();
    }
  }

  @Test
  void aBodyOverTheLimitIsAnError() throws Exception {
    TestServer.Handler endless =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          var block = new byte[1024 * 1024];
          for (var i = 0; i < 16; i++) {
            exchange.getResponseBody().write(block);
          }
          exchange.close();
        };
    try (var server = server(endless);
        var api = api(server)) {
      var error = assertThrows(IOException.class, () -> api.send(GET, LONG));
      assertTrue(
          ("" + error.getMessage()).contains("takes more than 2097152 bytes"), error.toString());
    }
  }

  private static void wantToken(HttpExchange exchange, String token) throws IOException {
    var given = ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    TestServer.answer(exchange, given ? 200 : 401, "{}");
  }

  @Test
  void a401ReadsTheTokenAgainAndTriesOnceMore() throws Exception {
    var file = Files.writeString(folder.resolve("token"), "old\n");
    var credential = TestAccess.tokenFile(file);
    assertEquals(Optional.of("Bearer old"), credential.authorization());
    Files.writeString(file, "new\n");
    try (var server = server(exchange -> wantToken(exchange, "new"));
        var api = new ApiServer(TestAccess.to(server, credential), "test", (_, _, _) -> {})) {
      assertInstanceOf(Reply.Success.class, api.send(GET, LONG));
      assertEquals(2, server.requests.size());
      var opened = assertInstanceOf(ApiServer.Opening.Streaming.class, api.open(GET, LONG));
      opened.body().close();
      assertEquals(3, server.requests.size());
    }
  }

  @Test
  void aServerThatHasTooMuchToDoIsAskedAgainWhenItSaid() throws Exception {
    var asked = new AtomicInteger();
    try (var server =
            server(
                exchange -> {
                  exchange.getResponseHeaders().set("Retry-After", "1");
                  TestServer.answer(exchange, asked.incrementAndGet() == 1 ? 429 : 200, "{}");
                });
        var api = api(server)) {
      assertInstanceOf(Reply.Success.class, api.send(GET, LONG));
      assertEquals(2, asked.get());
    }
  }

  @Test
  void aPauseThatIsLongerThanTheDeadlineIsNotMade() throws Exception {
    try (var server =
            server(
                exchange -> {
                  exchange.getResponseHeaders().set("Retry-After", "60");
                  TestServer.answer(exchange, 429, "{}");
                });
        var api = api(server)) {
      var reply = assertInstanceOf(Reply.Failure.class, api.send(GET, LONG));
      assertEquals(429, reply.code());
      assertEquals(1, server.requests.size());
    }
  }

  @Test
  void aSecond401IsTheAnswer() throws Exception {
    try (var server = server(exchange -> wantToken(exchange, "other"));
        var api =
            new ApiServer(
                TestAccess.to(server, TestAccess.bearer("mine")), "test", (_, _, _) -> {})) {
      var reply = assertInstanceOf(Reply.Failure.class, api.send(GET, LONG));
      assertEquals(401, reply.code());
      assertEquals(2, server.requests.size());
    }
  }

  @Test
  void callsInARowShareOneConnection() throws Exception {
    var ports = new CopyOnWriteArrayList<Integer>();
    TestServer.Handler handler =
        exchange -> {
          ports.add(exchange.getRemoteAddress().getPort());
          TestServer.answer(exchange, 200, "{}");
        };
    try (var server = server(handler);
        var api = api(server)) {
      for (var i = 0; i < 5; i++) {
        api.send(GET, LONG);
      }
      assertEquals(1, new HashSet<>(ports).size(), ports.toString());
    }
  }

  @Test
  void aStreamIsReadAsItComes() throws Exception {
    var over = new CountDownLatch(1);
    try (var server = server(silentAfter("first line\n", over));
        var api = api(server)) {
      var opened = assertInstanceOf(ApiServer.Opening.Streaming.class, api.open(GET, LONG));
      try (var body = opened.body()) {
        assertArrayEquals("first line\n".getBytes(StandardCharsets.UTF_8), body.readNBytes(11));
        over.countDown();
        assertEquals(-1, body.read());
      }
    }
  }

  @Test
  void closingEndsAReaderThatWaitsAndRefusesWhatComesAfter() throws Exception {
    var over = new CountDownLatch(1);
    try (var server = server(silentAfter("x", over))) {
      var api = api(server);
      var opened = assertInstanceOf(ApiServer.Opening.Streaming.class, api.open(GET, LONG));
      assertEquals('x', opened.body().read());
      var reader =
          new FutureTask<>(() -> assertThrows(IOException.class, () -> opened.body().read()));
      Thread.ofVirtual().start(reader);
      api.close();
      reader.get(LONG.toSeconds(), TimeUnit.SECONDS);
      assertThrows(IOException.class, () -> api.send(GET, LONG));
      over.countDown();
    }
  }
}
