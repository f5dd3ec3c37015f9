package io.bitcoincontroller.nodes;

import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.observe.PassNumber;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Calls that may outlast the pass that began them. Each call has a name.
 *
 * <ul>
 *   <li>A name has at most one call running. If it is forgotten meanwhile, it stays taken until the
 *       end of the call, which then counts as not made.
 *   <li>After a failed call its name rests, longer with every failure in a row.
 *   <li>A pass waits for a call only until its patience is over. Then the name counts as slow: no
 *       pass waits for it before it has answered in time again, and the end of its call asks for a
 *       pass.
 * </ul>
 *
 * A node that hangs costs the others a little time once, and nothing later. Safe for many threads.
 *
 * @param <N> a name, with equals and hashCode
 * @param <T> the result of a call
 */
final class BackgroundCalls<N, T> {
  /** A node that is well answers in a millisecond; a loaded one should not hold the others up. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /** More for each call that is waited for: hundreds at once take turns on few processors. */
  private static final Duration FOR_EACH = Duration.ofMillis(1);

  /** In all: whoever waits for thousands is not to wait for minutes. */
  private static final int MOST_WAITED_FOR = 1000;

  /** After a call to a node failed. */
  static final Backoff REST = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.2);

  /** The longest time for which a result counts while its name is slow. */
  private static final Duration SLOW_RESULT_IS_GOOD_FOR = Duration.ofSeconds(5);

  /** How a call went. */
  enum Verdict {
    WELL,

    /** Its name rests. */
    FAILED,

    /** It was not made after all: its name is as if the call had never begun. */
    NOT_MADE
  }

  private final class Call {
    boolean running;

    /** Only while it runs. */
    boolean forgotten;

    /** Only while it runs. */
    Optional<Work> work = Optional.empty();

    /** Somebody would have begun another one since. */
    boolean missed;

    /** Open while it runs. */
    CountDownLatch over = new CountDownLatch(0);

    boolean slow;
    int failures;
    long restsUntil;
    long began;
    long ended;

    /** When the call of {@code latest} began. */
    long latestBegan;

    Optional<T> latest = Optional.empty();
  }

  /** What is done for one name or several. */
  private final class Work implements Runnable {
    private final Runnable inItsPass;
    private final Optional<Turns> turns;
    private final Map<N, Call> begun = new LinkedHashMap<>();

    /** For its turn. */
    private boolean waits;

    Work(Supplier<T> work, Optional<Turns> turns) {
      this.inItsPass = PassNumber.carried(() -> BackgroundCalls.this.run(this, work));
      this.turns = turns;
      this.waits = turns.isPresent();
    }

    @Override
    public void run() {
      inItsPass.run();
    }
  }

  private final Ticker ticker;
  private final Duration patience;
  private final Backoff rest;
  private final DoubleSupplier random;
  private final Function<T, Verdict> judge;
  private final Consumer<T> dropped;
  private final Runnable late;
  private final Map<N, Call> calls = new HashMap<>();

  /**
   * Nothing is running yet.
   *
   * @param patience how long a pass waits for its calls, and a millisecond more for each of the
   *     first thousand
   * @param judge judges a result; a call that threw has failed
   * @param dropped is given each result that is not kept any longer, once
   * @param late runs when a slow call has ended
   */
  BackgroundCalls(
      Ticker ticker,
      Duration patience,
      Backoff rest,
      DoubleSupplier random,
      Function<T, Verdict> judge,
      Consumer<T> dropped,
      Runnable late) {
    this.ticker = ticker;
    this.patience = patience;
    this.rest = rest;
    this.random = random;
    this.judge = judge;
    this.dropped = dropped;
    this.late = late;
  }

  /** As most calls to nodes are made, with results of which nothing has to be given back. */
  static <N, T> BackgroundCalls<N, T> toNodes(
      Ticker ticker,
      Duration patience,
      RandomGenerator random,
      Function<T, Verdict> judge,
      Runnable late) {
    return new BackgroundCalls<>(ticker, patience, REST, random::nextDouble, judge, _ -> {}, late);
  }

  /**
   * Begins a call on a thread of its own.
   *
   * @return false if the name is not {@link #ready}
   */
  boolean begin(N name, Supplier<T> work) {
    var thread = Thread.ofVirtual().name("call " + name);
    return begin(List.of(name), new Work(work, Optional.empty()), thread::start);
  }

  /**
   * Begins one call for several names. Each of them gets its result, and drops it.
   *
   * @param turns in which it waits: if it is forgotten meanwhile, it is not made
   * @return false if none of the names is {@link #ready}
   */
  boolean begin(List<N> names, Turns turns, Supplier<T> work) {
    return begin(names, new Work(work, Optional.of(turns)), turns::execute);
  }

  private synchronized boolean begin(List<N> names, Work work, Executor threads) {
    for (var name : names) {
      if (ready(name)) {
        var call = calls.computeIfAbsent(name, _ -> new Call());
        call.running = true;
        call.over = new CountDownLatch(1);
        call.began = ticker.nanos();
        call.work = Optional.of(work);
        work.begun.put(name, call);
      } else {
        Optional.ofNullable(calls.get(name)).ifPresent(call -> call.missed |= call.forgotten);
      }
    }
    if (!work.begun.isEmpty()) {
      threads.execute(work);
    }
    return !work.begun.isEmpty();
  }

  /** A call that throws is a bug, and the thread prints it; no name must stay taken. */
  private void run(Work work, Supplier<T> what) {
    synchronized (this) {
      work.waits = false;
      if (work.begun.isEmpty()) {
        return; // all of it was forgotten just now
      }
    }
    var result = Optional.<T>empty();
    try {
      result = Optional.of(what.get());
    } finally {
      for (var call : work.begun.entrySet()) {
        end(call.getKey(), call.getValue(), result);
      }
    }
  }

  /** Whether {@link #begin} would start a call. */
  synchronized boolean ready(N name) {
    var call = calls.get(name);
    return call == null || (!call.running && waits(call) <= 0);
  }

  /** Whether a call of this name has not ended. */
  synchronized boolean runs(N name) {
    return known(name).filter(call -> call.running).isPresent();
  }

  /** For how many nanoseconds a call of this name has been running; empty: none is. */
  synchronized OptionalLong running(N name) {
    return known(name)
        .filter(call -> call.running)
        .map(call -> OptionalLong.of(ticker.nanos() - call.began))
        .orElseGet(OptionalLong::empty);
  }

  /** How many names are known, with those of forgotten calls that have not ended. */
  synchronized int size() {
    return calls.size();
  }

  /** Whether a call that is not forgotten has not ended. */
  synchronized boolean anyRuns() {
    return calls.values().stream().anyMatch(call -> call.running && !call.forgotten);
  }

  /**
   * The names for which {@link #begin} would start no call. A pass leaves them out: the end of a
   * forgotten one asks for another pass.
   */
  synchronized Set<N> notReady() {
    calls.values().forEach(call -> call.missed |= call.forgotten);
    return calls.keySet().stream().filter(name -> !ready(name)).collect(Collectors.toSet());
  }

  private Optional<Call> known(N name) {
    return Optional.ofNullable(calls.get(name)).filter(call -> !call.forgotten);
  }

  /**
   * Nanoseconds until the name may have its next call; zero or less: now. A slow name rests as long
   * as its call took: the end of the call asks for a pass, and the pass would begin the next call
   * at once. It rests for some seconds at most: the first answer of a node that hung is an old one.
   */
  private long waits(Call call) {
    var now = ticker.nanos();
    if (call.failures > 0) {
      return call.restsUntil - now;
    }
    var took = call.ended - call.began;
    return call.slow && call.latest.isPresent()
        ? call.ended + Math.min(took, SLOW_RESULT_IS_GOOD_FOR.toNanos()) - now
        : 0;
  }

  private void end(N name, Call call, Optional<T> result) {
    boolean askForAPass;
    synchronized (this) {
      call.running = false;
      call.work = Optional.empty();
      call.ended = ticker.nanos();
      var known = !call.forgotten;
      askForAPass = known ? call.slow : call.missed;
      call.slow = call.slow && call.ended - call.began > patience.toNanos();
      call.latest.ifPresent(dropped);
      call.latest = known ? result : Optional.empty();
      call.latestBegan = call.began;
      var verdict = result.map(judge).orElse(Verdict.FAILED);
      call.failures = verdict == Verdict.FAILED ? call.failures + 1 : 0;
      if (call.failures > 0) {
        call.restsUntil = call.ended + rest.nanos(call.failures, random.getAsDouble());
      }
      if (!known) {
        calls.remove(name);
        result.ifPresent(dropped);
      } else if (verdict == Verdict.NOT_MADE) {
        forgive(name);
      }
      call.over.countDown();
    }
    if (askForAPass) {
      late.run();
    }
  }

  /**
   * Waits until none of these runs but the slow ones, or patience is over.
   *
   * @param permit given up meanwhile
   */
  void await(Collection<N> names, Permit permit) throws InterruptedException {
    if (!awaited(names).isEmpty()) {
      permit.giveUpFor(() -> await(names));
    }
  }

  private synchronized List<Call> awaited(Collection<N> names) {
    var awaited = new ArrayList<Call>();
    for (var name : names) {
      known(name).filter(call -> call.running && !call.slow).ifPresent(awaited::add);
    }
    return awaited;
  }

  private void await(Collection<N> names) throws InterruptedException {
    var awaited = awaited(names);
    var more = FOR_EACH.multipliedBy(Math.min(awaited.size(), MOST_WAITED_FOR));
    var end = ticker.nanos() + patience.plus(more).toNanos();
    for (var call : awaited) {
      if (!call.over.await(end - ticker.nanos(), TimeUnit.NANOSECONDS)) {
        outlasts(call);
      }
    }
  }

  /** It may have ended just now. */
  private synchronized void outlasts(Call call) {
    call.slow |= call.running;
  }

  /**
   * The result of the last call of this name. While the next call runs, it counts only as long as
   * that call may take.
   *
   * @param notBefore the result of a call that began earlier does not count; empty: any counts
   */
  synchronized Optional<T> latest(N name, OptionalLong notBefore) {
    return known(name)
        .filter(
            call ->
                !call.running || ticker.nanos() - call.began < SLOW_RESULT_IS_GOOD_FOR.toNanos())
        .filter(call -> notBefore.isEmpty() || call.latestBegan - notBefore.getAsLong() >= 0)
        .flatMap(call -> call.latest);
  }

  /** When the last call of this name ended; empty if none did. */
  synchronized OptionalLong ended(N name) {
    return known(name)
        .filter(call -> call.latest.isPresent())
        .map(call -> OptionalLong.of(call.ended))
        .orElseGet(OptionalLong::empty);
  }

  /** Another source shows that all is well with this name: it need not rest. */
  synchronized void forgive(N name) {
    if (known(name).filter(call -> !call.running).isPresent()) {
      Optional.ofNullable(calls.remove(name)).ifPresent(this::drop);
    }
  }

  /** Nanoseconds until the first resting name is ready again; empty if none rests. */
  synchronized OptionalLong nextReady() {
    return nextReady(Duration.ofNanos(Long.MAX_VALUE));
  }

  /** The same, of those names that rest no longer than this after their last call. */
  synchronized OptionalLong nextReady(Duration longestRest) {
    return calls.values().stream()
        .filter(call -> !call.running)
        .filter(call -> call.restsUntil - call.ended <= longestRest.toNanos())
        .mapToLong(this::waits)
        .filter(nanos -> nanos > 0)
        .min();
  }

  /**
   * Forgets the other names. Their calls that wait for a turn are not made; the end of those that
   * run asks for a pass only if it was waited for.
   */
  synchronized void retain(Predicate<N> names) {
    var forgotten = new HashMap<>(calls);
    forgotten.keySet().removeIf(names);
    forgotten.forEach(
        (name, call) -> {
          drop(call);
          call.work.filter(work -> work.waits).ifPresent(work -> takeBack(name, call, work));
          call.forgotten = call.running;
          if (!call.running) {
            calls.remove(name);
          }
        });
  }

  private void takeBack(N name, Call call, Work work) {
    call.running = false;
    call.work = Optional.empty();
    call.over.countDown();
    work.begun.remove(name);
    if (work.begun.isEmpty()) {
      work.turns.ifPresent(turns -> turns.remove(work));
    }
  }

  private void drop(Call call) {
    call.latest.ifPresent(dropped);
    call.latest = Optional.empty();
  }
}
