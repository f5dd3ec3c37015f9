package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.observe.LogLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a controller keeps that may stand by for months, and that it forgets nothing for it. */
final class StandbyTest {
  private final LogLines log = new LogLines();
  private final Deque<Replica> replicas = new ArrayDeque<>();

  /** The cache has no room for it. */
  private static ObjectNode large() throws IOException {
    var network = (ObjectNode) Network.manifest("large", "{nodes: 1}");
    network.withObject("/spec/resources/requests").put("k".repeat(300_000), "1");
    return network;
  }

  private void scraped(Stage stage, Replica replica, String series) throws InterruptedException {
    stage.await(
        series,
        () -> {
          var text = replica.scrape().text();
          return text.lines().anyMatch(series::equals)
              ? new Seen.Good("")
              : new Seen.NotYet("this", text + log);
        });
  }

  private static String condition(String network) {
    return "bitcoin_network_condition{namespace=\"default\",name=\""
        + network
        + "\",type=\"Ready\"} ";
  }

  @Test
  void itQueuesNothingAndLooksAtAllWhenItLeads(@TempDir Path folder) throws Exception {
    try (var nodes = new DoubleNetwork();
        var stage = Stage.simulated(folder, nodes)) {
      try {
        var first = start("first", stage);
        scraped(stage, first, "leader_election_master_status{name=\"bitcoin-controller\"} 1");
        var second = start("second", stage);
        for (var name : List.of("kept", "gone")) {
          stage.await(name, stage.create(name, "{nodes: 1}")::well);
        }
        stage.user.delete(new Network(stage.cluster, stage.user, "gone").path());
        stage.user.apply(large());
        scraped(stage, second, "cache_unreadable_objects{resource=\"bitcoinnetworks\"} 1");
        assertEquals(0, second.scrape().sum("workqueue_adds_total"));
        assertEquals(0, second.scrape().sum("workqueue_depth"));
        replicas.remove().stop();
        scraped(stage, second, condition("kept") + "1");
        scraped(stage, second, condition("large") + "0");
      } finally {
        while (!replicas.isEmpty()) {
          replicas.remove().stop();
        }
      }
    }
  }

  private Replica start(String pod, Stage stage) throws Exception {
    var replica = new Replica(pod, stage.cluster.kubeconfig(), log.log);
    replicas.add(replica);
    return replica;
  }
}
