package io.bitcoincontroller.local.api.fields;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.local.api.schema.Schema;
import java.util.ArrayList;
import java.util.TreeSet;

/** One step of a path, in the spelling of fieldsV1. */
final class Step {
  private Step() {}

  static String field(String name) {
    return "f:" + name;
  }

  /**
   * The step to an item of a list that is a set or a map.
   *
   * @throws TypedException if the item doesn't have what would tell it from the others
   */
  static String item(Schema list, int index, JsonNode item) {
    if (list.listType() == Schema.ListType.SET) {
      if (item.isContainerNode()) {
        throw new TypedException(
            "element "
                + index
                + ": associative list without keys has an element that's a "
                + (item.isObject() ? "map" : "list")
                + " type");
      }
      return "v:" + item;
    }
    if (!item.isObject()) {
      throw new TypedException(
          "element " + index + ": associative list with keys may not have non-map elements");
    }
    var keys = JsonNodeFactory.instance.objectNode();
    for (var key : new TreeSet<>(list.listKeys())) {
      var value = item.has(key) ? item.get(key) : keyDefault(list, index, key);
      keys.set(key, value);
    }
    return "k:" + keys;
  }

  private static JsonNode keyDefault(Schema list, int index, String key) {
    return list.items()
        .field(key)
        .defaultValue()
        .orElseThrow(
            () ->
                new TypedException(
                    "element "
                        + index
                        + ": associative list with keys has an element that omits"
                        + " key field \""
                        + key
                        + "\" (and doesn't have default value)"));
  }

  /** As an error message shows it: {@code .name}, {@code [port=80]} or {@code [="a"]}. */
  static String text(String step) {
    var rest = step.substring(2);
    return switch (step.charAt(0)) {
      case 'f' -> "." + rest;
      case 'v' -> "[=" + rest + "]";
      case 'k' -> "[" + keysText(rest) + "]";
      default -> "[" + rest + "]";
    };
  }

  private static String keysText(String json) {
    try {
      var pairs = new ArrayList<String>();
      Json.MAPPER
          .readTree(json)
          .properties()
          .forEach(entry -> pairs.add(entry.getKey() + "=" + entry.getValue()));
      return String.join(",", pairs);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no step of a path: k:" + json, e);
    }
  }
}
