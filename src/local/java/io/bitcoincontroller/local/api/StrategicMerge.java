package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.schema.Schema;
import io.bitcoincontroller.local.api.schema.Schema.ListType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Strategic merge patch of Kubernetes' own kinds: lists of named items are merged by name. Knows
 * the directives {@code $patch} (delete, replace), {@code $deleteFromPrimitiveList}, {@code
 * $retainKeys} and {@code $setElementOrder}.
 */
final class StrategicMerge {
  private StrategicMerge() {}

  static ObjectNode merge(Schema schema, ObjectNode live, ObjectNode patch) {
    if (patch.path("$patch").asText().equals("replace")) {
      return patch.deepCopy().without("$patch");
    }
    var merged = live.deepCopy();
    if (patch.path("$retainKeys").isArray()) {
      var kept = new ArrayList<String>();
      patch.path("$retainKeys").forEach(key -> kept.add(key.asText()));
      merged.retain(kept);
    }
    patch.properties().forEach(e -> field(schema, merged, e.getKey(), e.getValue()));
    patch.properties().forEach(e -> order(schema, merged, e.getKey(), e.getValue()));
    return merged;
  }

  private static void field(Schema schema, ObjectNode merged, String name, JsonNode value) {
    if (name.startsWith("$deleteFromPrimitiveList/")) {
      var list = name.substring(name.indexOf('/') + 1);
      if (merged.path(list) instanceof ArrayNode values) {
        values.removeIf(v -> contains(value, v));
      }
      return;
    }
    if (name.startsWith("$")) {
      return;
    }
    var below = schema.field(name);
    if (value.isNull()) {
      merged.remove(name);
    } else if (value instanceof ObjectNode patch) {
      object(below, merged, name, patch);
    } else if (value instanceof ArrayNode patch
        && merged.path(name) instanceof ArrayNode live
        && below.listType() != ListType.ATOMIC) {
      merged.set(name, list(below, live, patch));
    } else if (value instanceof ArrayNode patch && below.listType() == ListType.MAP) {
      merged.set(name, list(below, merged.arrayNode(), patch));
    } else {
      merged.set(name, value.deepCopy());
    }
  }

  private static void object(Schema below, ObjectNode merged, String name, ObjectNode patch) {
    if (patch.path("$patch").asText().equals("delete")) {
      merged.remove(name);
      return;
    }
    var live = merged.path(name) instanceof ObjectNode child ? child : merged.objectNode();
    merged.set(name, merge(below, live, patch));
  }

  private static ArrayNode list(Schema schema, ArrayNode live, ArrayNode patch) {
    var merged = live.deepCopy();
    if (schema.listType() == ListType.SET) {
      patch.forEach(
          value -> {
            if (!contains(merged, value)) {
              merged.add(value);
            }
          });
      return merged;
    }
    var key = schema.listKeys().getFirst();
    for (var item : patch) {
      var at = find(merged, key, item.path(key));
      switch (item.path("$patch").asText()) {
        case "delete" -> at.ifPresent(merged::remove);
        case "replace" -> {
          merged.removeAll();
          patch.forEach(
              other -> {
                if (!other.has("$patch")) {
                  merged.add(other.deepCopy());
                }
              });
          return merged;
        }
        default -> {
          if (at.isPresent()
              && merged.get(at.get()) instanceof ObjectNode old
              && item instanceof ObjectNode change) {
            merged.set(at.get(), merge(schema.items(), old, change));
          } else {
            merged.add(item.deepCopy());
          }
        }
      }
    }
    return merged;
  }

  private static Optional<Integer> find(ArrayNode list, String key, JsonNode value) {
    for (var i = 0; i < list.size(); i++) {
      if (list.get(i).path(key).equals(value)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** {@code $setElementOrder/<list>}: those named first, in that order, the others after them. */
  private static void order(Schema schema, ObjectNode merged, String name, JsonNode wanted) {
    if (!name.startsWith("$setElementOrder/")) {
      return;
    }
    var list = name.substring(name.indexOf('/') + 1);
    var below = schema.field(list);
    if (!(merged.path(list) instanceof ArrayNode items) || below.listType() == ListType.ATOMIC) {
      return;
    }
    var left = new ArrayList<JsonNode>();
    items.forEach(left::add);
    var ordered = new ArrayList<JsonNode>();
    for (var place : wanted) {
      for (var item : List.copyOf(left)) {
        if (sameItem(below, item, place)) {
          ordered.add(item);
          left.remove(item);
          break;
        }
      }
    }
    ordered.addAll(left);
    items.removeAll();
    items.addAll(ordered);
  }

  private static boolean sameItem(Schema list, JsonNode item, JsonNode place) {
    if (list.listType() == ListType.SET) {
      return item.equals(place);
    }
    var key = list.listKeys().getFirst();
    return item.path(key).equals(place.path(key));
  }

  private static boolean contains(JsonNode list, JsonNode value) {
    for (var one : list) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }
}
