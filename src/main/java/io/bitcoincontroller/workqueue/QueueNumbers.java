package io.bitcoincontroller.workqueue;

import java.time.Duration;
import java.util.List;

/**
 * How the queue is doing, at one moment; the meanings are those of client-go's {@code workqueue_…}
 * metrics.
 *
 * @param adds keys ever added, duplicates not counted
 * @param retries calls of {@link WorkQueue#addRateLimited}; client-go counts all delayed adds here,
 *     which would show every periodic look as a retry
 * @param unfinishedWork sum of the times for which the keys in processing have been there
 * @param longestRunning the longest of these: a stuck worker shows here
 * @param queued from add to get
 * @param worked from get to done
 */
public record QueueNumbers(
    long adds,
    long retries,
    Duration unfinishedWork,
    Duration longestRunning,
    Histogram queued,
    Histogram worked) {
  /**
   * @param boundsNanos upper bounds, rising
   * @param counts how many fell between a bound and the one before it; one more than bounds, for
   *     what is over the last
   */
  public record Histogram(List<Long> boundsNanos, List<Long> counts, long sumNanos) {
    public Histogram {
      boundsNanos = List.copyOf(boundsNanos);
      counts = List.copyOf(counts);
    }
  }
}
