package io.bitcoincontroller.sim.lessons;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;

/** Where two recordings of one story part; the page has the same rule. */
final class Parting {
  /** When it was, numbers and versions tell nothing. */
  private static final List<String> TELLING =
      List.of(
          "kind",
          "network",
          "resource",
          "object",
          "type",
          "event",
          "cause",
          "after",
          "how",
          "outcome",
          "words");

  private Parting() {}

  /** How many entries at the beginning tell the same. */
  static int of(List<ObjectNode> one, List<ObjectNode> other) {
    var at = 0;
    while (at < Math.min(one.size(), other.size()) && same(one.get(at), other.get(at))) {
      at++;
    }
    return at;
  }

  private static boolean same(JsonNode one, JsonNode other) {
    return TELLING.stream().allMatch(field -> one.path(field).equals(other.path(field)))
        && sameEach(one.path("delays"), other.path("delays"));
  }

  private static boolean sameEach(JsonNode some, JsonNode others) {
    return some.size() == others.size()
        && IntStream.range(0, some.size()).allMatch(at -> same(some.path(at), others.path(at)));
  }
}
