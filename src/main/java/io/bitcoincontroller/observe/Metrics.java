package io.bitcoincontroller.observe;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * All numbers that monitoring reads, printed in Prometheus' text format 0.0.4. Safe for many
 * threads.
 *
 * <p>Names, help texts and label names are constants of the program; label values may be anything
 * and are escaped. Asking twice for the same counter or histogram gives the same one. A name used
 * with two types, a name that Prometheus would refuse, and more than 1,000 label values for one
 * name are bugs of the caller: IllegalArgumentException and IllegalStateException.
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
    if (!family.type().equals(type)) {
      throw new IllegalArgumentException(name + " is a " + family.type() + ", not a " + type);
    }
    return family;
  }

  /** The text that a scrape reads: families by name, series by labels. */
  public String text() {
    var text = new StringBuilder(16 * 1024);
    families.values().forEach(family -> family.print(text));
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

  /** One name. */
  private record Family(String name, String type, String help, Map<String, Series> series) {
    private static final int MOST_SERIES = 1000;

    Family(String name, String type, String help) {
      this(name, type, help, Collections.synchronizedMap(new TreeMap<>()));
      if (!name.matches("[a-zA-Z_:][a-zA-Z0-9_:]*")) {
        throw new IllegalArgumentException("not a metric name: " + name);
      }
    }

    <T extends Series> T get(String[] labels, Class<T> type, Supplier<T> make) {
      return type.cast(series.computeIfAbsent(labels(labels), _ -> bounded(make.get())));
    }

    void put(String[] labels, Series one) {
      series.put(labels(labels), bounded(one));
    }

    private Series bounded(Series one) {
      if (series.size() >= MOST_SERIES) {
        throw new IllegalStateException(name + " has too many label values");
      }
      return one;
    }

    private static String labels(String[] namesAndValues) {
      if (namesAndValues.length % 2 != 0) {
        throw new IllegalArgumentException("a label without a value");
      }
      var text = new StringBuilder();
      for (var i = 0; i < namesAndValues.length; i += 2) {
        text.append(i == 0 ? "" : ",").append(namesAndValues[i]).append("=\"");
        text.append(escape(namesAndValues[i + 1]).replace("\"", "\\\"")).append('"');
      }
      return text.toString();
    }

    private static String escape(String text) {
      return text.replace("\\", "\\\\").replace("\n", "\\n");
    }

    void print(StringBuilder text) {
      text.append("# HELP ").append(name).append(' ').append(escape(help)).append('\n');
      text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
      Map<String, Series> now;
      synchronized (series) {
        now = new TreeMap<>(series);
      }
      now.forEach((labels, one) -> one.samples().forEach(sample -> print(text, labels, sample)));
    }

    private void print(StringBuilder text, String labels, Sample sample) {
      var upTo = sample.upTo().isEmpty() ? "" : "le=\"" + sample.upTo() + "\"";
      var all = labels.isEmpty() || upTo.isEmpty() ? labels + upTo : labels + "," + upTo;
      text.append(name).append(sample.suffix());
      if (!all.isEmpty()) {
        text.append('{').append(all).append('}');
      }
      text.append(' ').append(number(sample.value())).append('\n');
    }
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
