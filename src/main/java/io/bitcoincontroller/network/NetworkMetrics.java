package io.bitcoincontroller.network;

import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.network.NetworkNumbers.Found;
import io.bitcoincontroller.observe.Histogram;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What the last pass over each network found, for monitoring. A network's series are there as long
 * as the network is, and this process leads. Safe for many threads.
 *
 * <p>A network has a dozen series, however many nodes it has: five thousand networks are some
 * megabytes to a scrape, and nothing to a pass.
 */
public final class NetworkMetrics {
  /** A mesh of a few nodes takes some tens of milliseconds, one of a frozen node minutes. */
  private static final List<Double> SECONDS =
      List.of(0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0);

  private final BooleanSupplier leads;
  private final Ticker ticker;
  private final Map<ObjectKey, Last> last = new ConcurrentSkipListMap<>();
  private final Histogram readyToMeshed;

  /**
   * The last pass over a network.
   *
   * @param readySince when all its nodes were found ready, as long as they are not meshed; a
   *     ticker's nanoseconds
   */
  private record Last(NetworkNumbers numbers, OptionalLong readySince) {}

  /** Writes one network's lines of a family; its namespace and name are added to the labels. */
  @FunctionalInterface
  private interface Written {
    void write(NetworkNumbers numbers, Metrics.Lines lines) throws IOException;
  }

  /**
   * Registers the families.
   *
   * @param leads false while another process leads: then this one knows nothing of networks
   */
  public NetworkMetrics(Metrics metrics, BooleanSupplier leads, Ticker ticker) {
    this.leads = leads;
    this.ticker = ticker;
    this.readyToMeshed =
        metrics.histogram(
            "bitcoin_network_ready_to_meshed_seconds",
            "Time from all nodes of a network being ready to all its links being up",
            SECONDS);
    gauge(metrics, "nodes_wanted", "Nodes that the spec asks for", Found::nodesWanted);
    gauge(metrics, "nodes_ready", "Nodes that are ready", Found::nodesReady);
    gauge(metrics, "best_blocks", "Different best blocks of its nodes", Found::bestBlocks);
    gauge(metrics, "links_wanted", "Links between nodes that are reachable", Found::linksWanted);
    gauge(metrics, "links_up", "Links that are wanted and up", Found::linksUp);
    gauge(
        metrics,
        "rollout_waiting",
        "1: a roll-out waits, such as for blocks",
        found -> found.rolloutWaits() ? 1 : 0);
    height(metrics, "height_lowest", "Lowest height of the nodes that answer", Found::lowest);
    height(metrics, "height_highest", "Highest height of the nodes that answer", Found::highest);
    family(
        metrics,
        "condition",
        "1: this condition of the status is true; none: it is not known",
        (numbers, lines) -> {
          for (var condition : numbers.conditions()) {
            lines.add(condition.holds() ? 1 : 0, "type", condition.type());
          }
        });
  }

  private void gauge(Metrics metrics, String name, String help, Function<Found, Number> value) {
    family(
        metrics,
        name,
        help,
        (numbers, lines) -> {
          if (numbers.found().isPresent()) {
            lines.add(value.apply(numbers.found().get()).doubleValue());
          }
        });
  }

  private void height(
      Metrics metrics, String name, String help, Function<Found, OptionalLong> value) {
    family(
        metrics,
        name,
        help,
        (numbers, lines) -> {
          var height = numbers.found().map(value).orElse(OptionalLong.empty());
          if (height.isPresent()) {
            lines.add((double) height.getAsLong());
          }
        });
  }

  private void family(Metrics metrics, String name, String help, Written written) {
    metrics.gauges(
        "bitcoin_network_" + name,
        help,
        lines -> {
          if (!leads.getAsBoolean()) {
            return;
          }
          for (var network : last.entrySet()) {
            var key = network.getKey();
            written.write(
                network.getValue().numbers(), (value, more) -> lines.add(value, labels(key, more)));
          }
        });
  }

  private static String[] labels(ObjectKey network, String... more) {
    var labels = new String[more.length + 4];
    labels[0] = "namespace";
    labels[1] = network.namespace();
    labels[2] = "name";
    labels[3] = network.name();
    System.arraycopy(more, 0, labels, 4, more.length);
    return labels;
  }

  /** A pass is over; no other one has this network at the same time. */
  void found(ObjectKey network, NetworkNumbers numbers) {
    var before = last.get(network);
    var now = ticker.nanos();
    var readySince = OptionalLong.empty();
    if (numbers.holds(Condition.READY)) {
      var begin = before == null ? OptionalLong.of(now) : begin(before, now);
      if (numbers.holds(Condition.MESHED)) {
        // of a network that was whole when this process first saw it, nothing is known
        if (before != null && begin.isPresent()) {
          readyToMeshed.observe(now - begin.getAsLong());
        }
      } else {
        readySince = begin;
      }
    }
    last.put(network, new Last(numbers, readySince));
  }

  /** Empty if the network was meshed before: what breaks a link later has another measure. */
  private static OptionalLong begin(Last before, long now) {
    return before.numbers().holds(Condition.READY) ? before.readySince() : OptionalLong.of(now);
  }

  void forget(ObjectKey network) {
    last.remove(network);
  }
}
