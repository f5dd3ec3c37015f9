package io.bitcoincontroller.local.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Finds the faults of an object by its schema, in the words of Kubernetes 1.20. */
public final class Validation {
  private final List<FieldError> errors = new ArrayList<>();

  private Validation() {}

  /** All that is wrong with an object; empty if nothing is. */
  public static List<FieldError> of(Schema schema, JsonNode object) {
    return of(schema, "", object);
  }

  /**
   * As {@link #of(Schema, JsonNode)}, for a part of an object.
   *
   * @param path of the part, such as {@code metadata.name}
   */
  public static List<FieldError> of(Schema schema, String path, JsonNode value) {
    var validation = new Validation();
    validation.check(schema, path, value);
    return List.copyOf(validation.errors);
  }

  private void check(Schema schema, String path, JsonNode value) {
    if (value.isNull() && schema.nullable()) {
      return;
    }
    if (!rightType(schema, value)) {
      wrongType(schema, path, value);
      return;
    }
    if (value.isObject()) {
      object(schema, path, value);
    } else if (value.isArray()) {
      array(schema, path, value);
    } else if (value.isTextual()) {
      text(schema, path, value.textValue());
    } else if (value.isNumber()) {
      number(schema, path, value);
    }
    oneOfEnum(schema, path, value);
    junctions(schema, path, value);
  }

  /** Structural schemas have value validations of their own: not, allOf, anyOf, oneOf. */
  private void junctions(Schema schema, String path, JsonNode value) {
    var node = schema.node();
    node.path("allOf").forEach(each -> check(new Schema(each), path, value));
    if (node.has("not") && fits(node.get("not"), value)) {
      junction(path, value, "must not validate the schema (not)");
    }
    if (node.has("anyOf") && matches(node.get("anyOf"), value) == 0) {
      junction(path, value, "must validate at least one schema (anyOf)");
    }
    if (node.has("oneOf") && matches(node.get("oneOf"), value) != 1) {
      junction(path, value, "must validate one and only one schema (oneOf)");
    }
  }

  private static boolean fits(JsonNode schema, JsonNode value) {
    return of(new Schema(schema), value).isEmpty();
  }

  private static int matches(JsonNode schemas, JsonNode value) {
    var matches = 0;
    for (var schema : schemas) {
      matches += fits(schema, value) ? 1 : 0;
    }
    return matches;
  }

  private void junction(String path, JsonNode value, String why) {
    var shown = value.isContainerNode() ? "\"\"" : value.toString();
    errors.add(FieldError.invalid(path, shown, path + " in body " + why));
  }

  private static boolean rightType(Schema schema, JsonNode value) {
    if (schema.intOrString()) {
      return value.isIntegralNumber() || value.isTextual();
    }
    return switch (schema.type()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
      case "number" -> value.isNumber();
      default -> true;
    };
  }

  private void wrongType(Schema schema, String path, JsonNode value) {
    var wanted = schema.intOrString() ? "integer,string" : schema.type();
    var found = typeOf(value);
    errors.add(
        FieldError.invalid(
            path,
            "\"" + found + "\"",
            path + " in body must be of type " + wanted + ": \"" + found + "\""));
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      default -> "unknown";
    };
  }

  private void object(Schema schema, String path, JsonNode value) {
    schema
        .node()
        .path("required")
        .forEach(
            name -> {
              if (!value.has(name.asText())) {
                errors.add(FieldError.required(child(path, name.asText())));
              }
            });
    var names = new TreeSet<String>();
    value.fieldNames().forEachRemaining(names::add);
    for (var name : names) {
      check(schema.field(name), child(path, name), value.get(name));
    }
    var most = schema.node().path("maxProperties").asInt(Integer.MAX_VALUE);
    if (value.size() > most) {
      errors.add(FieldError.tooMany(path, value.size(), most));
    }
  }

  private static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private void array(Schema schema, String path, JsonNode value) {
    var most = schema.node().path("maxItems").asInt(Integer.MAX_VALUE);
    var least = schema.node().path("minItems").asInt(0);
    if (value.size() > most) {
      errors.add(FieldError.tooMany(path, value.size(), most));
    }
    if (value.size() < least) {
      errors.add(
          FieldError.invalid(
              path,
              Integer.toString(value.size()),
              path + " in body should have at least " + least + " items"));
    }
    for (var i = 0; i < value.size(); i++) {
      check(schema.items(), path + "[" + i + "]", value.get(i));
    }
  }

  private void text(Schema schema, String path, String value) {
    var length = value.codePointCount(0, value.length());
    var most = schema.node().path("maxLength").asInt(Integer.MAX_VALUE);
    var least = schema.node().path("minLength").asInt(0);
    if (length > most) {
      errors.add(FieldError.tooLong(path, most));
    }
    if (length < least) {
      invalidText(path, value, "should be at least " + least + " chars long");
    }
    var pattern = schema.node().path("pattern").asText();
    if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(value).find()) {
      invalidText(path, value, "should match '" + pattern + "'");
    }
  }

  private void invalidText(String path, String value, String why) {
    errors.add(FieldError.invalid(path, "\"" + value + "\"", path + " in body " + why));
  }

  private void number(Schema schema, String path, JsonNode value) {
    var number = value.decimalValue();
    var least = schema.node().path("minimum");
    var most = schema.node().path("maximum");
    if (least.isNumber() && number.compareTo(least.decimalValue()) < 0) {
      errors.add(
          FieldError.invalid(
              path,
              value.toString(),
              path + " in body should be greater than or equal to " + least));
    }
    if (most.isNumber() && number.compareTo(most.decimalValue()) > 0) {
      errors.add(
          FieldError.invalid(
              path, value.toString(), path + " in body should be less than or equal to " + most));
    }
  }

  private void oneOfEnum(Schema schema, String path, JsonNode value) {
    var allowed = schema.node().path("enum");
    if (!allowed.isArray()) {
      return;
    }
    var texts = new ArrayList<String>();
    for (var one : allowed) {
      if (one.equals(value)) {
        return;
      }
      texts.add(one.toString());
    }
    errors.add(FieldError.notSupported(path, value.toString(), texts));
  }
}
