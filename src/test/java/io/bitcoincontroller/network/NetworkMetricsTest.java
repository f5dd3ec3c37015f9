package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.network.NetworkNumbers.Found;
import io.bitcoincontroller.observe.HealthServer;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.observe.Metrics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class NetworkMetricsTest {
  private static final int MANY = 5_000;
  private static final ObjectKey NETWORK = new ObjectKey("default", "net");

  private final Metrics metrics = new Metrics();
  private boolean leads = true;
  private long now;
  private final NetworkMetrics networks = new NetworkMetrics(metrics, () -> leads, () -> now);

  private static NetworkNumbers numbers(boolean ready, boolean meshed) {
    return new NetworkNumbers(
        List.of(
            new Condition(Condition.READY, ready, "", ""),
            new Condition(Condition.MESHED, meshed, "", ""),
            new Condition(Condition.SYNCED, true, "", "")),
        Optional.of(new Found(3, 2, OptionalLong.of(100), OptionalLong.of(101), 2, 3, 1, true)));
  }

  @Test
  void aNetworkHasADozenSeriesWithItsNamespaceAndName() {
    networks.found(NETWORK, numbers(true, false));
    var lines = metrics.text().lines().filter(line -> line.contains("\"net\"")).toList();
    var labels = "namespace=\"default\",name=\"net\"";
    assertEquals(
        List.of(
            "bitcoin_network_best_blocks{" + labels + "} 2",
            "bitcoin_network_condition{" + labels + ",type=\"Ready\"} 1",
            "bitcoin_network_condition{" + labels + ",type=\"Meshed\"} 0",
            "bitcoin_network_condition{" + labels + ",type=\"Synced\"} 1",
            "bitcoin_network_height_highest{" + labels + "} 101",
            "bitcoin_network_height_lowest{" + labels + "} 100",
            "bitcoin_network_links_up{" + labels + "} 1",
            "bitcoin_network_links_wanted{" + labels + "} 3",
            "bitcoin_network_nodes_ready{" + labels + "} 2",
            "bitcoin_network_nodes_wanted{" + labels + "} 3",
            "bitcoin_network_rollout_waiting{" + labels + "} 1"),
        lines);
  }

  @Test
  void whatIsNotKnownHasNoSeries() {
    networks.found(NETWORK, numbers(true, true));
    networks.found(NETWORK, NetworkNumbers.notReady(Condition.INVALID));
    var lines = metrics.text().lines().filter(line -> line.contains("\"net\"")).toList();
    assertEquals(
        List.of("bitcoin_network_condition{namespace=\"default\",name=\"net\",type=\"Ready\"} 0"),
        lines);
  }

  @Test
  void seriesGoWithTheirNetworkAndWithLeadership() {
    networks.found(NETWORK, numbers(true, true));
    networks.found(new ObjectKey("default", "other"), numbers(true, true));
    networks.forget(NETWORK);
    assertFalse(metrics.text().contains("\"net\""));
    assertTrue(metrics.text().contains("\"other\""));
    leads = false;
    assertFalse(metrics.text().contains("\"other\""));
  }

  @Test
  void labelValuesAreEscaped() {
    networks.found(new ObjectKey("a\"b", "c\\d\n"), numbers(true, true));
    assertTrue(metrics.text().contains("{namespace=\"a\\\"b\",name=\"c\\\\d\\n\"} 3\n"));
  }

  private void after(int seconds, NetworkNumbers found) {
    now += Duration.ofSeconds(seconds).toNanos();
    networks.found(NETWORK, found);
  }

  private void assertMeshed(int times, int seconds) {
    var name = "bitcoin_network_ready_to_meshed_seconds_";
    var expected = name + "sum " + seconds + "\n" + name + "count " + times + "\n";
    assertTrue(metrics.text().contains(expected), metrics::text);
  }

  @Test
  void theTimeFromReadyToMeshedIsMeasured() {
    after(1, numbers(false, false));
    after(1, numbers(true, false));
    after(2, numbers(true, false));
    after(3, numbers(true, true));
    assertMeshed(1, 5);
    after(1, numbers(true, true));
    assertMeshed(1, 5);
    // a node comes anew, and is linked before the pass that finds it ready
    after(1, numbers(false, false));
    after(1, numbers(true, true));
    assertMeshed(2, 5);
  }

  @Test
  void ofWhatWasMeshedBeforeNothingIsMeasured() {
    after(1, numbers(true, true));
    after(1, numbers(true, false));
    after(1, numbers(true, true));
    assertMeshed(0, 0);
  }

  /** Prints what the pages say of size and time. */
  @Test
  void aScrapeOfManyNetworksIsBounded() throws Exception {
    for (var i = 0; i < MANY; i++) {
      networks.found(new ObjectKey("namespace-" + i % 50, "network-" + i), numbers(true, true));
    }
    try (var server =
            new HealthServer("127.0.0.1:0", List.of(), List.of(), metrics, new LogLines().log);
        var client = HttpClient.newHttpClient()) {
      server.start();
      var uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/metrics");
      var began = System.nanoTime();
      var body = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      var took = Duration.ofNanos(System.nanoTime() - began);
      System.out.println(
          "a scrape of "
              + MANY
              + " networks: "
              + body.length()
              + " bytes, "
              + took.toMillis()
              + " ms");
      assertEquals(metrics.text(), body);
      assertEquals(11L * MANY, body.lines().filter(line -> line.contains("name=")).count());
      assertTrue(body.length() < 1_000 * MANY, () -> body.length() + " bytes");
    }
  }
}
