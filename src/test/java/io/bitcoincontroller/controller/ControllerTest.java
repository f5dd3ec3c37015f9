package io.bitcoincontroller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.observe.PassNumber;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.recorder.Transcript;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import io.bitcoincontroller.workqueue.Added;
import io.bitcoincontroller.workqueue.QueueView;
import io.bitcoincontroller.workqueue.RetryLimits;
import io.bitcoincontroller.workqueue.WorkQueue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real virtual threads on a real queue. The queue's clock is moved by hand; that of the passes
 * runs, but where a test is about which of them is over its deadline.
 */
@Timeout(60)
class ControllerTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration PERIOD = Duration.ofSeconds(30);

  private final AtomicLong clock = new AtomicLong();
  private final WorkQueue<String> queue =
      new WorkQueue<>(
          clock::get,
          new RetryLimits(new Backoff(Duration.ofMillis(5), LONG, 0), 1_000_000, 1000),
          new Random(1));
  private final Metrics metrics = new Metrics();
  private final LogLines logged = new LogLines();
  private final Log log = logged.log;
  private final List<Controller<String>> started = new ArrayList<>();

  /** What the reconciler does with each key; by default it is synced. */
  private final Map<String, Act> acts = new ConcurrentHashMap<>();

  private interface Act {
    Outcome act(Permit permit) throws IOException, InterruptedException;
  }

  private final LinkedBlockingQueue<String> passes = new LinkedBlockingQueue<>();

  private final Recorder recorder = new Recorder(Ticker.SYSTEM, 1 << 20);

  /** What came when, of passes that say so. */
  private final LinkedBlockingQueue<String> order = new LinkedBlockingQueue<>();

  private Outcome reconcile(String key, Permit permit) throws IOException, InterruptedException {
    passes.add(key);
    return acts.getOrDefault(key, _ -> new Outcome.Synced()).act(permit);
  }

  private Controller<String> start(int workers, Duration deadline) {
    return start(workers, deadline, Ticker.SYSTEM);
  }

  /**
   * Starts one.
   *
   * @param ticker by which a pass is over its deadline; looked at each time that so much real time
   *     has gone by
   */
  private Controller<String> start(int workers, Duration deadline, Ticker ticker) {
    var controller =
        new Controller<>(
            "test",
            queue,
            this::reconcile,
            new Controller.Settings(workers, deadline, PERIOD),
            ticker,
            new Random(2),
            log,
            metrics,
            recorder);
    started.add(controller);
    controller.start();
    return controller;
  }

  @AfterEach
  void stopAll() throws InterruptedException {
    for (var controller : started) {
      stop(controller, Duration.ofMillis(1));
    }
  }

  /** On a busy machine passes may need more than their last grace, but no second interrupt. */
  private void stop(Controller<String> controller, Duration bound) throws InterruptedException {
    for (var tries = 1; !controller.stop(bound); tries++) {
      assertTrue(tries < 30, "something still runs");
      await(() -> QueueView.of(queue, 1).processing().total() == 0);
    }
  }

  private static void await(BooleanSupplier condition) {
    var end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "waited for a minute in vain");
      LockSupport.parkNanos(200_000);
    }
  }

  private void awaitPass(String key) throws InterruptedException {
    assertEquals(key, passes.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void theEndOfAPassIsRecordedWhenItIsKnownWhatComesNext() throws Exception {
    var soon = Duration.ofMillis(10);
    acts.put("synced", _ -> new Outcome.Synced());
    acts.put("look", _ -> new Outcome.LookAgainAfter(soon));
    acts.put("not-now", _ -> new Outcome.NotNow(soon, "stale"));
    acts.put("retry", _ -> new Outcome.RetryBecause("no luck", Optional.of(soon)));
    acts.put("invalid", _ -> new Outcome.InvalidBecause("no such thing"));
    acts.put(
        "failed",
        _ -> {
          throw new IOException("no answer");
        });
    acts.put("gone", _ -> new Outcome.Gone());
    start(1, LONG);
    acts.keySet().forEach(queue::add);
    await(() -> acts.keySet().stream().allMatch(key -> kinds(key).size() > 1));
    awaitQuiet();
    var period = List.of("pass", "end: 1 delays");
    var sooner = List.of("pass", "end: 2 delays");
    var expected = new TreeMap<String, List<String>>();
    List.of("synced", "invalid").forEach(key -> expected.put(key, period));
    List.of("look", "not-now", "failed").forEach(key -> expected.put(key, sooner));
    expected.put("retry", List.of("pass", "end: 3 delays"));
    expected.put("gone", List.of("pass", "end: 0 delays", "gone"));
    var seen = new TreeMap<String, List<String>>();
    acts.keySet().forEach(key -> seen.put(key, kinds(key)));
    assertEquals(expected, seen);
  }

  /** What the recorder has of a key. */
  private List<String> kinds(String key) {
    var out = new ByteArrayOutputStream();
    try {
      new Transcript(recorder, "", "", 0).write(out);
      var kinds = new ArrayList<String>();
      for (var line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
        var entry = Json.MAPPER.readTree(line);
        if (entry.path("network").asText().equals(key)) {
          var delays = entry.has("delays") ? ": " + entry.path("delays").size() + " delays" : "";
          kinds.add(entry.path("kind").asText() + delays);
        }
      }
      return kinds;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void eachPassHasANumberThatItsLinesCarryToTheEnd() throws InterruptedException {
    var told = new CountDownLatch(1);
    acts.put(
        "a",
        _ -> {
          log.info("at work", "key", "a");
          Thread.ofVirtual()
              .start(
                  PassNumber.carried(
                      () -> {
                        log.info("outlasts it", "key", "a");
                        told.countDown();
                      }));
          return new Outcome.RetryBecause("no luck", Optional.empty());
        });
    start(1, LONG);
    queue.add("b");
    awaitPass("b");
    awaitQuiet();
    queue.add("a");
    awaitPass("a");
    awaitQuiet();
    assertTrue(told.await(30, TimeUnit.SECONDS));
    var lines = logged.toString().lines().filter(line -> line.contains("key=a")).toList();
    assertEquals(3, lines.size(), logged.toString());
    lines.forEach(line -> assertTrue(line.endsWith(" pass=2"), line));
  }

  /** Until nothing waits for a worker and nothing is worked on. */
  private void awaitQuiet() {
    await(
        () ->
            QueueView.of(queue, 1).dirty().total() + QueueView.of(queue, 1).processing().total()
                == 0);
  }

  private void awaitDelayed(int keys) {
    await(() -> QueueView.delayed(queue) == keys);
    awaitQuiet();
  }

  /** Adds the key; false: the queue takes no more. */
  private boolean isQueued(String key) {
    return queue.add(key) != Added.REFUSED;
  }

  private Duration delay() {
    return QueueView.of(queue, 1).delayed().first().getFirst().time();
  }

  private long counted(String line) {
    return metrics
        .text()
        .lines()
        .filter(l -> l.startsWith(line + " "))
        .mapToLong(l -> Long.parseLong(l.substring(l.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  private long counted(String name, String result) {
    return counted("controller_runtime_" + name + "{controller=\"test\"" + result + "}");
  }

  @Test
  void aKeyThatIsSyncedIsLookedAtAgainAfterThePeriod() throws Exception {
    start(2, LONG);
    queue.add("a");
    awaitPass("a");
    awaitDelayed(1);
    assertTrue(delay().compareTo(PERIOD) <= 0, "never later than the period");
    assertTrue(delay().compareTo(PERIOD.multipliedBy(4).dividedBy(5)) >= 0, "" + delay());
    clock.addAndGet(PERIOD.toNanos());
    queue.len();
    awaitPass("a");
    awaitDelayed(1);
    assertEquals(2, counted("reconcile_total", ",result=\"success\""));
    assertEquals("", logged.toString());
  }

  @Test
  void aKeyThatIsGoneIsNotLookedAtAgain() throws Exception {
    acts.put("a", _ -> new Outcome.Gone());
    start(2, LONG);
    queue.add("a");
    awaitPass("a");
    awaitQuiet();
    assertEquals(0, QueueView.delayed(queue));
  }

  @Test
  void lookAgainAfterIsNoFailureAndNeverLaterThanThePeriod() throws Exception {
    acts.put("a", _ -> new Outcome.LookAgainAfter(Duration.ofSeconds(3)));
    acts.put("b", _ -> new Outcome.LookAgainAfter(Duration.ofHours(1)));
    start(1, LONG);
    queue.add("a");
    awaitDelayed(1);
    awaitQuiet();
    assertEquals(Duration.ofSeconds(3), delay());
    clock.addAndGet(Duration.ofSeconds(3).toNanos());
    acts.put("a", _ -> new Outcome.Gone());
    queue.add("b");
    await(() -> QueueView.delayed(queue) == 1 && passes.size() == 3);
    awaitQuiet();
    assertTrue(delay().compareTo(PERIOD) <= 0, "" + delay());
    assertEquals(2, counted("reconcile_total", ",result=\"requeue_after\""));
    assertEquals(0, QueueView.failures(queue, "a") + QueueView.failures(queue, "b"));
  }

  @Test
  void retriesBackOffAndSayTheSameThingOnce() throws Exception {
    acts.put("a", _ -> new Outcome.RetryBecause("no answer from node 2", Optional.empty()));
    start(1, LONG);
    queue.add("a");
    for (var failures = 1; failures <= 4; failures++) {
      awaitPass("a");
      awaitDelayed(1);
      assertEquals(failures, QueueView.failures(queue, "a"));
      assertEquals(Duration.ofMillis(5L << (failures - 1)), delay());
      if (failures == 3) {
        acts.put("a", _ -> new Outcome.Synced());
        break;
      }
      clock.addAndGet(delay().toNanos());
      queue.len();
    }
    clock.addAndGet(Duration.ofMillis(20).toNanos());
    queue.len();
    awaitPass("a");
    awaitDelayed(1);
    assertEquals(0, QueueView.failures(queue, "a"));
    assertEquals(3, counted("reconcile_total", ",result=\"requeue\""));
    assertEquals(
        """
        1970-01-01T00:00:00Z WARN  will be tried again key=a reason="no answer from node 2" pass=1
        1970-01-01T00:00:00Z INFO  works again key=a pass=4
        """,
        logged.toString());
  }

  @Test
  void whatIsInvalidIsNotRetriedUntilSomethingAddsIt() throws Exception {
    acts.put("a", _ -> new Outcome.InvalidBecause("spec.nodes is negative"));
    start(1, LONG);
    queue.add("a");
    awaitPass("a");
    awaitDelayed(1);
    assertEquals(0, QueueView.failures(queue, "a"));
    assertTrue(delay().compareTo(Duration.ofSeconds(20)) > 0, "the periodic look, no retry");
    queue.add("a");
    awaitPass("a");
    awaitQuiet();
    assertEquals(2, counted("terminal_reconcile_errors_total", ""));
    assertEquals(0, queue.numbers().retries());
  }

  @Test
  void aBrokenWireIsOneLineAndIsTriedAgain() throws Exception {
    acts.put(
        "a",
        _ -> {
          throw new IOException("connection refused");
        });
    start(1, LONG);
    queue.add("a");
    awaitPass("a");
    awaitDelayed(1);
    assertEquals(1, QueueView.failures(queue, "a"));
    assertEquals(1, counted("reconcile_errors_total", ""));
    assertEquals(0, counted("reconcile_panics_total", ""));
    assertEquals(
        "1970-01-01T00:00:00Z WARN  failed, will be tried again key=a"
            + " reason=\"java.io.IOException: connection refused\" pass=1\n",
        logged.toString());
  }

  @Test
  void aBugIsLoggedWithItsTraceOnceAndTheWorkerGoesOn() throws Exception {
    acts.put(
        "a",
        _ -> {
          throw new IllegalStateException("boom");
        });
    acts.put(
        "b",
        _ -> {
          throw new AssertionError("an Error, too");
        });
    start(1, LONG);
    queue.add("a");
    awaitPass("a");
    awaitDelayed(1);
    queue.add("a");
    awaitPass("a");
    queue.add("b");
    awaitPass("b");
    queue.add("c");
    awaitPass("c");
    awaitQuiet();
    assertEquals(3, counted("reconcile_panics_total", ""));
    assertEquals(2, QueueView.failures(queue, "a"));
    var text = logged.toString();
    assertEquals(2, text.split("boom", -1).length, "once");
    assertEquals(2, text.split("an Error, too", -1).length, "once");
    assertTrue(text.contains("at io.bitcoincontroller.controller.ControllerTest"), text);
  }

  @Test
  void aPassOverItsDeadlineIsInterruptedAndCountsAsAFailure() throws Exception {
    var interrupted = new CountDownLatch(1);
    acts.put(
        "stuck",
        _ -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return new Outcome.Synced();
        });
    start(1, Duration.ofMillis(20));
    queue.add("stuck");
    awaitDelayed(1);
    assertEquals(0, interrupted.getCount());
    assertEquals(1, QueueView.failures(queue, "stuck"));
    assertEquals(1, counted("reconcile_total", ",result=\"error\""));
  }

  @Test
  void anInterruptThatIsSwallowedOrComesLateNeverHitsTheNextPass() throws Exception {
    acts.put(
        "swallows",
        _ -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new Outcome.Synced();
        });
    var hit = new AtomicBoolean();
    acts.put(
        "next",
        _ -> {
          hit.set(Thread.currentThread().isInterrupted());
          return new Outcome.Synced();
        });
    var deadline = Duration.ofMillis(20);
    start(1, deadline, clock::get);
    queue.add("swallows");
    queue.add("next");
    awaitPass("swallows");
    clock.addAndGet(deadline.toNanos()); // and no more: the next one is in time
    awaitPass("next");
    awaitQuiet();
    assertFalse(hit.get());
    assertEquals(1, QueueView.failures(queue, "swallows"), "an outcome after the deadline is none");
    assertEquals(0, QueueView.failures(queue, "next"));
  }

  @Test
  void aKeyIsNotHandedOnWhileItsPassIgnoresTheInterrupt() throws Exception {
    var release = new CountDownLatch(1);
    var running = new AtomicLong();
    var most = new AtomicLong();
    acts.put(
        "deaf",
        _ -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          ignoreInterruptsUntil(release);
          running.decrementAndGet();
          return new Outcome.Synced();
        });
    var controller = start(4, Duration.ofMillis(5));
    queue.add("deaf");
    awaitPass("deaf");
    await(() -> logged.toString().contains("a pass is interrupted"));
    queue.add("deaf");
    queue.add("other");
    awaitPass("other");
    assertTrue(passes.isEmpty());
    assertFalse(controller.stop(Duration.ofMillis(1)), "something still runs");
    release.countDown();
    assertEquals(1, most.get());
  }

  @Test
  void stopFinishesTheWorkInHandAndBeginsNoNew() throws Exception {
    var release = new CountDownLatch(1);
    var finished = new AtomicBoolean();
    acts.put(
        "in hand",
        _ -> {
          release.await();
          finished.set(true);
          return new Outcome.Synced();
        });
    var controller = start(1, LONG);
    queue.add("in hand");
    queue.add("queued");
    awaitPass("in hand");
    var stop = new FutureTask<>(() -> controller.stop(LONG));
    Thread.startVirtualThread(stop);
    var probes = new AtomicLong();
    await(() -> !isQueued("probe-" + probes.incrementAndGet()));
    release.countDown();
    assertTrue(stop.get());
    assertTrue(finished.get());
    assertTrue(passes.isEmpty(), "nothing new: " + passes);
  }

  /** Its taker has ended by then, since the queue was empty. */
  @Test
  void whatChangesDuringItsLastPassDoesNotHoldStopUp() throws Exception {
    var release = new CountDownLatch(1);
    acts.put(
        "in hand",
        _ -> {
          release.await();
          return new Outcome.Synced();
        });
    var controller = start(2, LONG);
    queue.add("in hand");
    awaitPass("in hand");
    queue.add("in hand");
    var stop = new FutureTask<>(() -> controller.stop(LONG));
    Thread.startVirtualThread(stop);
    var probes = new AtomicLong();
    await(() -> !isQueued("probe-" + probes.incrementAndGet()));
    await(() -> queue.len() == 0);
    release.countDown();
    assertTrue(stop.get(10, TimeUnit.SECONDS));
    assertTrue(passes.stream().allMatch(key -> key.startsWith("probe-")), passes::toString);
    assertEquals(0, queue.len());
  }

  @Test
  void stopInterruptsWhatIsNotFinishedWithinTheBound() throws Exception {
    var interrupted = new CountDownLatch(1);
    acts.put(
        "long",
        _ -> {
          try {
            new CountDownLatch(1).await();
          } finally {
            interrupted.countDown();
          }
          return new Outcome.Synced();
        });
    var controller = start(2, LONG);
    queue.add("long");
    awaitPass("long");
    stop(controller, Duration.ofMillis(10));
    assertEquals(0, interrupted.getCount(), "it ended, if not by itself");
    assertEquals(0, QueueView.of(queue, 1).processing().total(), "and was given back");
  }

  private static Act waiting(CountDownLatch until) {
    return permit -> {
      permit.giveUpFor(until::await);
      return new Outcome.Synced();
    };
  }

  @Test
  void aPassThatWaitsForOthersHoldsNoWorker() throws Exception {
    var answer = new CountDownLatch(1);
    for (var i = 0; i < 50; i++) {
      acts.put("dark-" + i, waiting(answer));
    }
    start(10, LONG);
    for (var i = 0; i < 50; i++) {
      queue.add("dark-" + i);
    }
    queue.add("healthy");
    for (var i = 0; i < 51; i++) {
      assertNotNull(passes.poll(30, TimeUnit.SECONDS), "pass " + i);
    }
    await(() -> QueueView.of(queue, 1).processing().total() == 50);
    await(() -> counted("active_workers", "") == 0); // a pass that has begun is soon at its wait
    queue.add("dark-7");
    queue.add("healthy");
    awaitPass("healthy");
    answer.countDown();
    awaitPass("dark-7");
    awaitQuiet();
    assertEquals(0, counted("active_workers", ""));
    assertEquals(53, counted("reconcile_total", ",result=\"success\""));
  }

  @Test
  void soManyAreAtWorkAsThereAreWorkersAlsoAfterTheirWaits() throws Exception {
    var answer = new CountDownLatch(1);
    var working = new AtomicLong();
    var most = new AtomicLong();
    Act act =
        permit -> {
          permit.giveUpFor(answer::await);
          most.accumulateAndGet(working.incrementAndGet(), Math::max);
          LockSupport.parkNanos(1_000_000);
          working.decrementAndGet();
          return new Outcome.Synced();
        };
    start(3, LONG);
    for (var i = 0; i < 40; i++) {
      acts.put("key-" + i, act);
      queue.add("key-" + i);
    }
    await(() -> passes.size() == 40);
    answer.countDown();
    awaitQuiet();
    assertEquals(3, most.get());
  }

  /** Waits for this, and then for its permit. */
  private final class Patient {
    final CountDownLatch answer = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile Thread thread = Thread.currentThread();

    Outcome pass(Permit permit) throws InterruptedException {
      thread = Thread.currentThread();
      permit.giveUpFor(
          () -> {
            answer.await();
            answered.countDown();
          });
      order.add("patient");
      return new Outcome.Synced();
    }

    void awaitThatItWaitsForItsTurn() {
      await(() -> answered.getCount() == 0 && thread.getState() == Thread.State.WAITING);
    }
  }

  @Test
  void whoComesBackFromAWaitGoesBeforeWhoBegins() throws Exception {
    var release = new CountDownLatch(1);
    var patient = new Patient();
    acts.put("patient", patient::pass);
    acts.put(
        "works",
        _ -> {
          release.await();
          return new Outcome.Synced();
        });
    acts.put(
        "new",
        _ -> {
          order.add("new");
          return new Outcome.Synced();
        });
    start(1, LONG);
    queue.add("patient");
    awaitPass("patient");
    queue.add("works");
    awaitPass("works");
    assertEquals(1, counted("active_workers", ""));
    queue.add("new");
    patient.answer.countDown();
    patient.awaitThatItWaitsForItsTurn();
    assertEquals(List.of(), List.copyOf(order), "the one worker is taken");
    assertEquals(1, queue.len(), "and who has yet to begin is in the queue");
    release.countDown();
    awaitQuiet();
    assertEquals(List.of("patient", "new"), List.copyOf(order));
  }

  @Test
  void whatAPassWaitedForItsTurnIsNotCountedAgainstItsDeadline() throws Exception {
    var release = new CountDownLatch(1);
    var patient = new Patient();
    acts.put("patient", patient::pass);
    acts.put("deaf", deaf(release));
    var deadline = Duration.ofMillis(20);
    var looks = new AtomicLong();
    Ticker ticker =
        () -> {
          looks.incrementAndGet();
          return clock.get();
        };
    start(1, deadline, ticker);
    queue.add("patient");
    awaitPass("patient");
    queue.add("deaf");
    awaitPass("deaf");
    patient.answer.countDown();
    patient.awaitThatItWaitsForItsTurn();
    clock.addAndGet(deadline.toNanos());
    await(() -> logged.toString().contains("a pass is interrupted key=deaf"));
    var before = looks.get();
    await(
        () -> {
          assertFalse(logged.toString().contains("key=patient"), logged.toString());
          return looks.get() > before + 10; // for the patient one: nobody else looks now
        });
    release.countDown();
    awaitQuiet();
    assertEquals(List.of("patient"), List.copyOf(order));
    assertEquals(1, counted("reconcile_total", ",result=\"success\""));
  }

  private static Act deaf(CountDownLatch until) {
    return _ -> {
      ignoreInterruptsUntil(until);
      return new Outcome.Synced();
    };
  }

  private static void ignoreInterruptsUntil(CountDownLatch until) {
    while (until.getCount() > 0) {
      try {
        until.await();
      } catch (InterruptedException e) {
        // deaf
      }
    }
  }

  @Test
  void aPassThatWaitsForEverIsInterruptedAtItsDeadlineAndTakesNoTurnAlong() throws Exception {
    acts.put("stuck", waiting(new CountDownLatch(1)));
    start(1, Duration.ofMillis(20));
    for (var round = 1; round <= 3; round++) {
      queue.add("stuck");
      awaitPass("stuck");
      awaitQuiet();
      assertEquals(round, QueueView.failures(queue, "stuck"));
    }
    queue.add("other");
    awaitPass("other");
    awaitQuiet();
    assertEquals(0, counted("active_workers", ""));
  }

  @Test
  void stopLetsThoseFinishThatWait() throws Exception {
    var answer = new CountDownLatch(1);
    var finished = new AtomicLong();
    Act waits =
        permit -> {
          var outcome = waiting(answer).act(permit);
          finished.incrementAndGet();
          return outcome;
        };
    acts.put("a", waits);
    acts.put("b", waits);
    var controller = start(1, LONG);
    queue.add("a");
    queue.add("b");
    awaitPass("a");
    awaitPass("b");
    var stop = new FutureTask<>(() -> controller.stop(LONG));
    Thread.startVirtualThread(stop);
    await(() -> !isQueued("probe-" + System.nanoTime())); // the first ones may have a pass
    answer.countDown();
    assertTrue(stop.get());
    assertEquals(2, finished.get());
  }

  @Test
  void stopInterruptsThoseThatWaitForOthersOrForATurn() throws Exception {
    var patient = new Patient();
    acts.put("patient", patient::pass);
    acts.put("dark", waiting(new CountDownLatch(1)));
    acts.put(
        "long",
        _ -> {
          new CountDownLatch(1).await();
          return new Outcome.Synced();
        });
    var controller = start(1, LONG);
    for (var key : List.of("patient", "dark", "long")) {
      queue.add(key);
      awaitPass(key);
    }
    queue.add("queued");
    patient.answer.countDown();
    patient.awaitThatItWaitsForItsTurn();
    stop(controller, Duration.ofMillis(10));
    assertEquals(0, QueueView.of(queue, 1).processing().total());
    assertTrue(passes.isEmpty(), "nothing new: " + passes);
  }

  /** A thousand are in hand at most; others stay in the queue. */
  @Test
  void whatIsInHandIsBounded() throws Exception {
    var answer = new CountDownLatch(1);
    start(10, LONG);
    for (var i = 0; i < 1100; i++) {
      acts.put("dark-" + i, waiting(answer));
      queue.add("dark-" + i);
    }
    await(() -> passes.size() == 1000);
    assertEquals(100, queue.len());
    answer.countDown();
    awaitQuiet();
    assertEquals(1100, passes.size());
  }

  @Test
  void aControllerThatNeverStartedStopsAtOnce() throws Exception {
    var controller =
        new Controller<>(
            "idle",
            queue,
            this::reconcile,
            Controller.Settings.DEFAULT,
            Ticker.SYSTEM,
            new Random(2),
            log,
            metrics,
            Recorder.off());
    queue.add("a");
    assertTrue(controller.stop(Duration.ofDays(1)));
    // an elector may have won in the moment in which the process was told to stop
    controller.start();
    assertTrue(controller.stop(Duration.ofDays(1)));
    assertEquals(0, passes.size());
  }

  @Test
  void itStartsOnce() {
    var controller = start(1, LONG);
    assertThrows(IllegalStateException.class, controller::start);
  }

  @Test
  void theMetricsHaveTheNamesThatDashboardsKnow() throws Exception {
    start(3, LONG);
    queue.add("a");
    awaitPass("a");
    awaitQuiet();
    var text = metrics.text();
    for (var name :
        List.of(
            "workqueue_depth{name=\"test\"} 0",
            "workqueue_adds_total{name=\"test\"} 1",
            "workqueue_queue_duration_seconds_count{name=\"test\"} 1",
            "workqueue_work_duration_seconds_count{name=\"test\"} 1",
            "workqueue_unfinished_work_seconds{name=\"test\"} 0",
            "workqueue_longest_running_processor_seconds{name=\"test\"} 0",
            "workqueue_retries_total{name=\"test\"} 0",
            "controller_runtime_reconcile_total{controller=\"test\",result=\"success\"} 1",
            "controller_runtime_reconcile_errors_total{controller=\"test\"} 0",
            "controller_runtime_reconcile_time_seconds_count{controller=\"test\"} 1",
            "controller_runtime_max_concurrent_reconciles{controller=\"test\"} 3",
            "controller_runtime_active_workers{controller=\"test\"} 0")) {
      assertTrue(text.contains(name + "\n"), name + " is not in\n" + text);
    }
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Controller.Settings(0, LONG, PERIOD));
    assertThrows(IllegalArgumentException.class, () -> new Controller.Settings(1001, LONG, PERIOD));
    assertThrows(
        IllegalArgumentException.class, () -> new Controller.Settings(1, Duration.ZERO, PERIOD));
    assertThrows(
        IllegalArgumentException.class, () -> new Controller.Settings(1, LONG, Duration.ZERO));
  }
}
