package io.bitcoincontroller.observe;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts events; made by {@link Metrics#counter}. */
public final class Counter implements Metrics.Series {
  private final LongAdder count = new LongAdder();

  Counter() {}

  public void increment() {
    count.increment();
  }

  public long value() {
    return count.sum();
  }

  @Override
  public List<Metrics.Sample> samples() {
    return List.of(new Metrics.Sample("", "", value()));
  }
}
