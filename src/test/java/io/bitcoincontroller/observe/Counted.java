package io.bitcoincontroller.observe;

import java.util.ArrayList;
import java.util.List;

/**
 * What a histogram has counted.
 *
 * @param counts by bucket, smaller ones not included
 */
public record Counted(List<Long> counts, long sumNanos) {
  public static Counted of(Histogram histogram) {
    var counts = new ArrayList<Long>();
    var sum = 0L;
    var before = 0L;
    for (var sample : histogram.samples()) {
      if (sample.suffix().equals("_bucket")) {
        counts.add((long) sample.value() - before);
        before = (long) sample.value();
      } else if (sample.suffix().equals("_sum")) {
        sum = Math.round(sample.value() * 1e9);
      }
    }
    return new Counted(counts, sum);
  }
}
