package io.bitcoincontroller.workqueue;

import java.time.Duration;
import java.util.List;

/**
 * The inside of the queue at one moment, for people: at most the first keys of each set, and how
 * many there are.
 */
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
}
