package io.bitcoincontroller.network;

import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Calls that go on when the pass that began them does not wait any longer, by a name each.
 *
 * <ul>
 *   <li>A name has at most one call running.
 *   <li>After a call that failed its name rests, longer with every failure in a row.
 *   <li>A pass waits for a call only until its patience is over; then the name counts as slow, no
 *       pass waits for it again before it has answered in time, and the pass is told when it has
 *       ended.
 * </ul>
 *
 * So a node that hangs costs the others a little time once, and nothing later.
 *
 * @param <T> what a call gives; calls don't throw
 */
final class Calls<T> {
  /** What a slow name gave is good for this long: its end must not begin its next call at once. */
  private static final Duration SLOW_RESULT_IS_GOOD_FOR = Duration.ofSeconds(5);

  private static final class Call<T> {
    boolean running;
    boolean slow;
    int failures;
    long restsUntil;
    long began;
    long ended;
    Optional<T> latest = Optional.empty();
  }

  private final Ticker ticker;
  private final Duration patience;
  private final Backoff rest;
  private final DoubleSupplier random;
  private final Predicate<T> failed;
  private final Runnable late;
  private final Map<String, Call<T>> calls = new HashMap<>();

  /**
   * Nothing is running yet.
   *
   * @param patience how long a pass waits for its calls
   * @param failed whether what a call gave makes its name rest
   * @param late run after a call has ended that nobody waited for
   */
  Calls(
      Ticker ticker,
      Duration patience,
      Backoff rest,
      DoubleSupplier random,
      Predicate<T> failed,
      Runnable late) {
    this.ticker = ticker;
    this.patience = patience;
    this.rest = rest;
    this.random = random;
    this.failed = failed;
    this.late = late;
  }

  /**
   * Begins a call on a thread of its own.
   *
   * @return false if the name is not {@link #ready}
   */
  synchronized boolean begin(String name, Supplier<T> work) {
    if (!ready(name)) {
      return false;
    }
    var call = call(name);
    call.running = true;
    call.began = ticker.nanos();
    Thread.ofVirtual().name("call " + name).start(() -> end(name, call, work.get()));
    return true;
  }

  /** Whether {@link #begin} would start a call. */
  synchronized boolean ready(String name) {
    var call = call(name);
    var slowAndKnown =
        call.slow
            && call.latest.isPresent()
            && ticker.nanos() - call.ended < SLOW_RESULT_IS_GOOD_FOR.toNanos();
    return !call.running && !rests(call) && !slowAndKnown;
  }

  private Call<T> call(String name) {
    return calls.computeIfAbsent(name, _ -> new Call<>());
  }

  private boolean rests(Call<T> call) {
    return call.failures > 0 && call.restsUntil - ticker.nanos() > 0;
  }

  private void end(String name, Call<T> call, T result) {
    boolean tell;
    synchronized (this) {
      call.running = false;
      call.ended = ticker.nanos();
      tell = call.slow && calls.get(name) == call;
      call.slow = call.slow && call.ended - call.began > patience.toNanos();
      call.latest = Optional.of(result);
      call.failures = failed.test(result) ? call.failures + 1 : 0;
      if (call.failures > 0) {
        call.restsUntil = call.ended + rest.nanos(call.failures, random.getAsDouble());
      }
      notifyAll();
    }
    if (tell) {
      late.run();
    }
  }

  /** Waits until none of these runs that is not known to be slow, or patience is over. */
  synchronized void await(Collection<String> names) throws InterruptedException {
    var end = ticker.nanos() + patience.toNanos();
    var waiting = new ArrayList<Call<T>>();
    names.stream().map(this::call).filter(call -> !call.slow).forEach(waiting::add);
    waiting.removeIf(call -> !call.running);
    while (!waiting.isEmpty()) {
      var left = end - ticker.nanos();
      if (left <= 0) {
        waiting.forEach(call -> call.slow = true);
        return;
      }
      // rounded up: a wait of 0 ms would be one without end
      wait(Math.floorDiv(left, 1_000_000L) + 1);
      waiting.removeIf(call -> !call.running);
    }
  }

  /** What the last call of this name gave that has ended. */
  synchronized Optional<T> latest(String name) {
    return call(name).latest;
  }

  /** All is well with this name, as seen from elsewhere: its failures are forgotten. */
  synchronized void forgive(String name) {
    call(name).failures = 0;
  }

  /** Nanoseconds until the first of the resting names is ready again. */
  synchronized OptionalLong nextReady() {
    var now = ticker.nanos();
    return calls.values().stream()
        .filter(call -> !call.running && rests(call))
        .mapToLong(call -> call.restsUntil - now)
        .min();
  }

  /** Forgets all other names; their calls end unheard. */
  synchronized void retain(Set<String> names) {
    calls.keySet().retainAll(names);
  }
}
