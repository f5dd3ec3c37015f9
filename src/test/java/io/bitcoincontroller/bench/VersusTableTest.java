package io.bitcoincontroller.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersusTableTest {
  private static JsonNode run(String label, int networks, double meshed) {
    return Json.MAPPER
        .createObjectNode()
        .put("Label", label)
        .put("Networks", networks)
        .put("Nodes", 3)
        .put("Connections", 33)
        .put("Meshed", meshed);
  }

  @Test
  void eachCellHasTheMediansAndTheirRatio() {
    var runs = new ArrayList<JsonNode>();
    for (var seconds : List.of(9.0, 2.0, 3.0)) {
      runs.add(run("ours", 10, seconds));
      runs.add(run("client-go", 10, seconds / 2));
      runs.add(run("ours", 100, 7));
    }
    var lines = VersusTable.of(runs).lines().toList();
    assertEquals("| median: ours / client-go = ratio | 10 x 3 | 100 x 3 |", lines.getFirst());
    assertEquals("| until meshed, s | 3.0 / 1.5 = 2.00 | 7.0 / NaN |", lines.get(2));
    assertTrue(lines.contains("| connections, a node | 1.1 / 1.1 = 1.00 | 0.1 / NaN |"));
  }
}
