package io.bitcoincontroller.sim.world;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;

/**
 * What patches make of an object, as far as this controller goes: lists are replaced as a whole,
 * but for a strategic merge, which finds their entries by name.
 */
final class Patches {
  private Patches() {}

  /**
   * Server-side apply: what the same manager applied before and does not apply any more goes.
   *
   * @param before what it applied last; empty at first
   */
  static void apply(ObjectNode live, ObjectNode before, ObjectNode now) {
    takeBack(live, before, now);
    put(live, now);
  }

  private static void takeBack(ObjectNode live, JsonNode before, JsonNode now) {
    for (var field : before.properties()) {
      var name = field.getKey();
      if (!now.has(name)) {
        live.remove(name);
      } else if (live.get(name) instanceof ObjectNode part && now.path(name).isObject()) {
        takeBack(part, field.getValue(), now.path(name));
      }
    }
  }

  private static void put(ObjectNode live, JsonNode now) {
    for (var field : now.properties()) {
      if (field.getValue().isObject()) {
        var part =
            live.get(field.getKey()) instanceof ObjectNode there
                ? there
                : live.putObject(field.getKey());
        put(part, field.getValue());
      } else {
        live.set(field.getKey(), field.getValue());
      }
    }
  }

  /** RFC 6902, but only its removals. */
  static void remove(ObjectNode live, JsonNode operations) {
    for (var each : operations) {
      if (each.path("op").asText().equals("remove")) {
        var path = JsonPointer.compile(each.path("path").asText());
        ((ObjectNode) live.at(path.head())).remove(path.last().getMatchingProperty());
      }
    }
  }

  /** RFC 7386. */
  static void merge(ObjectNode live, JsonNode patch, boolean strategic) {
    for (var field : patch.properties()) {
      var name = field.getKey();
      var value = field.getValue();
      if (value.isNull()) {
        live.remove(name);
      } else if (value.isObject()) {
        merge(live.get(name) instanceof ObjectNode o ? o : live.putObject(name), value, strategic);
      } else if (strategic
          && value.path(0).isObject()
          && live.get(name) instanceof ArrayNode list) {
        value.forEach(entry -> mergeEntry(list, entry));
      } else {
        live.set(name, value);
      }
    }
  }

  private static void mergeEntry(ArrayNode list, JsonNode patch) {
    var all = new ArrayList<JsonNode>();
    list.forEach(all::add);
    all.stream()
        .filter(entry -> entry.path("name").equals(patch.path("name")))
        .findFirst()
        .ifPresent(entry -> merge((ObjectNode) entry, patch, true));
  }
}
