package io.bitcoincontroller.workqueue;

import java.util.List;
import java.util.stream.LongStream;

/** Counts durations in fixed buckets. */
final class Durations {
  /** 10 ns, 100 ns, … 1000 s: what client-go uses, so that dashboards made for it fit. */
  private static final long[] BOUNDS_NANOS =
      LongStream.iterate(10, bound -> bound * 10).limit(12).toArray();

  private final long[] counts = new long[BOUNDS_NANOS.length + 1];
  private long sumNanos;

  void add(long nanos) {
    var bucket = 0;
    while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    counts[bucket]++;
    sumNanos += nanos;
  }

  QueueNumbers.Histogram snapshot() {
    return new QueueNumbers.Histogram(list(BOUNDS_NANOS), list(counts), sumNanos);
  }

  private static List<Long> list(long[] numbers) {
    return LongStream.of(numbers).boxed().toList();
  }
}
