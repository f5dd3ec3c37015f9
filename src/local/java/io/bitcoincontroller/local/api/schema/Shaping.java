package io.bitcoincontroller.local.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Brings a value into its schema's shape, in place. */
public final class Shaping {
  private Shaping() {}

  /**
   * Removes the fields that the schema doesn't name.
   *
   * @return the paths of what was removed, such as {@code spec.nodess}
   */
  public static List<String> prune(Schema schema, JsonNode value) {
    var removed = new ArrayList<String>();
    prune(schema, "", value, removed);
    return removed;
  }

  private static void prune(Schema schema, String path, JsonNode value, List<String> removed) {
    switch (value) {
      case ObjectNode object -> {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        for (var name : names) {
          var child = path.isEmpty() ? name : path + "." + name;
          if (schema.takes(name)) {
            prune(schema.field(name), child, object.get(name), removed);
          } else {
            object.remove(name);
            removed.add(child);
          }
        }
      }
      default -> {
        for (var i = 0; i < value.size(); i++) {
          prune(schema.items(), path + "[" + i + "]", value.get(i), removed);
        }
      }
    }
  }

  /**
   * Fills in defaults, also inside what a default brought, and in place of a null that the schema
   * doesn't allow.
   */
  public static void fillDefaults(Schema schema, JsonNode value) {
    if (value instanceof ObjectNode object) {
      for (var name : schema.fieldNames()) {
        var field = schema.field(name);
        var absent = !object.has(name) || (object.get(name).isNull() && !field.nullable());
        if (absent) {
          field.defaultValue().ifPresent(initial -> object.set(name, initial.deepCopy()));
        }
      }
      object.properties().forEach(e -> fillDefaults(schema.field(e.getKey()), e.getValue()));
    } else {
      value.forEach(item -> fillDefaults(schema.items(), item));
    }
  }

  /** Drops nulls from objects, as reading into Go's structs does. */
  public static void dropNulls(JsonNode value) {
    if (value instanceof ObjectNode object) {
      object.properties().removeIf(e -> e.getValue().isNull());
    }
    value.forEach(Shaping::dropNulls);
  }
}
