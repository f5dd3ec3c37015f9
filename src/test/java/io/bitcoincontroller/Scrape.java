package io.bitcoincontroller;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one replica said of itself at one moment, with the label {@code pod}, which Prometheus adds.
 *
 * @param text as it was sent
 * @param series each with its value
 */
record Scrape(long nanos, String text, Map<String, Double> series) {
  private static final Pattern LINE = Pattern.compile("([a-zA-Z_:0-9]+)(?:\\{(.*)})? (\\S+)");
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  static Scrape of(String httpAddress, String pod) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://" + httpAddress + "/metrics");
      var request = HttpRequest.newBuilder(uri).timeout(DEADLINE).build();
      return read(client.send(request, BodyHandlers.ofString()).body(), pod);
    }
  }

  private static Scrape read(String text, String pod) {
    var series = new TreeMap<String, Double>();
    for (var line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
      var parts = LINE.matcher(line);
      if (!parts.matches()) {
        throw new AssertionError("no line of a scrape: " + line);
      }
      var labels = parts.group(2) == null ? "" : parts.group(2) + ",";
      var name = parts.group(1) + "{" + labels + "pod=\"" + pod + "\"}";
      series.put(name, Double.valueOf(parts.group(3).replace("Inf", "Infinity")));
    }
    return new Scrape(System.nanoTime(), text, series);
  }

  /** The names of all series. */
  Set<String> names() {
    var names = new TreeSet<String>();
    series.keySet().forEach(each -> names.add(each.substring(0, each.indexOf('{'))));
    return names;
  }

  /** The sum of the series of this name whose labels contain all of these texts; 0 for none. */
  double sum(String name, String... labels) {
    return series.entrySet().stream()
        .filter(each -> each.getKey().startsWith(name + "{"))
        .filter(each -> Stream.of(labels).allMatch(each.getKey()::contains))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /**
   * This and a later scrape as promtool's input: what went on between them goes on for half an
   * hour. A counter counts as fast, and an age that is not reset any more grows as time does.
   *
   * @param oldSeconds an age above this is not reset any more
   * @param which of the series
   */
  Map<String, String> goesOn(Scrape later, double oldSeconds, Predicate<String> which) {
    var seconds = (later.nanos - nanos) / 1e9;
    var input = new TreeMap<String, String>();
    later.series.forEach(
        (name, value) -> {
          var growth = value - series.getOrDefault(name, value);
          var isOld = isAge(name) && value > oldSeconds && value >= seconds;
          var grew = name.contains("_total{") || isOld;
          if (which.test(name)) {
            var perMinute = grew ? growth / seconds * 60 : 0;
            input.put(name, "%f+%fx30".formatted(value, perMinute));
          }
        });
    return input;
  }

  /** The ages that were not reset between this scrape and a later one. */
  Set<String> notResetUntil(Scrape later) {
    var seconds = (later.nanos - nanos) / 1e9;
    return later.series.entrySet().stream()
        .filter(each -> isAge(each.getKey()) && each.getValue() >= seconds)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static boolean isAge(String name) {
    return name.contains("_age_seconds{");
  }
}
