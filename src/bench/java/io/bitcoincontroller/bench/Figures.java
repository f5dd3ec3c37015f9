package io.bitcoincontroller.bench;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * One thing, measured several times.
 *
 * @param rounds in the order in which they were taken; at least one
 */
public record Figures(List<Double> rounds) {
  public Figures {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
  }

  public static Figures once(double figure) {
    return new Figures(List.of(figure));
  }

  public double min() {
    return percentile(0);
  }

  public double median() {
    return percentile(50);
  }

  public double max() {
    return percentile(100);
  }

  /** The nearest rank, so that the value is one that was measured. */
  public double percentile(int percent) {
    var sorted = rounds.stream().sorted().toList();
    return sorted.get((int) Math.round((sorted.size() - 1) * percent / 100.0));
  }

  public Figures map(DoubleUnaryOperator change) {
    return new Figures(rounds.stream().map(change::applyAsDouble).toList());
  }

  /** The ratio, round by round: a disturbance of a round hits both. */
  public Figures over(Figures other) {
    return new Figures(
        IntStream.range(0, rounds.size())
            .mapToObj(i -> rounds.get(i) / other.rounds.get(i))
            .toList());
  }
}
