package io.bitcoincontroller.observe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;

/**
 * All numbers that monitoring reads, printed in Prometheus' text format 0.0.4. Safe for many
 * threads.
 *
 * <p>Names, help texts and label names are constants of the program; label values may be anything
 * and are escaped. Asking twice for the same counter or histogram gives the same one. A name used
 * with two types, a name that Prometheus would refuse, and more than 1,000 label values for one
 * name (but for {@link #gauges}) are bugs of the caller: IllegalArgumentException and
 * IllegalStateException.
 */
public final class Metrics {
  private final Map<String, Family> families = new ConcurrentSkipListMap<>();

  /**
   * A count of events.
   *
   * @param labels name, value, name, value, …
   */
  public Counter counter(String name, String help, String... labels) {
    return family(name, "counter", help).get(labels, Counter.class, Counter::new);
  }

  /** As {@link #counter}, of something that counts by itself. */
  public void counter(String name, String help, DoubleSupplier value, String... labels) {
    family(name, "counter", help).put(labels, single(value));
  }

  /** A number that goes up and down, asked for whenever the metrics are read. */
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    family(name, "gauge", help).put(labels, single(value));
  }

  /**
   * Numbers that go up and down, one for each of many things that come and go: a series is there as
   * long as its source gives it. The source bounds their number.
   *
   * @param source asked whenever the metrics are read; one that is given again takes the old one's
   *     place
   */
  public void gauges(String name, String help, Source source) {
    family(name, "gauge", help).from(source);
  }

  /** Gives the series of a family, each once. */
  @FunctionalInterface
  public interface Source {
    void give(Lines lines) throws IOException;
  }

  /** Takes the series of a family. */
  @FunctionalInterface
  public interface Lines {
    /**
     * @param labels name, value, name, value, …
     */
    void add(double value, String... labels) throws IOException;
  }

  /**
   * How often which duration was seen.
   *
   * @param bounds upper bounds of the buckets in seconds, rising; the last one, infinity, is
   *     understood
   */
  public Histogram histogram(String name, String help, List<Double> bounds, String... labels) {
    return family(name, "histogram", help)
        .get(labels, Histogram.class, () -> new Histogram(bounds));
  }

  /** As {@link #histogram}, of one that was made elsewhere. */
  public void histogram(String name, String help, Histogram histogram, String... labels) {
    family(name, "histogram", help).put(labels, histogram);
  }

  private static Series single(DoubleSupplier value) {
    return () -> List.of(new Sample("", "", value.getAsDouble()));
  }

  private Family family(String name, String type, String help) {
    var family = families.computeIfAbsent(name, _ -> new Family(name, type, help));
    if (!family.type.equals(type)) {
      throw new IllegalArgumentException(name + " is a " + family.type + ", not a " + type);
    }
    return family;
  }

  /**
   * Writes what a scrape reads: families by name, series by labels. With thousands of networks it
   * is megabytes: it is never held whole.
   */
  void write(Appendable text) throws IOException {
    for (var family : families.values()) {
      family.print(text);
    }
  }

  /** The same as text. */
  public String text() {
    var text = new StringBuilder(16 * 1024);
    try {
      write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /**
   * One line of output.
   *
   * @param suffix of the name: {@code _bucket}, {@code _sum}, {@code _count} or empty
   * @param upTo value of the label {@code le}; empty: no such label
   */
  record Sample(String suffix, String upTo, double value) {}

  /** One set of labels of a family. */
  interface Series {
    List<Sample> samples();
  }

  /** As Go writes numbers, which is what Prometheus reads. */
  static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
