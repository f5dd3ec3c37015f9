package io.bitcoincontroller.workqueue;

import java.time.Duration;

/**
 * How the queue is doing, at one moment; the meanings are those of client-go's {@code workqueue_…}
 * metrics.
 *
 * @param adds keys ever added, duplicates not counted
 * @param retries calls of {@link WorkQueue#addRateLimited}; client-go counts all delayed adds here,
 *     which would show every periodic look as a retry
 * @param unfinishedWork sum of the times for which the keys in processing have been there
 * @param longestRunning the longest of these: a stuck worker shows here
 */
public record QueueNumbers(
    long adds, long retries, Duration unfinishedWork, Duration longestRunning) {}
