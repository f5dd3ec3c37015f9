package io.bitcoincontroller.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real HTTP. */
@Timeout(60)
class HealthServerTest {
  private volatile Optional<String> leaderTrouble = Optional.empty();
  private final Metrics metrics = new Metrics();
  private final LogLines logged = new LogLines();
  private final Log log = logged.log;
  private final HttpClient client = HttpClient.newHttpClient();
  private HealthServer server = start("127.0.0.1:0");

  private HealthServer start(String address) {
    try {
      return new HealthServer(
          address,
          List.of(new Check("ping", Optional::empty)),
          List.of(new Check("ping", Optional::empty), new Check("leader", () -> leaderTrouble)),
          metrics,
          log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
    client.shutdownNow();
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .method(method, BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(30))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  @Test
  void aProbeListsItsChecksAsTheKubeApiserverDoes() throws Exception {
    var healthz = send("GET", "/healthz");
    assertEquals(200, healthz.statusCode());
    assertEquals("ok", healthz.body());
    assertEquals(
        Optional.of("text/plain; charset=utf-8"), healthz.headers().firstValue("Content-Type"));
    assertEquals(
        "[+]ping ok\n[+]leader ok\nreadyz check passed\n", send("GET", "/readyz?verbose").body());
    assertEquals(
        "[+]ping ok\nhealthz check passed\n", send("GET", "/healthz?a=b&verbose=1").body());
    assertEquals("ok", send("GET", "/healthz?verbosely").body());
  }

  @Test
  void checksCanBeLeftOut() throws Exception {
    leaderTrouble = Optional.of("no");
    var without = send("GET", "/readyz?exclude=leader&verbose");
    assertEquals(200, without.statusCode());
    assertEquals("[+]ping ok\n[+]leader excluded: ok\nreadyz check passed\n", without.body());
    assertEquals("ok", send("GET", "/readyz?exclude=ping&exclude=leade%72").body());
    assertEquals(
        """
        [+]ping ok
        [-]leader failed: reason withheld
        warn: some health checks cannot be excluded: no matches for "a?b","%zz"
        readyz check failed
        """,
        send("GET", "/readyz?exclude=a%0Ab&exclude=%25zz").body());
  }

  @Test
  void oneCheckAloneGivesItsReason() throws Exception {
    assertEquals("ok", send("GET", "/readyz/leader").body());
    leaderTrouble = Optional.of("the lease is\nnot ours");
    var leader = send("GET", "/readyz/leader");
    assertEquals(503, leader.statusCode());
    assertEquals("the lease is not ours\n", leader.body());
    assertEquals(200, send("GET", "/readyz/ping").statusCode());
    assertEquals(404, send("GET", "/readyz/leaders").statusCode());
  }

  @Test
  void aFailedCheckIs503AndNamed() throws Exception {
    leaderTrouble = Optional.of("not ours");
    var readyz = send("GET", "/readyz");
    assertEquals(503, readyz.statusCode());
    assertEquals(
        "[+]ping ok\n[-]leader failed: reason withheld\nreadyz check failed\n", readyz.body());
    assertEquals(200, send("GET", "/healthz").statusCode());
    leaderTrouble = Optional.empty();
    assertEquals(200, send("GET", "/readyz").statusCode());
  }

  @Test
  void aCheckThatThrowsIsAFailedCheckAndABugInTheLog() throws Exception {
    server.close();
    server =
        new HealthServer(
            "127.0.0.1:0",
            List.of(
                new Check(
                    "broken",
                    () -> {
                      throw new IllegalStateException("secret inside");
                    })),
            List.of(),
            metrics,
            log);
    server.start();
    var healthz = send("GET", "/healthz");
    assertEquals(503, healthz.statusCode());
    assertEquals("[-]broken failed: reason withheld\nhealthz check failed\n", healthz.body());
    assertEquals("the check itself failed, see the log\n", send("GET", "/healthz/broken").body());
    assertTrue(logged.toString().contains("a health check failed to answer"));
    assertEquals("readyz check passed\n", send("GET", "/readyz?verbose").body());
  }

  @Test
  void metricsAreInPrometheusTextFormat() throws Exception {
    metrics.gauge("depth", "Waiting", () -> 3);
    var answer = send("GET", "/metrics");
    assertEquals(200, answer.statusCode());
    assertEquals(
        Optional.of("text/plain; version=0.0.4; charset=utf-8"),
        answer.headers().firstValue("Content-Type"));
    assertEquals(metrics.text(), answer.body());
  }

  /** Each keeps a connection, of which there are few, and some memory. */
  @Test
  void whereManyReadTheMetricsOthersAreToTryAgainLater() throws Exception {
    metrics.gauge("long", "x".repeat(8_000_000), () -> 3);
    var open = new ArrayList<SlowReader>();
    try {
      for (var i = 0; i < 8; i++) {
        open.add(new SlowReader(server, "/metrics"));
        assertEquals("HTTP/1.1 200", open.getLast().answered());
      }
      assertEquals(503, send("GET", "/metrics").statusCode());
      assertEquals(200, send("GET", "/healthz").statusCode());
    } finally {
      for (var each : open) {
        each.close();
      }
    }
  }

  @Test
  void headGivesTheHeaderAlone() throws Exception {
    var answer = send("HEAD", "/healthz");
    assertEquals(200, answer.statusCode());
    assertEquals("", answer.body());
  }

  @Test
  void otherMethodsAndPathsAreRefused() throws Exception {
    var post = send("POST", "/metrics");
    assertEquals(405, post.statusCode());
    assertEquals(Optional.of("GET, HEAD"), post.headers().firstValue("Allow"));
    assertEquals(404, send("GET", "/healthz/pong").statusCode());
    assertEquals(404, send("GET", "/healthzz").statusCode());
    assertEquals(404, send("GET", "/").statusCode());
  }

  @Test
  void aPageMayBeAdded() throws Exception {
    server.close();
    server = start("127.0.0.1:0");
    server.handle(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("a page".getBytes(UTF_8));
        });
    server.start();
    assertEquals("a page", send("GET", "/").body());
    assertEquals("a page", send("GET", "/anything").body());
    assertEquals(200, send("GET", "/healthz").statusCode());
    assertEquals(405, send("PUT", "/").statusCode());
  }

  @Test
  void aHandlerThatThrowsIsABugInTheLogAndTheServerGoesOn() throws Exception {
    server.close();
    server = start("127.0.0.1:0");
    server.handle(
        "/page",
        _ -> {
          throw new IllegalStateException("boom");
        });
    server.start();
    assertThrows(IOException.class, () -> send("GET", "/page"));
    assertTrue(logged.toString().contains("boom"));
    assertEquals(200, send("GET", "/healthz").statusCode());
  }

  @Test
  void aPortInUseIsOneLineThatSaysWhatToDo() {
    var address = "127.0.0.1:" + server.address().getPort();
    var taken =
        assertThrows(
            IOException.class, () -> new HealthServer(address, List.of(), List.of(), metrics, log));
    assertEquals(
        "can't listen on "
            + address
            + " (Address already in use): stop the program that has this port, or choose another"
            + " address",
        taken.getMessage());
  }

  @Test
  void closeEndsRequestsInHandAtOnceAndFreesThePort() throws Exception {
    server.close();
    // an address that no client of another test has: it could get the port that becomes free
    server = start("127.82.0.1:0");
    var inHand = new CountDownLatch(1);
    server.handle(
        "/slow",
        _ -> {
          inHand.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    server.start();
    var address = server.address();
    try (var slow = new Socket(address.getAddress(), address.getPort())) {
      slow.setSoTimeout(30_000);
      slow.getOutputStream().write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
      inHand.await();
      server.close();
      assertEquals(-1, slow.getInputStream().read());
    }
    server = start("127.82.0.1:" + address.getPort());
  }

  @Test
  void aRequestWithEndlessHeadersIsCutOff() throws Exception {
    var address = server.address();
    try (var rude = new Socket(address.getAddress(), address.getPort())) {
      rude.setSoTimeout(30_000);
      var out = rude.getOutputStream();
      out.write("GET /healthz HTTP/1.1\r\nHost: a\r\n".getBytes(UTF_8));
      var line = ("X: " + "y".repeat(1000) + "\r\n").getBytes(UTF_8);
      assertThrows(
          IOException.class,
          () -> {
            for (var n = 0; n < 100_000; n++) {
              out.write(line);
            }
          });
    }
    assertFalse(logged.toString().contains("bug"));
    assertEquals(200, send("GET", "/healthz").statusCode());
  }

  @Test
  void itListensOnIpv6() throws Exception {
    server.close();
    server = start("[::1]:0");
    server.start();
    var answer =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://[::1]:" + server.address().getPort() + "/healthz"))
                .build(),
            BodyHandlers.ofString());
    assertEquals(200, answer.statusCode());
  }
}
