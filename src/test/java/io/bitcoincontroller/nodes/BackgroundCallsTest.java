package io.bitcoincontroller.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.timing.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock is moved by hand; a patience of zero is over at once. */
@Timeout(30)
class BackgroundCallsTest {
  private static final Permit AT_ONCE = Permit.Waiting::await;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000); // and past the overflow
  private final Semaphore late = new Semaphore(0);
  private final List<String> dropped = Collections.synchronizedList(new ArrayList<>());

  private BackgroundCalls<String, String> calls(Duration patience) {
    return new BackgroundCalls<>(
        now::get,
        patience,
        new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0),
        () -> 0,
        result ->
            switch (result) {
              case "bad" -> BackgroundCalls.Verdict.FAILED;
              case "not made" -> BackgroundCalls.Verdict.NOT_MADE;
              default -> BackgroundCalls.Verdict.WELL;
            },
        dropped::add,
        late::release);
  }

  private static void run(BackgroundCalls<String, String> calls, String name, String result)
      throws Exception {
    assertTrue(calls.begin(name, () -> result));
    calls.await(List.of(name), AT_ONCE);
    assertEquals(Optional.of(result), calls.latest(name, OptionalLong.empty()));
  }

  private static String held(CountDownLatch until, String result) {
    try {
      until.await();
    } catch (InterruptedException e) {
      return "interrupted";
    }
    return result;
  }

  @Test
  void aNameHasOneCallAtATime() throws Exception {
    var calls = calls(Duration.ofSeconds(20));
    var go = new CountDownLatch(1);
    assertTrue(calls.begin("a", () -> held(go, "good")));
    assertFalse(calls.begin("a", () -> "second"));
    assertFalse(calls.ready("a"));
    assertEquals(Set.of("a"), calls.notReady());
    assertTrue(calls.begin("b", () -> "other"));
    go.countDown();
    calls.await(List.of("a", "b"), AT_ONCE);
    assertEquals(Optional.of("good"), calls.latest("a", OptionalLong.empty()));
    assertEquals(Optional.of("other"), calls.latest("b", OptionalLong.empty()));
  }

  @Test
  void aNameThatFailedRestsLongerEachTimeAndNoLongerAfterASuccess() throws Exception {
    var calls = calls(Duration.ofSeconds(20));
    run(calls, "a", "bad");
    assertFalse(calls.begin("a", () -> "good"));
    assertEquals(Duration.ofSeconds(1).toNanos(), calls.nextReady().orElseThrow());
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    run(calls, "a", "bad");
    assertEquals(Duration.ofSeconds(2).toNanos(), calls.nextReady().orElseThrow());
    now.addAndGet(Duration.ofSeconds(2).toNanos());
    run(calls, "a", "good");
    assertTrue(calls.nextReady().isEmpty());
    run(calls, "a", "bad");
    assertEquals(Duration.ofSeconds(1).toNanos(), calls.nextReady().orElseThrow());
  }

  @Test
  void aForgivenNameMayGoOnAtOnce() throws Exception {
    var calls = calls(Duration.ofSeconds(20));
    run(calls, "a", "bad");
    calls.forgive("a");
    assertTrue(calls.ready("a"));
  }

  @Test
  void aCallThatOutlastsThePatienceIsTold() throws Exception {
    var calls = calls(Duration.ZERO);
    var go = new CountDownLatch(1);
    calls.begin("a", () -> held(go, "good"));
    calls.await(List.of("a"), AT_ONCE);
    assertEquals(Optional.empty(), calls.latest("a", OptionalLong.empty()));
    go.countDown();
    assertTrue(late.tryAcquire(20, TimeUnit.SECONDS), "told when it ended after all");
    assertEquals(Optional.of("good"), calls.latest("a", OptionalLong.empty()));
  }

  @Test
  void noPassWaitsAgainForAnameThatIsSlow() throws Exception {
    var calls = calls(Duration.ZERO);
    var go = new CountDownLatch(1);
    calls.begin("a", () -> held(go, "good"));
    calls.await(List.of("a"), AT_ONCE);
    // with a clock that stands still, a wait with patience would never end
    var patient = calls(Duration.ofDays(1));
    assertTrue(patient.ready("a"));
    calls.await(List.of("a"), AT_ONCE);
    go.countDown();
    assertTrue(late.tryAcquire(20, TimeUnit.SECONDS));
  }

  @Test
  void aSlowNameRestsAsLongAsItsCallTook() throws Exception {
    var calls = calls(Duration.ZERO);
    var go = new CountDownLatch(1);
    calls.begin(
        "a",
        () -> {
          var result = held(go, "good");
          now.addAndGet(Duration.ofSeconds(2).toNanos());
          return result;
        });
    calls.await(List.of("a"), AT_ONCE);
    go.countDown();
    assertTrue(late.tryAcquire(20, TimeUnit.SECONDS));
    assertFalse(calls.ready("a"), "else the end of each call would begin the next");
    now.addAndGet(Duration.ofSeconds(2).toNanos() - 1);
    assertFalse(calls.ready("a"), "half of the time is the others'");
    now.addAndGet(1);
    assertTrue(calls.ready("a"));
  }

  @Test
  void aCallThatThrowsFreesItsNameAndMakesItRest() throws Exception {
    var calls = calls(Duration.ofSeconds(20));
    calls.begin(
        "a",
        () -> {
          throw new IllegalStateException("thrown by a test, to be seen in its output");
        });
    calls.await(List.of("a"), AT_ONCE);
    assertEquals(Optional.empty(), calls.latest("a", OptionalLong.empty()));
    assertFalse(calls.ready("a"));
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    run(calls, "a", "good");
  }

  @Test
  void whatWasSaidLongAgoIsNotTakenForTheAnswerOfACallThatHangs() throws Exception {
    var calls = calls(Duration.ofSeconds(20));
    run(calls, "a", "good");
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    var go = new CountDownLatch(1);
    assertTrue(calls.begin("a", () -> held(go, "better")));
    assertEquals(Optional.of("good"), calls.latest("a", OptionalLong.empty()));
    now.addAndGet(Duration.ofSeconds(5).toNanos());
    assertEquals(Optional.empty(), calls.latest("a", OptionalLong.empty()));
    go.countDown();
  }

  /** Or calls to nodes that hang would pile up under names that are forgotten again and again. */
  @Test
  void aNameThatIsForgottenIsTakenUntilItsCallEndsWhichCountsAsNotMade() throws Exception {
    var calls = calls(Duration.ZERO);
    var go = new CountDownLatch(1);
    calls.begin("a", () -> held(go, "good"));
    calls.begin("b", () -> held(go, "nobody wants it"));
    calls.await(List.of("a", "b"), AT_ONCE);
    for (var round = 0; round < 3; round++) {
      calls.retain(_ -> false);
      assertFalse(calls.begin("a", () -> "a second one at a time"));
      calls.await(List.of("a"), AT_ONCE);
    }
    assertFalse(calls.anyRuns());
    go.countDown();
    assertTrue(late.tryAcquire(20, TimeUnit.SECONDS), "a pass wanted to begin one");
    assertEquals(Optional.empty(), calls.latest("a", OptionalLong.empty()));
    while (dropped.size() < 2) {
      Thread.onSpinWait();
    }
    assertFalse(late.tryAcquire(), "nobody asked for b");
    assertTrue(calls.ready("a"));
    assertTrue(calls.ready("b"));
  }

  @Test
  void theEndOfAForgottenCallAsksForThePassThatLeftItOut() throws Exception {
    var calls = calls(Duration.ZERO);
    var go = new CountDownLatch(1);
    calls.begin("a", () -> held(go, "good"));
    calls.retain(_ -> false);
    assertEquals(Set.of("a"), calls.notReady());
    go.countDown();
    assertTrue(late.tryAcquire(20, TimeUnit.SECONDS));
    assertEquals(Set.of(), calls.notReady());
  }

  /** What is kept has memory that others wait for: it is given back once, whatever happens. */
  @Test
  void whatIsNotKeptAnyMoreIsToldOnce() throws Exception {
    var calls = calls(Duration.ofSeconds(20));
    run(calls, "a", "first");
    run(calls, "a", "second");
    assertEquals(List.of("first"), dropped);
    run(calls, "b", "other");
    calls.retain(name -> name.equals("b"));
    assertEquals(List.of("first", "second"), dropped);
    calls.forgive("b");
    assertEquals(List.of("first", "second", "other"), dropped);
    var impatient = calls(Duration.ZERO);
    var go = new CountDownLatch(1);
    impatient.begin("c", () -> held(go, "nobody waits for it"));
    impatient.retain(_ -> false);
    go.countDown();
    while (dropped.size() < 4) {
      Thread.onSpinWait();
    }
    assertEquals("nobody waits for it", dropped.getLast());
  }

  @Test
  void aCallThatWasNotMadeLeavesNothingBehind() throws Exception {
    var calls = calls(Duration.ofSeconds(20));
    run(calls, "a", "bad");
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    calls.begin("a", () -> "not made");
    calls.await(List.of("a"), AT_ONCE);
    assertTrue(calls.ready("a"), "nor does it rest");
    assertEquals(Optional.empty(), calls.latest("a", OptionalLong.empty()));
    assertEquals(List.of("bad", "not made"), dropped);
    run(calls, "a", "bad");
    assertEquals(Duration.ofSeconds(1).toNanos(), calls.nextReady().orElseThrow());
  }

  /** As after each pass over a large mesh, in which all is well. */
  @Test
  void manyNamesAreForgivenInNoTimeAndTheirMemoryIsGivenBack() throws Exception {
    var calls = calls(Duration.ofSeconds(20));
    var names = IntStream.range(0, 40_000).mapToObj(n -> "name " + n).toList();
    names.forEach(name -> calls.begin(name, () -> name));
    calls.await(names, AT_ONCE);
    var began = System.nanoTime();
    names.forEach(calls::forgive);
    var took = Duration.ofNanos(System.nanoTime() - began);
    assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, took::toString);
    assertEquals(Set.copyOf(names), Set.copyOf(dropped));
  }
}
