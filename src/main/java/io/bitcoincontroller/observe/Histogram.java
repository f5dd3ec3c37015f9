package io.bitcoincontroller.observe;

import java.util.ArrayList;
import java.util.List;

/** Counts durations in fixed buckets. Safe for many threads. */
public final class Histogram implements Metrics.Series {
  /** Upper bounds in seconds, rising. */
  private final double[] bounds;

  /** How many fell between a bound and the one before it; the last is for what is over all. */
  private final long[] counts;

  private long sumNanos;

  /**
   * Nothing is counted yet.
   *
   * @param bounds upper bounds of the buckets in seconds, rising; infinity is understood
   */
  public Histogram(List<Double> bounds) {
    this.bounds = bounds.stream().mapToDouble(Double::doubleValue).toArray();
    this.counts = new long[bounds.size() + 1];
  }

  public synchronized void observe(long nanos) {
    var seconds = nanos / 1e9;
    var bucket = 0;
    while (bucket < bounds.length && seconds > bounds[bucket]) {
      bucket++;
    }
    counts[bucket]++;
    sumNanos += nanos;
  }

  /** Prometheus' buckets include all smaller ones. */
  @Override
  public synchronized List<Metrics.Sample> samples() {
    var samples = new ArrayList<Metrics.Sample>();
    var total = 0L;
    for (var i = 0; i < counts.length; i++) {
      total += counts[i];
      var bound = i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY;
      samples.add(new Metrics.Sample("_bucket", Metrics.number(bound), total));
    }
    samples.add(new Metrics.Sample("_sum", "", sumNanos / 1e9));
    samples.add(new Metrics.Sample("_count", "", total));
    return samples;
  }
}
