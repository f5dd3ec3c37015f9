package io.bitcoincontroller.sim.world;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** What the controllers sent last of each object, at each revision. */
final class LastSent {
  private final LongSupplier revision;
  private final Map<String, TreeMap<Long, ObjectNode>> byObject = new HashMap<>();

  LastSent(LongSupplier revision) {
    this.revision = revision;
  }

  Optional<ObjectNode> get(String object) {
    return Optional.ofNullable(byObject.get(object))
        .filter(all -> !all.isEmpty())
        .map(all -> all.lastEntry().getValue());
  }

  void put(String object, ObjectNode config) {
    var all = byObject.computeIfAbsent(object, _ -> new TreeMap<>());
    all.put(revision.getAsLong(), config);
  }

  /** Nothing is known of what came after the present revision. */
  void restored() {
    byObject.values().forEach(all -> all.tailMap(revision.getAsLong(), false).clear());
  }
}
