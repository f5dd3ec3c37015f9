package io.bitcoincontroller.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Counts sizes in fixed buckets; made by {@link Metrics#histogram}. */
public final class Histogram implements Metrics.Series {
  private final List<Double> bounds;
  private final long[] counts;
  private double sum;

  Histogram(List<Double> bounds) {
    this.bounds = List.copyOf(bounds);
    this.counts = new long[bounds.size() + 1];
  }

  /** Counts one duration, in seconds as Prometheus wants it. */
  public void observe(Duration duration) {
    observe(duration.toNanos() / 1e9);
  }

  public synchronized void observe(double size) {
    var bucket = 0;
    while (bucket < bounds.size() && size > bounds.get(bucket)) {
      bucket++;
    }
    counts[bucket]++;
    sum += size;
  }

  @Override
  public List<Metrics.Sample> samples() {
    return counts().samples();
  }

  private synchronized Counts counts() {
    return new Counts(bounds, LongStream.of(counts).boxed().toList(), sum);
  }

  /**
   * A histogram's numbers at one moment.
   *
   * @param bounds upper bounds, rising
   * @param counts how many fell between a bound and the one before it; one more than bounds
   */
  public record Counts(List<Double> bounds, List<Long> counts, double sum) {
    public Counts {
      bounds = List.copyOf(bounds);
      counts = List.copyOf(counts);
      if (counts.size() != bounds.size() + 1) {
        throw new IllegalArgumentException(bounds.size() + " bounds, " + counts.size());
      }
    }

    /** Prometheus' buckets include all smaller ones. */
    List<Metrics.Sample> samples() {
      var samples = new ArrayList<Metrics.Sample>();
      var total = 0L;
      for (var i = 0; i < counts.size(); i++) {
        total += counts.get(i);
        var bound = i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY;
        samples.add(new Metrics.Sample("_bucket", Metrics.number(bound), total));
      }
      samples.add(new Metrics.Sample("_sum", "", sum));
      samples.add(new Metrics.Sample("_count", "", total));
      return samples;
    }
  }
}
