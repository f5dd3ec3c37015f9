package io.bitcoincontroller.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.observe.Counted;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The invariants of the queue, each under its name, with real threads where one has to wait. */
@Timeout(60)
class WorkQueueTest {
  private final AtomicLong clock = new AtomicLong();
  private final WorkQueue<String> queue =
      new WorkQueue<>(clock::get, RetryLimits.DEFAULT, new Random(1));
  private final WorkQueue<String> live =
      new WorkQueue<>(Ticker.SYSTEM, RetryLimits.DEFAULT, new Random(1));
  private final List<Thread> threads = new ArrayList<>();

  private static Cause cause(String words) {
    return Cause.of(Cause.Kind.CHANGE, 0, words);
  }

  private List<String> causes(String key) {
    return queue.causes(key).list().stream().map(Cause::words).toList();
  }

  @Test
  void keysAreMergedAndTheirCausesKept() throws Exception {
    assertEquals(Added.QUEUED, queue.add("a", cause("one")));
    assertEquals(Added.MERGED, queue.add("a", cause("two")));
    queue.addAfter("a", Duration.ofNanos(5), cause("three"));
    queue.addAfter("a", Duration.ofNanos(9), cause("too late"));
    clock.set(5);
    assertEquals(Optional.of("a"), queue.get());
    assertEquals(List.of("one", "two", "three"), causes("a"));
    assertEquals(Added.AGAIN, queue.add("a", cause("four")));
    assertEquals(List.of("one", "two", "three"), causes("a"));
    queue.done("a");
    assertEquals(List.of(), causes("a"));
    assertEquals(Optional.of("a"), queue.get());
    assertEquals(List.of("four"), causes("a"));
    queue.done("a");
    queue.shutDown();
    assertEquals(Added.REFUSED, queue.add("a", cause("five")));
  }

  private static final class Waiter extends FutureTask<Optional<String>> {
    Waiter(WorkQueue<String> from) {
      super(from::get);
    }
  }

  private Waiter waiter(WorkQueue<String> from) {
    var waiter = new Waiter(from);
    threads.add(Thread.ofVirtual().start(waiter));
    return waiter;
  }

  /** Every waiting state of a virtual thread will do: it can wait for the lock or the condition. */
  private void awaitWaiting() {
    for (var thread : threads) {
      while (thread.isAlive()
          && thread.getState() != Thread.State.WAITING
          && thread.getState() != Thread.State.TIMED_WAITING) {
        assertFalse(Thread.interrupted(), "waited in vain");
        LockSupport.parkNanos(100_000);
      }
    }
  }

  @AfterEach
  void endThreads() throws InterruptedException {
    queue.shutDown();
    live.shutDown();
    for (var thread : threads) {
      thread.join();
    }
  }

  @Test
  void aKeyIsNeverWithTwoWorkers() throws Exception {
    queue.add("a");
    assertEquals(Optional.of("a"), queue.get());
    queue.add("a");
    var second = waiter(queue);
    awaitWaiting();
    assertFalse(second.isDone());
    queue.done("a");
    assertEquals(Optional.of("a"), second.get());
    queue.done("a");
  }

  @Test
  void anAddDuringProcessingGivesExactlyOneMoreRun() throws Exception {
    queue.add("a");
    queue.get();
    queue.add("a");
    queue.add("a");
    queue.done("a");
    assertEquals(Optional.of("a"), queue.get());
    queue.done("a");
    assertEquals(0, queue.len());
  }

  @Test
  void noAddIsLostExceptAfterShutdown() throws Exception {
    var waiting = waiter(queue);
    awaitWaiting();
    queue.add("a");
    assertEquals(Optional.of("a"), waiting.get());
    queue.done("a");
    queue.shutDown();
    queue.add("b");
    queue.addAfter("b", Duration.ofSeconds(1));
    queue.addAfter("b", Duration.ZERO);
    queue.addRateLimited("b");
    assertEquals(0, queue.len());
    assertEquals(0, QueueView.delayed(queue));
    assertEquals(0, queue.numbers().retries());
    assertEquals(Optional.empty(), queue.get());
  }

  @Test
  void duplicatesCollapse() {
    queue.add("a");
    queue.add("a");
    queue.addAfter("a", Duration.ZERO);
    assertEquals(1, queue.len());
    assertEquals(1, queue.numbers().adds());
  }

  @Test
  void theEarliestOfSeveralDelaysWinsAndNoneFiresEarly() {
    queue.addAfter("a", Duration.ofSeconds(5));
    queue.addAfter("a", Duration.ofSeconds(3));
    queue.addAfter("a", Duration.ofSeconds(4));
    clock.set(Duration.ofSeconds(3).toNanos() - 1);
    assertEquals(0, queue.len());
    clock.incrementAndGet();
    assertEquals(1, queue.len());
    assertEquals(0, QueueView.delayed(queue));
  }

  @Test
  void failuresGrowTheDelayAndForgetResetsIt() {
    queue.addRateLimited("a");
    assertEquals(1, QueueView.failures(queue, "a"));
    clock.addAndGet(Duration.ofMillis(5).toNanos() - 1);
    assertEquals(0, queue.len());
    clock.addAndGet(Duration.ofMillis(1).toNanos() + 1);
    assertEquals(1, queue.len(), "5 ms and at most a fifth more");
    queue.addRateLimited("b");
    queue.addRateLimited("b");
    assertEquals(2, QueueView.failures(queue, "b"));
    assertEquals(3, queue.numbers().retries());
    queue.forget("b");
    assertEquals(0, QueueView.failures(queue, "b"));
  }

  @Test
  void drainWaitsForWorkInHandAndRefusesNewWork() throws Exception {
    queue.add("in hand");
    queue.add("queued");
    queue.addAfter("delayed", Duration.ofSeconds(1));
    queue.get();
    var drain = new FutureTask<>(() -> queue.shutDownWithDrain(Duration.ofDays(1)));
    threads.add(Thread.ofVirtual().start(drain));
    awaitWaiting();
    queue.add("new");
    assertFalse(drain.isDone());
    queue.done("in hand");
    assertEquals(Optional.of("queued"), queue.get());
    assertFalse(drain.isDone());
    queue.done("queued");
    assertTrue(drain.get());
    assertEquals(Optional.empty(), queue.get());
  }

  @Test
  void drainTellsWhenItsBoundPassed() throws Exception {
    queue.add("a");
    queue.get();
    assertFalse(queue.shutDownWithDrain(Duration.ofMillis(1)));
    queue.done("a");
    assertTrue(queue.shutDownWithDrain(Duration.ZERO));
  }

  @Test
  void noWaitingKeyStarves() throws Exception {
    queue.add("hot");
    queue.add("cold");
    for (var gets = 0; gets < 2; gets++) {
      var key = queue.get().orElseThrow();
      queue.add("hot");
      queue.done(key);
      if (key.equals("cold")) {
        return;
      }
    }
    throw new AssertionError("as many gets as there were keys, and cold was not among them");
  }

  @Test
  void keysThatBecameDueComeBeforeThoseAddedLater() throws Exception {
    queue.addAfter("due at 1", Duration.ofNanos(1));
    clock.set(2);
    queue.add("added at 2");
    clock.set(5);
    assertEquals(Optional.of("due at 1"), queue.get());
    assertEquals(Optional.of("added at 2"), queue.get());
    assertEquals(
        4 + 3, Counted.of(queue.queued()).sumNanos(), "since it was due, not since the get");
  }

  @Test
  void aWaitingWorkerTakesTheDelayedKeyInTime() throws Exception {
    var started = System.nanoTime();
    var waiting = waiter(live);
    awaitWaiting();
    live.addAfter("a", Duration.ofMillis(30));
    assertEquals(Optional.of("a"), waiting.get());
    assertTrue(System.nanoTime() - started >= Duration.ofMillis(30).toNanos(), "not early");
    live.done("a");
  }

  @Test
  void anEarlierDelayShortensTheWait() throws Exception {
    live.addAfter("late", Duration.ofHours(1));
    var first = waiter(live);
    var second = waiter(live);
    awaitWaiting();
    live.addAfter("soon", Duration.ofMillis(20));
    var any = CompletableFuture.anyOf(future(first), future(second)).get();
    assertEquals(Optional.of("soon"), any);
    live.done("soon");
  }

  @Test
  void whenTheWorkerThatMindsTheDeadlineLeavesAnotherDoes() throws Exception {
    live.addAfter("later", Duration.ofMillis(200));
    var first = waiter(live);
    var second = waiter(live);
    awaitWaiting();
    live.add("now");
    assertEquals(List.of("later", "now"), both(first, second));
  }

  @Test
  void anInterruptedWorkerLeavesTheDeadlineToAnother() throws Exception {
    live.addAfter("later", Duration.ofHours(1));
    var first = waiter(live);
    awaitState(threads.getFirst(), Thread.State.TIMED_WAITING);
    var second = waiter(live);
    awaitState(threads.getLast(), Thread.State.WAITING);
    threads.getFirst().interrupt();
    assertThrows(ExecutionException.class, first::get);
    awaitState(threads.getLast(), Thread.State.TIMED_WAITING);
    live.addAfter("later", Duration.ZERO);
    assertEquals(Optional.of("later"), second.get());
    live.done("later");
  }

  /** The worker that minds the deadline waits with a bound, all others without. */
  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      assertTrue(thread.isAlive(), "it has ended");
      assertFalse(Thread.interrupted(), "waited in vain");
      LockSupport.parkNanos(100_000);
    }
  }

  private static CompletableFuture<Optional<String>> future(Waiter waiter) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return waiter.get();
          } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
          }
        },
        Thread::startVirtualThread);
  }

  private static List<String> both(Waiter first, Waiter second) throws Exception {
    return List.of(first.get().orElseThrow(), second.get().orElseThrow()).stream()
        .sorted()
        .toList();
  }

  @Test
  void shutdownEndsAllWaiting() throws Exception {
    live.addAfter("late", Duration.ofHours(1));
    var waiters = List.of(waiter(live), waiter(live), waiter(live));
    awaitWaiting();
    live.shutDown();
    for (var waiter : waiters) {
      assertEquals(Optional.empty(), waiter.get());
    }
  }

  @Test
  void aDelayBeyondAllTimeIsCutAndANegativeOneIsNow() {
    queue.addAfter("a", Duration.ofSeconds(Long.MAX_VALUE));
    assertEquals(Duration.ofDays(365), QueueView.of(queue, 1).delayed().first().getFirst().time());
    queue.addAfter("b", Duration.ofSeconds(-1));
    assertEquals(1, queue.len());
  }

  @Test
  void theNumbersTellHowLongWorkIsInHand() throws Exception {
    assertEquals(Duration.ZERO, queue.numbers().longestRunning());
    queue.add("a");
    queue.add("b");
    queue.add("c");
    queue.get();
    clock.set(70);
    queue.get();
    clock.set(100);
    var numbers = queue.numbers();
    assertEquals(Duration.ofNanos(130), numbers.unfinishedWork());
    assertEquals(Duration.ofNanos(100), numbers.longestRunning());
    queue.done("a");
    assertEquals(100, Counted.of(queue.worked()).sumNanos());
  }

  @Test
  void theViewIsBoundedAndTellsTheTotals() throws Exception {
    for (var key = 0; key < 100; key++) {
      queue.add("key-" + key);
      queue.addAfter("late-" + key, Duration.ofSeconds(key + 1));
    }
    clock.set(Duration.ofMillis(300).toNanos());
    queue.get();
    queue.add("key-0");
    clock.set(Duration.ofMillis(500).toNanos());
    var view = QueueView.of(queue, 2);
    assertEquals(new QueueView.Part<>(List.of("key-1", "key-2"), 99), view.queue());
    assertEquals(new QueueView.Part<>(List.of("key-1", "key-2"), 100), view.dirty());
    assertEquals(1, view.processing().total());
    assertEquals(
        new QueueView.Timed<>("key-0", Duration.ofMillis(200)),
        view.processing().first().getFirst());
    assertEquals(100, view.delayed().total());
    assertEquals(
        List.of(
            new QueueView.Timed<>("late-0", Duration.ofMillis(500)),
            new QueueView.Timed<>("late-1", Duration.ofMillis(1500))),
        view.delayed().first());
  }

  @Test
  void aQuestionThatIsRefusedLeavesTheQueueToOthers() throws Exception {
    assertThrows(IllegalArgumentException.class, () -> QueueView.of(queue, -1));
    queue.add("a");
    assertEquals(Optional.of("a"), waiter(queue).get());
    queue.done("a");
  }
}
