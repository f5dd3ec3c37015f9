package io.bitcoincontroller.local.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One node of a structural schema.
 *
 * @param node the OpenAPI v3 object itself, never changed
 */
public record Schema(JsonNode node) {
  /** Forbids nothing and prunes nothing. */
  public static final Schema ANY =
      new Schema(
          JsonNodeFactory.instance.objectNode().put("x-kubernetes-preserve-unknown-fields", true));

  /** How server-side apply takes a list. */
  public enum ListType {
    /** One value. */
    ATOMIC,
    /** Items are known by their value. */
    SET,
    /** Items are known by {@link Schema#listKeys}. */
    MAP
  }

  /** Empty where the schema doesn't say: anything goes. */
  public String type() {
    return node.path("type").asText();
  }

  public boolean intOrString() {
    return node.path("x-kubernetes-int-or-string").asBoolean();
  }

  public boolean nullable() {
    return node.path("nullable").asBoolean();
  }

  public boolean keepsUnknownFields() {
    return node.path("x-kubernetes-preserve-unknown-fields").asBoolean();
  }

  /** A field of a struct, as against a key of a map. */
  public boolean names(String field) {
    return node.path("properties").has(field);
  }

  /** Whether an object of this schema may have such a field. */
  public boolean takes(String field) {
    return names(field) || mapValues().isPresent() || keepsUnknownFields() || type().isEmpty();
  }

  public Schema field(String name) {
    return names(name) ? new Schema(node.path("properties").path(name)) : mapValues().orElse(ANY);
  }

  public List<String> fieldNames() {
    var names = new ArrayList<String>();
    node.path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The schema of the values where the keys are free. */
  public Optional<Schema> mapValues() {
    var additional = node.path("additionalProperties");
    if (additional.isObject()) {
      return Optional.of(new Schema(additional));
    }
    return additional.asBoolean() ? Optional.of(ANY) : Optional.empty();
  }

  public Schema items() {
    return node.path("items").isObject() ? new Schema(node.path("items")) : ANY;
  }

  public boolean atomicObject() {
    return node.path("x-kubernetes-map-type").asText().equals("atomic");
  }

  public ListType listType() {
    return switch (node.path("x-kubernetes-list-type").asText()) {
      case "map" -> ListType.MAP;
      case "set" -> ListType.SET;
      default -> ListType.ATOMIC;
    };
  }

  public List<String> listKeys() {
    var keys = new ArrayList<String>();
    node.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
    return keys;
  }

  public Optional<JsonNode> defaultValue() {
    return node.has("default") ? Optional.of(node.get("default")) : Optional.empty();
  }
}
