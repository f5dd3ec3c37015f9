package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.access.Credential;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import io.bitcoincontroller.tls.Tls;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shell against a real HTTP server on the loopback interface. */
@Timeout(60)
class ReflectorTest {
  /** No client of another test has it: one could get the port of a server that is away. */
  private static final String ADDRESS = "127.82.0.2";

  private static final Duration BOUND = Duration.ofSeconds(30);

  private static final Limits SHORT =
      new Limits(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(20),
          Duration.ofSeconds(25),
          new Backoff(Duration.ofMillis(20), Duration.ofMillis(200), 1.0),
          Duration.ofMinutes(2));

  private static final String START =
      """
      {"type":"ADDED","object":{"metadata":{"namespace":"n","name":"a","uid":"1","resourceVersion":"5"}}}
      {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}}}
      """;

  private static final String B_ADDED =
      """
      {"type":"ADDED","object":{"metadata":{"namespace":"n","name":"b","uid":"2","resourceVersion":"11"}}}
      """;

  /** Answers one request; what it leaves open stays open until the test ends. */
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /** The answers to come, in order; with none left, requests wait. */
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private final CountDownLatch testOver = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LogLines logged = new LogLines();
  private final Log log = logged.log;
  private final Store<Pod> store =
      Unbounded.store("pods", Set.of(), _ -> Optional.empty(), Ticker.SYSTEM, log);
  private HttpServer http = listen(0);
  private final ApiServer server = new ApiServer(access(http), "test", (_, _, _) -> {});
  private final ReflectorGroup group = new ReflectorGroup(Recorder.off());
  private final CountDownLatch told = new CountDownLatch(1);

  /** Of the reflector: where it stands, no watch is over its time. */
  private volatile Ticker clock = Ticker.SYSTEM;

  private final Reflector<Pod> reflector =
      new Reflector<>(
          server,
          new Watched<>(Resource.PODS, "", ""),
          store,
          SHORT,
          group,
          () -> clock.nanos(),
          new Random(1),
          log,
          told::countDown);

  ReflectorTest() throws IOException, NoSuchAlgorithmException {}

  private static ClusterAccess access(HttpServer http) throws NoSuchAlgorithmException {
    return new ClusterAccess(
        URI.create("http://" + ADDRESS + ":" + http.getAddress().getPort()),
        new Tls(SSLContext.getDefault(), Optional.empty(), Optional.empty()),
        Credential.NONE,
        Optional.empty(),
        "default");
  }

  private HttpServer listen(int port) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(ADDRESS), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    return server;
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestURI().toString());
    try {
      answers.take().to(exchange);
    } catch (InterruptedException e) {
      exchange.close();
    }
  }

  @BeforeEach
  void start() {
    reflector.start();
  }

  @AfterEach
  void endEverything() throws InterruptedException {
    testOver.countDown();
    reflector.stop();
    server.close();
    http.stop(0);
    threads.shutdownNow();
    assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
  }

  /** Sends the text as a stream and ends it properly. */
  private static Answer complete(String text) {
    return exchange -> {
      send(exchange, text);
      exchange.close();
    };
  }

  /** Sends the text and then nothing more, for as long as the test takes. */
  private Answer silentAfter(String text) {
    return exchange -> {
      send(exchange, text);
      try {
        testOver.await();
      } catch (InterruptedException e) {
        exchange.close();
      }
    };
  }

  private static OutputStream send(HttpExchange exchange, String text) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    var body = exchange.getResponseBody();
    body.write(text.getBytes(UTF_8));
    body.flush();
    return body;
  }

  /** Promises more bytes than it sends, so that the connection ends inside the body. */
  private static Answer cutAfter(String text) {
    return exchange -> {
      var bytes = text.getBytes(UTF_8);
      exchange.sendResponseHeaders(200, bytes.length + 100);
      exchange.getResponseBody().write(bytes);
      exchange.getResponseBody().flush();
      exchange.close();
    };
  }

  private static Answer refusal(int code, String body) {
    return exchange -> {
      exchange.sendResponseHeaders(code, body.length());
      exchange.getResponseBody().write(body.getBytes(UTF_8));
      exchange.close();
    };
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    var end = System.nanoTime() + BOUND.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "did not happen in time: " + what);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private String request() throws InterruptedException {
    return Optional.ofNullable(requests.poll(BOUND.toSeconds(), TimeUnit.SECONDS)).orElseThrow();
  }

  private void awaitSynced() throws InterruptedException {
    await("synced", () -> store.synced(""));
  }

  private void awaitPods(int count) throws InterruptedException {
    await(count + " pods", () -> store.all().size() == count);
  }

  @Test
  void aStreamedListFillsTheStoreAndGoesOnAsAWatch() throws InterruptedException {
    answers.add(silentAfter(START + B_ADDED));
    awaitSynced();
    awaitPods(2);
    assertTrue(request().contains("sendInitialEvents=true"));
    assertEquals("", reflector.setback());
    assertTrue(reflector.alive(System.nanoTime()));
  }

  private static String version(int version) {
    return "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[]}\n";
  }

  @Test
  void aCutInsideALineGoesOnFromTheLastVersion() throws InterruptedException {
    answers.add(cutAfter(START + B_ADDED.substring(0, 60)));
    awaitSynced();
    await("who starts the workers hears of it", () -> told.getCount() == 0);
    request();
    answers.add(complete(version(9)));
    answers.add(silentAfter(B_ADDED));
    awaitPods(2);
    assertEquals("/api/v1/pods?limit=1", request());
    assertTrue(request().contains("resourceVersion=9&"));
  }

  @Test
  void aSilentWatchIsReplacedWithoutAList() throws InterruptedException {
    answers.add(silentAfter(START));
    awaitSynced();
    request();
    answers.add(complete(version(9)));
    answers.add(silentAfter(B_ADDED));
    awaitPods(2);
    assertEquals("/api/v1/pods?limit=1", request());
    assertTrue(request().contains("resourceVersion=9&"));
    assertEquals("", reflector.setback());
  }

  @Test
  void aServerThatIsOlderThanTheStoreIsListedAnew() throws InterruptedException {
    answers.add(cutAfter(START));
    awaitSynced();
    answers.add(complete(version(8)));
    answers.add(silentAfter(START.replace("\"9\"", "\"8\"") + B_ADDED));
    awaitPods(2);
    request();
    request();
    assertTrue(request().contains("sendInitialEvents"));
    await("trouble is over", () -> reflector.setback().isEmpty());
    assertTrue(logged.toString().contains("put back from a backup"), logged.toString());
  }

  @Test
  void pagesFollowEachOtherWhereListsCantBeStreamed() throws InterruptedException {
    answers.add(refusal(422, "{\"kind\":\"Status\",\"reason\":\"Invalid\"}"));
    answers.add(
        complete(
            """
            {"metadata":{"resourceVersion":"9","continue":"x"},
             "items":[{"metadata":{"namespace":"n","name":"a","uid":"1","resourceVersion":"5"}}]}
            """));
    answers.add(
        complete(
            """
            {"items":[{"metadata":{"namespace":"n","name":"b","uid":"2","resourceVersion":"6"}}],
             "metadata":{"resourceVersion":"9"}}
            """));
    awaitSynced();
    awaitPods(2);
    request();
    assertEquals("/api/v1/pods?limit=500", request());
    assertEquals("/api/v1/pods?limit=500&continue=x", request());
    assertTrue(request().contains("watch=1&resourceVersion=9&"));
  }

  @Test
  void aServerThatIsKilledAndComesBackIsFoundAgain() throws InterruptedException, IOException {
    var now = System.nanoTime();
    clock = () -> now;
    answers.add(silentAfter(START));
    awaitSynced();
    request();
    var port = http.getAddress().getPort();
    http.stop(0);
    await("trouble is shown", () -> reflector.setback().contains("no connection"));
    assertTrue(reflector.alive(System.nanoTime()), "an unreachable server is no stuck loop");
    assertEquals(1, store.all().size(), "what was known stays readable");
    answers.add(silentAfter(START + B_ADDED));
    http = listen(port);
    awaitPods(2);
    assertTrue(request().contains("sendInitialEvents"), "nobody knows what it has become");
    await("trouble is over", () -> reflector.setback().isEmpty());
  }

  @Test
  void whatTroublesSeveralReflectorsIsToldByTheFirstAndOverWithTheLast() {
    var other =
        new Reflector<>(
            server,
            new Watched<>(Resource.PODS, "", ""),
            store,
            SHORT,
            group,
            Ticker.SYSTEM,
            new Random(2),
            log,
            () -> {});
    assertTrue(group.begin(reflector, "away"));
    assertFalse(group.begin(other, "away"));
    assertFalse(group.end(reflector));
    assertTrue(group.end(other));
    assertFalse(group.end(other), "it had none any more");
    assertTrue(group.begin(reflector, "away"));
    assertTrue(group.begin(other, "refused"));
  }

  @Test
  void aPermissionTakenAwayIsReportedOnceAndHeals() throws InterruptedException {
    for (var i = 0; i < 5; i++) {
      // the streamed list, and the list that is tried instead
      answers.add(refusal(403, "{\"reason\":\"Forbidden\",\"message\":\"no " + i + "\"}"));
    }
    answers.add(complete("{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[]}"));
    answers.add(silentAfter(B_ADDED));
    awaitPods(1);
    await("trouble is over", () -> reflector.setback().isEmpty());
    var lines = logged.toString().lines().toList();
    assertEquals(2, lines.size(), () -> "logged: " + lines);
    assertTrue(lines.get(0).contains("HTTP 403 Forbidden: no 1"), lines.get(0));
    assertTrue(lines.get(1).contains("well again"), lines.get(1));
  }

  /** Nothing fails: the server takes each request and keeps its answer to itself. */
  @Test
  void aStoreThatNothingHasProvedForLongIsInTroubleByName() throws InterruptedException {
    var clock = new AtomicLong();
    var idle =
        new Reflector<>(
            server,
            new Watched<>(Resource.PODS, "a", ""),
            Unbounded.store("pods", Set.of("a"), _ -> Optional.empty(), clock::get, log),
            SHORT,
            group,
            clock::get,
            new Random(3),
            log,
            () -> {});
    idle.start();
    try {
      clock.addAndGet(SHORT.stale().toNanos());
      assertEquals("", idle.setback());
      clock.addAndGet(Duration.ofSeconds(2).toNanos());
      assertEquals(
          "pods in namespace a: for 27 s nothing has shown that what is known is as new as the API"
              + " server",
          idle.setback());
      await("told", () -> logged.toString().contains("may be out of date"));
    } finally {
      idle.stop();
    }
  }

  @Test
  void aBugInAListenerIsReportedAndTheLoopGoesOn() throws InterruptedException {
    var thrown = new AtomicReference<>(Optional.of(new IllegalStateException("listener's bug")));
    store.listen(
        _ -> {
          var bug = thrown.getAndSet(Optional.empty());
          if (bug.isPresent()) {
            throw bug.get();
          }
        });
    answers.add(silentAfter(START));
    assertTrue(request().contains("sendInitialEvents"));
    answers.add(silentAfter(START + B_ADDED));
    awaitPods(2);
    assertTrue(request().contains("sendInitialEvents"), "the full set is fetched again");
    assertTrue(logged.toString().contains("listener's bug"));
  }

  @Test
  void stopEndsAReadThatWaits() throws InterruptedException {
    answers.add(silentAfter(START));
    awaitSynced();
    assertStopsAtOnce();
  }

  @Test
  void stopEndsARequestThatWaitsForItsAnswer() throws InterruptedException {
    request();
    assertStopsAtOnce();
  }

  private void assertStopsAtOnce() throws InterruptedException {
    reflector.stop();
    assertFalse(logged.toString().contains("did not stop"), logged.toString());
    assertEquals("", reflector.setback(), "stopping is no trouble");
  }
}
