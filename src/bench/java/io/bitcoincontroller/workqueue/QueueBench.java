package io.bitcoincontroller.workqueue;

import io.bitcoincontroller.bench.Goal;
import io.bitcoincontroller.bench.Rounds;
import io.bitcoincontroller.bench.Table;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Measures what a key costs on its way through the queue, and while it waits for its time. */
final class QueueBench {
  private static final Cause ASKED = Cause.of(Cause.Kind.ASKED);
  private static final int ROUNDS = 9;
  private static final int KEYS = 1_000;
  private static final int DELAYED = 100_000;
  private static final Duration LATER = Duration.ofHours(1);

  private static final List<ObjectKey> FEW = keys(KEYS, "network-");
  private static final List<ObjectKey> MANY = keys(DELAYED, "delayed-");

  private QueueBench() {}

  public static void main(String[] args) throws Exception {
    try (var table = new Table("queue: nanoseconds an item, one thread")) {
      queue(table);
    }
    try (var table = new Table("queue: nanoseconds an item, %,d keys delayed".formatted(DELAYED))) {
      delayed(table);
    }
  }

  private static void queue(Table table) throws Exception {
    var single = empty();
    var standing = empty();
    var waiting = empty();
    MANY.forEach(key -> waiting.addAfter(key, LATER));
    var costs =
        Rounds.inTurn(
            ROUNDS,
            () -> oneByOne(single),
            () -> allAtOnce(standing),
            () -> allAtOnce(waiting),
            () -> duplicates(single));
    var under = new Goal.Under(1000);
    table.row("add, get, done; one key after the other", 0, costs.get(0), under);
    table.row("add, get, done; %,d keys at once".formatted(KEYS), 0, costs.get(1), under);
    table.row("the same, with %,d keys delayed".formatted(DELAYED), 0, costs.get(2), under);
    table.row("add of a key that is already queued", 0, costs.get(3), Goal.none());
    table.note(
        "Keys are namespace and name, as in the controller; each call takes the lock and reads");
    table.note(
        "the clock. CPU time of the process. controller-runtime's queue: about 300 an item.");
  }

  private static void delayed(Table table) throws Exception {
    var random = new Random(1);
    var standing = new Delayed<ObjectKey>();
    fill(standing, random);
    var costs =
        Rounds.inTurn(
            ROUNDS,
            () -> fill(new Delayed<>(), random),
            () -> sooner(standing),
            () -> ticks(standing),
            () -> fillAndTakeAll(random));
    table.row("add, from none to all", 0, costs.get(0), Goal.none());
    table.row("add of a key again, each time a little sooner", 0, costs.get(1), Goal.none());
    table.row("a tick: is anything due? (no)", 0, costs.get(2), Goal.none());
    table.row("add, and take out when its time has come", 0, costs.get(3), Goal.none());
    table.note("The bare structure, without WorkQueue's lock and clock; times to wait are random.");
  }

  private static WorkQueue<ObjectKey> empty() {
    return new WorkQueue<>(Ticker.SYSTEM, RetryLimits.DEFAULT, new Random(1));
  }

  private static List<ObjectKey> keys(int count, String prefix) {
    return IntStream.range(0, count).mapToObj(i -> new ObjectKey("team", prefix + i)).toList();
  }

  private static long oneByOne(WorkQueue<ObjectKey> queue) throws InterruptedException {
    for (var key : FEW) {
      queue.add(key);
      queue.done(queue.get().orElseThrow());
    }
    return KEYS;
  }

  private static long allAtOnce(WorkQueue<ObjectKey> queue) throws InterruptedException {
    FEW.forEach(queue::add);
    for (var i = 0; i < KEYS; i++) {
      queue.done(queue.get().orElseThrow());
    }
    return KEYS;
  }

  private static long duplicates(WorkQueue<ObjectKey> queue) throws InterruptedException {
    queue.add(FEW.getFirst());
    for (var i = 0; i < KEYS; i++) {
      queue.add(FEW.getFirst());
    }
    queue.done(queue.get().orElseThrow());
    return KEYS;
  }

  /** Deadlines spread over an hour. */
  private static long fill(Delayed<ObjectKey> delayed, Random random) {
    for (var key : MANY) {
      delayed.add(key, ASKED, random.nextLong(1, LATER.toNanos()));
    }
    return DELAYED;
  }

  private static long sooner(Delayed<ObjectKey> delayed) {
    var earliest = delayed.earliest();
    for (var i = 0; i < KEYS; i++) {
      delayed.add(MANY.get(i * (DELAYED / KEYS)), ASKED, earliest - i);
    }
    return KEYS;
  }

  private static long ticks(Delayed<ObjectKey> delayed) {
    var before = delayed.earliest() - 1;
    for (var i = 0; i < KEYS; i++) {
      if (delayed.takeDue(before).isPresent()) {
        throw new IllegalStateException("due too early");
      }
    }
    return KEYS;
  }

  private static long fillAndTakeAll(Random random) {
    var delayed = new Delayed<ObjectKey>();
    fill(delayed, random);
    var taken = 0;
    while (delayed.takeDue(LATER.toNanos()).isPresent()) {
      taken++;
    }
    if (taken != DELAYED) {
      throw new IllegalStateException("taken " + taken);
    }
    return taken;
  }
}
