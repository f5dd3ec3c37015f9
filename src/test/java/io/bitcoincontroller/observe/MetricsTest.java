package io.bitcoincontroller.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  @Test
  void countersGaugesAndHistogramsArePrintedAsPrometheusReadsThem() {
    metrics.gauge("depth", "Waiting", () -> 2.5);
    metrics.counter("requests_total", "Requests", "method", "GET", "code", "200").increment();
    metrics.counter("requests_total", "Requests", "method", "GET", "code", "500").increment();
    metrics.counter("adds_total", "Adds", () -> 7);
    var seconds = metrics.histogram("seconds", "Time", List.of(0.5, 10.0), "kind", "a");
    seconds.observe(500_000_000);
    seconds.observe(750_000_000);
    seconds.observe(11_000_000_000L);
    assertEquals(
        """
        # HELP adds_total Adds
        # TYPE adds_total counter
        adds_total 7
        # HELP depth Waiting
        # TYPE depth gauge
        depth 2.5
        # HELP requests_total Requests
        # TYPE requests_total counter
        requests_total{method="GET",code="200"} 1
        requests_total{method="GET",code="500"} 1
        # HELP seconds Time
        # TYPE seconds histogram
        seconds_bucket{kind="a",le="0.5"} 1
        seconds_bucket{kind="a",le="10"} 2
        seconds_bucket{kind="a",le="+Inf"} 3
        seconds_sum{kind="a"} 12.25
        seconds_count{kind="a"} 3
        """,
        metrics.text());
  }

  @Test
  void aHistogramThatWasMadeElsewhereIsPrinted() {
    var histogram = new Histogram(List.of(1.0));
    metrics.histogram("h", "H", histogram);
    histogram.observe(500_000_000);
    assertTrue(metrics.text().contains("h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\n"));
    assertTrue(metrics.text().contains("h_sum 0.5\nh_count 1\n"));
  }

  @Test
  void labelValuesAndHelpAreEscaped() {
    metrics.gauge("g", "a\\b\nc", () -> 1, "path", "C:\\x\n\"q\"");
    assertEquals(
        """
        # HELP g a\\\\b\\nc
        # TYPE g gauge
        g{path="C:\\\\x\\n\\"q\\""} 1
        """,
        metrics.text());
  }

  @Test
  void theSameNameAndLabelsAreTheSameCounter() {
    var first = metrics.counter("c", "C", "a", "1");
    assertSame(first, metrics.counter("c", "C", "a", "1"));
    first.increment();
    first.increment();
    assertEquals(2, first.value());
    assertEquals(0, metrics.counter("c", "C", "a", "2").value());
  }

  @Test
  void aGaugeGivenAgainTakesTheOldOnesPlace() {
    metrics.gauge("g", "G", () -> 1);
    metrics.gauge("g", "G", () -> 2);
    assertTrue(metrics.text().endsWith("\ng 2\n"));
    assertFalse(metrics.text().contains("g 1"));
  }

  @Test
  void numbersAreWrittenAsGoReadsThem() {
    assertEquals("0", Metrics.number(0));
    assertEquals("-3", Metrics.number(-3));
    assertEquals("123456789012", Metrics.number(123_456_789_012.0));
    assertEquals("1.0E-8", Metrics.number(1e-8));
    assertEquals("1.0E15", Metrics.number(1e15));
    assertEquals("+Inf", Metrics.number(Double.POSITIVE_INFINITY));
    assertEquals("-Inf", Metrics.number(Double.NEGATIVE_INFINITY));
    assertEquals("NaN", Metrics.number(Double.NaN));
  }

  @Test
  void misuseIsOurBug() {
    metrics.counter("c", "C");
    assertThrows(IllegalArgumentException.class, () -> metrics.gauge("c", "C", () -> 1));
    assertThrows(IllegalArgumentException.class, () -> metrics.counter("no-name", "C"));
    assertThrows(IllegalArgumentException.class, () -> metrics.counter("d", "D", "label"));
    for (var n = 0; n < 999; n++) {
      metrics.counter("c", "C", "n", "" + n).increment();
    }
    assertThrows(IllegalStateException.class, () -> metrics.counter("c", "C", "n", "1000"));
    metrics.counter("c", "C", "n", "1").increment();
  }
}
