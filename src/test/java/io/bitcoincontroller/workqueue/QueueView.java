package io.bitcoincontroller.workqueue;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** The inside of a queue at one moment: the first keys of each set, and how many there are. */
public record QueueView<K>(
    Part<K> queue, Part<K> dirty, Part<Timed<K>> processing, Part<Timed<K>> delayed) {
  /**
   * @param first in order: the next to be handed out, or the oldest, comes first
   * @param total how many there are, listed or not
   */
  public record Part<T>(List<T> first, int total) {
    public Part {
      first = List.copyOf(first);
    }
  }

  /**
   * @param time in processing: for how long; delayed: how long it still has to wait
   */
  public record Timed<K>(K key, Duration time) {}

  /**
   * Looks inside.
   *
   * @param limit how many keys of each set to list
   */
  public static <K> QueueView<K> of(WorkQueue<K> queue, int limit) {
    return queue.read(
        now ->
            new QueueView<>(
                part(queue.pending.queue, limit, key -> key),
                part(queue.pending.dirty.keySet(), limit, key -> key),
                part(
                    queue.pending.processing().entrySet(),
                    limit,
                    e -> new Timed<>(e.getKey(), Duration.ofNanos(now - e.getValue().nanos()))),
                part(
                    queue.delayed.ordered,
                    limit,
                    e -> new Timed<>(e.key(), Duration.ofNanos(e.deadline() - now)))));
  }

  private static <S, T> Part<T> part(Collection<S> all, int limit, Function<S, T> shown) {
    return new Part<>(all.stream().limit(limit).map(shown).toList(), all.size());
  }

  /** How many keys wait for their time. */
  public static <K> int delayed(WorkQueue<K> queue) {
    return of(queue, 0).delayed().total();
  }

  /** How often a key has failed in a row. */
  public static <K> int failures(WorkQueue<K> queue, K key) {
    return queue.read(_ -> queue.failures.inARow.getOrDefault(key, 0));
  }
}
