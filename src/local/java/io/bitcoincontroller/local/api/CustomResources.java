package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Served.Column;
import io.bitcoincontroller.local.api.Served.Scale;
import io.bitcoincontroller.local.api.schema.BuiltinTypes;
import io.bitcoincontroller.local.api.schema.FieldError;
import io.bitcoincontroller.local.api.schema.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** CustomResourceDefinitions: what they must be, and the kinds that they make. */
final class CustomResources {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private CustomResources() {}

  /** The kind that a valid definition makes. */
  static Served served(ObjectNode definition) {
    var spec = definition.path("spec");
    var names = spec.path("names");
    var version = version(spec);
    var subresources = version.path("subresources");
    var schema = version.path("schema").path("openAPIV3Schema");
    var kind =
        new Kind(
            spec.path("group").asText(),
            version.path("name").asText(),
            names.path("kind").asText(),
            names.path("plural").asText(),
            spec.path("scope").asText().equals("Namespaced"));
    return new Served(
        kind,
        names.path("singular").asText(),
        texts(names.path("shortNames")),
        texts(names.path("categories")),
        names.path("listKind").asText(),
        whole(schema),
        new Schema(schema.path("properties").path("metadata").path("properties").path("name")),
        subresources.has("status"),
        scale(subresources.path("scale")),
        columns(version.path("additionalPrinterColumns")),
        true);
  }

  private static JsonNode version(JsonNode spec) {
    return spec.path("versions").path(0);
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static Optional<Scale> scale(JsonNode scale) {
    return scale.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new Scale(
                scale.path("specReplicasPath").asText(),
                scale.path("statusReplicasPath").asText(),
                scale.path("labelSelectorPath").asText()));
  }

  private static List<Column> columns(JsonNode columns) {
    var all = new ArrayList<Column>();
    columns.forEach(
        c ->
            all.add(
                new Column(
                    c.path("name").asText(),
                    c.path("type").asText(),
                    c.path("format").asText(),
                    c.path("description").asText(),
                    c.path("priority").asInt(),
                    c.path("jsonPath").asText())));
    return all.isEmpty() ? List.of(Column.of("Age", "date", ".metadata.creationTimestamp")) : all;
  }

  /** The definition's schema with what every object has. */
  private static Schema whole(JsonNode schema) {
    var whole = schema.isObject() ? (ObjectNode) schema.deepCopy() : NODES.objectNode();
    var properties =
        whole.path("properties") instanceof ObjectNode given
            ? given
            : whole.putObject("properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties.set("metadata", BuiltinTypes.of("ObjectMeta").node());
    return new Schema(whole);
  }

  /** What creating a definition fills in: names, and that it is served. */
  static void prepare(ObjectNode definition) {
    if (definition.path("spec").path("names") instanceof ObjectNode names) {
      var kind = names.path("kind").asText();
      if (!names.has("singular")) {
        names.put("singular", kind.toLowerCase(Locale.ROOT));
      }
      if (!names.has("listKind")) {
        names.put("listKind", kind + "List");
      }
      var status = definition.putObject("status");
      status.set("acceptedNames", names.deepCopy());
      status.putArray("storedVersions").add(version(definition.path("spec")).path("name"));
      var conditions = status.putArray("conditions");
      conditions.add(condition("NamesAccepted", "NoConflicts", "no conflicts found"));
      conditions.add(
          condition("Established", "InitialNamesAccepted", "the initial names have been accepted"));
    }
  }

  private static ObjectNode condition(String type, String reason, String message) {
    return NODES
        .objectNode()
        .put("type", type)
        .put("status", "True")
        .put("reason", reason)
        .put("message", message)
        .put("lastTransitionTime", Metadata.timestamp(Instant.now()));
  }

  /** What is wrong with a definition; it has the right types already. */
  static List<FieldError> validate(ObjectNode definition) {
    var errors = new ArrayList<FieldError>();
    var spec = definition.path("spec");
    var names = spec.path("names");
    var name = definition.path("metadata").path("name").asText();
    var wanted = names.path("plural").asText() + "." + spec.path("group").asText();
    if (!name.equals(wanted)) {
      errors.add(
          FieldError.invalid(
              "metadata.name", "\"" + name + "\"", "must be spec.names.plural+\".\"+spec.group"));
    }
    if (spec.path("versions").size() != 1) {
      errors.add(
          FieldError.invalid(
              "spec.versions",
              Integer.toString(spec.path("versions").size()),
              "the local API server serves exactly one version of a kind"));
      return errors;
    }
    var schema = version(spec).path("schema").path("openAPIV3Schema");
    var path = "spec.versions[0].schema.openAPIV3Schema";
    if (schema.isMissingNode()) {
      errors.add(FieldError.required(path, "schemas are required"));
    } else {
      structural(schema, path, errors);
    }
    return errors;
  }

  /** A structural schema names a type everywhere. */
  private static void structural(JsonNode schema, String path, List<FieldError> errors) {
    var free =
        schema.path("x-kubernetes-int-or-string").asBoolean()
            || schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    if (!free && schema.path("type").asText().isEmpty()) {
      errors.add(
          FieldError.required(
              path + ".type",
              "must not be empty for specified "
                  + (path.endsWith("openAPIV3Schema") ? "root" : "object fields")));
    }
    schema
        .path("properties")
        .properties()
        .forEach(e -> structural(e.getValue(), path + ".properties[" + e.getKey() + "]", errors));
    if (schema.path("items").isObject()) {
      structural(schema.path("items"), path + ".items", errors);
    }
    if (schema.path("additionalProperties").isObject()) {
      structural(schema.path("additionalProperties"), path + ".additionalProperties", errors);
    }
  }
}
