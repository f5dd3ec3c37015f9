package io.bitcoincontroller.observe;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All series of one name. Safe for many threads. */
final class Family {
  private static final int MOST_SERIES = 1000;

  private final String name;
  final String type;
  private final String help;

  /** By their labels as text. */
  private final Map<String, Metrics.Series> series = Collections.synchronizedMap(new TreeMap<>());

  /** Gives more series whenever it is asked. */
  private volatile Metrics.Source source = _ -> {};

  Family(String name, String type, String help) {
    this.name = name;
    this.type = type;
    this.help = help;
    if (!name.matches("[a-zA-Z_:][a-zA-Z0-9_:]*")) {
      throw new IllegalArgumentException("not a metric name: " + name);
    }
  }

  <T extends Metrics.Series> T get(String[] labels, Class<T> type, Supplier<T> make) {
    return type.cast(series.computeIfAbsent(labels(labels), _ -> bounded(make.get())));
  }

  void put(String[] labels, Metrics.Series one) {
    series.put(labels(labels), bounded(one));
  }

  void from(Metrics.Source source) {
    this.source = source;
  }

  private Metrics.Series bounded(Metrics.Series one) {
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

  void print(Appendable text) throws IOException {
    text.append("# HELP ").append(name).append(' ').append(escape(help)).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    Map<String, Metrics.Series> now;
    synchronized (series) {
      now = new TreeMap<>(series);
    }
    for (var one : now.entrySet()) {
      for (var sample : one.getValue().samples()) {
        print(text, one.getKey(), sample);
      }
    }
    source.give((value, labels) -> print(text, labels(labels), new Metrics.Sample("", "", value)));
  }

  private void print(Appendable text, String labels, Metrics.Sample sample) throws IOException {
    var upTo = sample.upTo().isEmpty() ? "" : "le=\"" + sample.upTo() + "\"";
    var all = labels.isEmpty() || upTo.isEmpty() ? labels + upTo : labels + "," + upTo;
    text.append(name).append(sample.suffix());
    if (!all.isEmpty()) {
      text.append('{').append(all).append('}');
    }
    text.append(' ').append(Metrics.number(sample.value())).append('\n');
  }
}
