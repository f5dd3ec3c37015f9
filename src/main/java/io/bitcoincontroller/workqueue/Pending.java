package io.bitcoincontroller.workqueue;

import io.bitcoincontroller.observe.Histogram;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.recorder.Causes;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The keys that need work, and those in work.
 *
 * <p>The queue holds exactly the keys that are dirty and not in processing, each once. All rules of
 * the package follow from that: a key in processing is not in the queue, so no second worker gets
 * it; what is added meanwhile is remembered as dirty, and queued when the first worker is done.
 *
 * <p>The same three sets as in client-go's {@code util/workqueue/queue.go}.
 */
final class Pending<K> {
  /** 10 ns, 100 ns, … 1000 s: as in client-go, for whose metrics people have dashboards. */
  private static final List<Double> SECONDS =
      LongStream.iterate(10, nanos -> nanos * 10).limit(12).mapToObj(nanos -> nanos / 1e9).toList();

  final ArrayDeque<K> queue = new ArrayDeque<>();

  /**
   * Since when, and why.
   *
   * @param waited how long it had waited when it was handed out, in nanoseconds; 0 before
   */
  record Since(long nanos, Causes causes, long waited) {}

  /** Keys that need a look. */
  final Map<K, Since> dirty = new LinkedHashMap<>();

  /** Keys handed out and not done yet, with the causes of before; oldest first. */
  private final Map<K, Since> processing = new LinkedHashMap<>();

  private final Histogram queued = new Histogram(SECONDS);
  private final Histogram worked = new Histogram(SECONDS);
  private long adds;
  private boolean shutDown;

  /** Asks for a look at this key. What it is asked for is merged, and the causes are kept. */
  Added add(K key, Cause cause, long nowNanos) {
    if (shutDown) {
      return Added.REFUSED;
    }
    var before = dirty.get(key);
    if (before != null) {
      dirty.put(key, new Since(before.nanos(), before.causes().and(cause), 0));
      return Added.MERGED;
    }
    adds++;
    dirty.put(key, new Since(nowNanos, Causes.NONE.and(cause), 0));
    if (processing.containsKey(key)) {
      return Added.AGAIN;
    }
    queue.add(key);
    return Added.QUEUED;
  }

  /** Hands out the key that waits longest, if one waits; {@link #done} must follow. */
  Optional<K> get(long nowNanos) {
    if (queue.isEmpty()) {
      return Optional.empty();
    }
    var key = queue.remove();
    // no longer dirty before the work begins: a change from now on is one that the work may miss
    var since = Objects.requireNonNull(dirty.remove(key), "what is queued is dirty");
    var waited = nowNanos - since.nanos();
    queued.observe(waited);
    processing.put(key, new Since(nowNanos, since.causes(), waited));
    return Optional.of(key);
  }

  /**
   * The work on this key has ended, well or badly.
   *
   * @return whether the queue grew: the key was added again meanwhile
   * @throws IllegalStateException if the key is not in processing, which is the caller's bug
   */
  boolean done(K key, long nowNanos) {
    var since = processing.remove(key);
    if (since == null) {
      throw new IllegalStateException("done without get: " + key);
    }
    worked.observe(nowNanos - since.nanos());
    if (!dirty.containsKey(key)) {
      return false;
    }
    queue.add(key);
    return true;
  }

  /** From now on adds are ignored. What was added before can still be had. */
  void shutDown() {
    shutDown = true;
  }

  boolean isShutDown() {
    return shutDown;
  }

  /** Nothing waits and nothing is being worked on. */
  boolean isIdle() {
    return dirty.isEmpty() && processing.isEmpty();
  }

  int depth() {
    return queue.size();
  }

  /** Adds that were not duplicates. */
  long adds() {
    return adds;
  }

  /** With the time at which each was handed out, the oldest first. */
  Map<K, Since> processing() {
    return processing;
  }

  /** From add to get. */
  Histogram queued() {
    return queued;
  }

  /** From get to done. */
  Histogram worked() {
    return worked;
  }
}
