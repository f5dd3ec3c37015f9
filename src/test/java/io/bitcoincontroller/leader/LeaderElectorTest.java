package io.bitcoincontroller.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Electors on real threads, and a Lease in memory that keeps the API server's rules. */
@Timeout(60)
class LeaderElectorTest {
  private static final LeaseTimes QUICK =
      new LeaseTimes(Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofMillis(20));
  private static final ObjectKey KEY = new ObjectKey("ns", "bitcoin-controller");

  private final LeaseInMemory server = new LeaseInMemory();
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final List<LeaderElector> electors = new ArrayList<>();
  private final LogLines logged = new LogLines();
  private final Log log = logged.log;
  private final Metrics metrics = new Metrics();
  private volatile boolean throwing;

  /** Keeps one Lease: create, merge patch with resourceVersion, get. */
  private static final class LeaseInMemory implements ApiSender {
    final List<String> requests = new ArrayList<>();
    boolean broken;
    private Optional<ObjectNode> stored = Optional.empty();
    private int version;

    @Override
    public synchronized Reply send(ApiRequest request, Duration deadline) throws IOException {
      requests.add(request + request.body().map(body -> " " + body).orElse(""));
      notifyAll();
      if (broken) {
        throw new IOException("cut");
      }
      return switch (request.method()) {
        case "GET" -> stored.<Reply>map(this::success).orElseGet(() -> failure(404));
        case "POST" -> stored.isPresent() ? failure(409) : store(body(request));
        default -> patch(body(request));
      };
    }

    private static ObjectNode body(ApiRequest request) {
      try {
        return (ObjectNode) Json.MAPPER.readTree(request.body().orElseThrow());
      } catch (JsonProcessingException e) {
        throw new AssertionError(e);
      }
    }

    private Reply patch(ObjectNode patch) {
      if (stored.isEmpty()) {
        return failure(404);
      }
      var lease = stored.get().deepCopy();
      if (!patch.at("/metadata/resourceVersion").equals(lease.at("/metadata/resourceVersion"))) {
        return failure(409);
      }
      lease.withObject("/spec").setAll(patch.withObject("/spec"));
      return store(lease);
    }

    synchronized Reply store(ObjectNode lease) {
      lease.withObject("/metadata").put("uid", "u").put("resourceVersion", "" + ++version);
      stored = Optional.of(lease);
      return success(lease);
    }

    private Reply success(ObjectNode lease) {
      return new Reply.Success(200, lease.deepCopy());
    }

    private static Reply failure(int code) {
      return new Reply.Failure(code, "", "", List.of(), Optional.empty());
    }

    synchronized void awaitRequests(int count) throws InterruptedException {
      while (requests.size() < count) {
        wait();
      }
    }

    synchronized String field(String name) {
      return stored.map(lease -> lease.at("/spec/" + name).asText()).orElse("no lease");
    }
  }

  private LeaderElector elector(String me, Ticker ticker) {
    return elector(me, ticker, server);
  }

  private LeaderElector elector(String me, Ticker ticker, ApiSender sender) {
    var listener =
        new LeaderElector.Listener() {
          @Override
          public void started() {
            told.add(me + " started");
            if (throwing) {
              throw new IllegalStateException("expected by a test");
            }
          }

          @Override
          public void stopped() {
            told.add(me + " stopped");
          }
        };
    var elector =
        new LeaderElector(
            KEY,
            me,
            QUICK,
            sender,
            listener,
            ticker,
            () -> Instant.parse("2026-01-31T12:00:00.5Z"),
            new Random(1),
            log,
            metrics);
    electors.add(elector);
    return elector;
  }

  /** Without the time. */
  private List<String> logged() {
    return logged.toString().lines().map(line -> line.substring(line.indexOf(' ') + 1)).toList();
  }

  private void awaitTold(String what) throws InterruptedException {
    assertEquals(what, told.poll(30, TimeUnit.SECONDS));
  }

  @AfterEach
  void stopAll() throws InterruptedException {
    for (var elector : electors) {
      assertTrue(elector.stop(Duration.ofSeconds(30)));
    }
  }

  @Test
  void theFirstMakesTheLeaseAndTheSecondTakesOverWhenItIsReleased() throws Exception {
    var first = elector("first", Ticker.SYSTEM);
    first.start();
    awaitTold("first started");
    assertTrue(first.leads());
    assertEquals("first", server.field("holderIdentity"));
    var second = elector("second", Ticker.SYSTEM);
    second.start();
    assertTrue(first.stop(Duration.ofSeconds(30)));
    assertFalse(first.leads());
    awaitTold("second started");
    assertEquals("second", server.field("holderIdentity"));
    assertEquals("1", server.field("leaseTransitions"));
    assertTrue(told.isEmpty(), "a stop is no loss: " + told);
  }

  @Test
  void theRequestsAreTheseAndEachWriteHasItsBasis() throws Exception {
    var elector = elector("me", Ticker.SYSTEM);
    elector.start();
    awaitTold("me started");
    assertTrue(elector.stop(Duration.ofSeconds(30)));
    var path = "/apis/coordination.k8s.io/v1/namespaces/ns/leases";
    assertEquals(
        List.of(
            "GET " + path + "/bitcoin-controller",
            "POST "
                + path
                + "?fieldManager=bitcoin-controller"
                + " {\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\","
                + "\"metadata\":{\"namespace\":\"ns\",\"name\":\"bitcoin-controller\"},"
                + "\"spec\":{\"holderIdentity\":\"me\",\"leaseDurationSeconds\":30,"
                + "\"renewTime\":\"2026-01-31T12:00:00.500000Z\","
                + "\"acquireTime\":\"2026-01-31T12:00:00.500000Z\",\"leaseTransitions\":0}}"),
        server.requests.subList(0, 2));
    var release = server.requests.getLast();
    assertTrue(release.startsWith("PATCH " + path + "/bitcoin-controller?fieldManager="), release);
    assertTrue(release.contains("{\"metadata\":{\"resourceVersion\":\""), release);
    assertTrue(release.contains("\"holderIdentity\":\"\",\"leaseDurationSeconds\":1"), release);
  }

  @Test
  void aLeaderThatWasFrozenKnowsWhenItWakesAndIsToldThatItLost() throws Exception {
    var clock = new AtomicLong();
    var elector = elector("frozen", clock::get);
    elector.start();
    awaitTold("frozen started");
    assertTrue(elector.leads());
    synchronized (server) {
      server.broken = true;
    }
    clock.addAndGet(QUICK.renewDeadline().toNanos());
    assertFalse(elector.leads(), "at once, whatever the elector's thread does");
    awaitTold("frozen stopped");
    synchronized (server) {
      server.broken = false;
    }
    awaitTold("frozen started");
  }

  @Test
  void whoseTimeEndsDuringARenewalSaysInOneLineThatTheLeaseIsLost() throws Exception {
    var clock = new AtomicLong();
    var freeze = new AtomicBoolean();
    var elector =
        elector(
            "frozen",
            clock::get,
            (request, deadline) -> {
              if (freeze.getAndSet(false)) {
                clock.addAndGet(QUICK.renewDeadline().toNanos());
                throw new IOException("cut");
              }
              return server.send(request, deadline);
            });
    elector.start();
    awaitTold("frozen started");
    freeze.set(true);
    awaitTold("frozen stopped");
    var warnings = logged().stream().filter(line -> !line.startsWith("INFO")).toList();
    assertEquals(1, warnings.size(), logged::toString);
    assertTrue(warnings.getFirst().contains("the lease is lost"), logged::toString);
  }

  @Test
  void aReleaseOnAnOldBasisReadsAndReleasesOnTheNewOne() throws Exception {
    var elector = elector("me", Ticker.SYSTEM);
    elector.start();
    awaitTold("me started");
    synchronized (server) {
      // a renewal that landed, and whose answer was lost
      server.store(server.stored.orElseThrow());
      assertFalse(elector.stop(Duration.ofMillis(1)), "it waits for the server");
    }
    assertTrue(elector.stop(Duration.ofSeconds(30)));
    assertEquals("", server.field("holderIdentity"));
  }

  @Test
  void aListenerThatThrowsIsABugThatTheHealthCheckShows() throws Exception {
    var clock = new AtomicLong();
    var elector = elector("me", clock::get);
    assertEquals(Optional.empty(), elector.trouble());
    throwing = true;
    elector.start();
    while (elector.trouble().isEmpty()) {
      assertFalse(Thread.interrupted(), "waited in vain");
      LockSupport.parkNanos(100_000);
    }
    assertFalse(elector.leads());
    assertTrue(
        logged().get(1).startsWith("ERROR the election ended: this is a bug"), "" + logged());
    assertTrue(elector.stop(Duration.ofSeconds(30)));
    assertEquals(Optional.empty(), elector.trouble());
  }

  @Test
  void anAnswerThatIsNoLeaseIsNoAnswer() throws Exception {
    var asked = new LinkedBlockingQueue<String>();
    var elector =
        elector(
            "me",
            Ticker.SYSTEM,
            (request, _) -> {
              asked.add(request.method());
              return new Reply.Success(200, JsonNodeFactory.instance.textNode("hello"));
            });
    elector.start();
    assertEquals("GET", asked.poll(30, TimeUnit.SECONDS));
    assertEquals("GET", asked.poll(30, TimeUnit.SECONDS));
    assertFalse(elector.leads());
  }

  @Test
  void anElectorThatNeverStartedStopsAtOnce() throws Exception {
    assertTrue(elector("me", Ticker.SYSTEM).stop(Duration.ofDays(1)));
  }

  @Test
  void whatAnOperatorWantsToKnowIsALineEach() throws Exception {
    var clock = new AtomicLong();
    var elector = elector("me", clock::get);
    elector.start();
    awaitTold("me started");
    clock.addAndGet(QUICK.renewDeadline().toNanos());
    awaitTold("me stopped");
    awaitTold("me started");
    assertTrue(elector.stop(Duration.ofSeconds(30)));
    assertEquals(
        List.of(
            "INFO  leading lease=ns/bitcoin-controller identity=me",
            "WARN  the lease is lost lease=ns/bitcoin-controller identity=me",
            "INFO  leading lease=ns/bitcoin-controller identity=me",
            "INFO  the lease is given up lease=ns/bitcoin-controller released=true"),
        logged());
  }

  @Test
  void theMetricSaysWhetherThisProcessLeads() throws Exception {
    var elector = elector("me", Ticker.SYSTEM);
    var metric = "leader_election_master_status{name=\"bitcoin-controller\"} ";
    assertTrue(metrics.text().contains(metric + "0"), metrics.text());
    elector.start();
    awaitTold("me started");
    assertTrue(metrics.text().contains(metric + "1"), metrics.text());
  }

  @Test
  void aServerThatIsAwayIsToldOnceHoweverOftenItIsAsked() throws Exception {
    server.broken = true;
    elector("me", Ticker.SYSTEM).start();
    server.awaitRequests(5);
    assertEquals(
        List.of(
            "WARN  the lease can't be read or written lease=ns/bitcoin-controller"
                + " reason=\"java.io.IOException: cut\""),
        logged());
  }

  @Test
  void aNamespaceThatIsNotThereIsNotHammered() throws Exception {
    var asked = new LinkedBlockingQueue<String>();
    elector(
            "me",
            Ticker.SYSTEM,
            (request, _) -> {
              asked.add(request.method());
              return LeaseInMemory.failure(404);
            })
        .start();
    for (var method : List.of("GET", "POST", "GET", "POST")) {
      assertEquals(method, asked.poll(30, TimeUnit.SECONDS), "each round begins with a wait");
    }
  }

  @Test
  void aLeaseThatSomebodyMadeEmptyIsNobodys() throws Exception {
    server.store(JsonNodeFactory.instance.objectNode());
    elector("me", Ticker.SYSTEM).start();
    awaitTold("me started");
    assertEquals("me", server.field("holderIdentity"));
  }
}
