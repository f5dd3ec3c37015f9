package io.bitcoincontroller.local.api.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The schemas of Kubernetes' own kinds, read from the table {@code builtin-types.txt}. */
public final class BuiltinTypes {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final BuiltinTypes TABLE = new BuiltinTypes(read());

  private final Map<String, StringBuilder> fieldsByType = new HashMap<>();
  private final Map<String, ObjectNode> built = new HashMap<>();

  BuiltinTypes(List<String> lines) {
    var current = new StringBuilder();
    for (var line : lines) {
      if (line.startsWith("#") || line.isBlank()) {
        continue;
      }
      if (line.startsWith(" ")) {
        current.append(line);
      } else {
        current = new StringBuilder();
        fieldsByType.put(line.strip(), current);
      }
    }
  }

  private static List<String> read() {
    try (var in =
        Objects.requireNonNull(BuiltinTypes.class.getResourceAsStream("builtin-types.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The schema of a type of the table.
   *
   * @param type such as {@code StatefulSet} or {@code ObjectMeta}
   */
  public static Schema of(String type) {
    return TABLE.schema(type);
  }

  synchronized Schema schema(String type) {
    return new Schema(named(type));
  }

  /** One node per type, shared by all that mention it: the types form no cycle. */
  private ObjectNode named(String type) {
    var known = built.get(type);
    if (known != null) {
      return known;
    }
    var fields = fieldsByType.get(type);
    if (fields == null) {
      throw new IllegalArgumentException("no such type in the table: " + type);
    }
    var node = NODES.objectNode().put("type", "object");
    var properties = node.putObject("properties");
    var required = NODES.arrayNode();
    for (var field : fields.toString().strip().split(" +", -1)) {
      var colon = field.indexOf(':');
      if (colon > 0) {
        var name = field.substring(0, colon);
        var plain = name.replace("*", "");
        properties.set(plain, field(field.substring(colon + 1)));
        if (!plain.equals(name)) {
          required.add(plain);
        }
      }
    }
    if (!required.isEmpty()) {
      node.set("required", required);
    }
    built.put(type, node);
    return node;
  }

  /** A type, perhaps with {@code =default} after it. */
  private ObjectNode field(String text) {
    var equals = text.indexOf('=');
    if (equals < 0) {
      return parse(text);
    }
    var node = parse(text.substring(0, equals)).deepCopy();
    try {
      node.set("default", Json.MAPPER.readTree(text.substring(equals + 1)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a default is JSON: " + text, e);
    }
    return node;
  }

  private ObjectNode parse(String type) {
    if (type.startsWith("[")) {
      return list(type.substring(1, type.length() - 1));
    }
    if (type.startsWith("{")) {
      var map = NODES.objectNode().put("type", "object");
      map.set("additionalProperties", parse(type.substring(1, type.length() - 1)));
      return map;
    }
    if (type.endsWith("!")) {
      return named(type.substring(0, type.length() - 1))
          .deepCopy()
          .put("x-kubernetes-map-type", "atomic");
    }
    return switch (type) {
      case "str" -> NODES.objectNode().put("type", "string");
      case "int" -> NODES.objectNode().put("type", "integer");
      case "num" -> NODES.objectNode().put("type", "number");
      case "bool" -> NODES.objectNode().put("type", "boolean");
      case "intstr", "quantity" -> NODES.objectNode().put("x-kubernetes-int-or-string", true);
      case "any" -> NODES.objectNode().put("x-kubernetes-preserve-unknown-fields", true);
      default -> named(type);
    };
  }

  private ObjectNode list(String inner) {
    var bar = inner.indexOf('|');
    var node = NODES.objectNode().put("type", "array");
    node.set("items", parse(bar < 0 ? inner : inner.substring(0, bar)));
    if (bar < 0) {
      return node.put("x-kubernetes-list-type", "atomic");
    }
    var keys = inner.substring(bar + 1);
    // read by kubectl: how a strategic merge patch goes about the list
    node.put("x-kubernetes-patch-strategy", "merge");
    if (keys.equals("set")) {
      return node.put("x-kubernetes-list-type", "set");
    }
    node.put("x-kubernetes-list-type", "map");
    var names = List.of(keys.split(",", -1));
    names.forEach(node.putArray("x-kubernetes-list-map-keys")::add);
    return node.put("x-kubernetes-patch-merge-key", names.getFirst());
  }
}
