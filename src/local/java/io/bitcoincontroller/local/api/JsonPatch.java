package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.api.schema.Values;

/** RFC 6902. */
final class JsonPatch {
  private static final int MOST_OPERATIONS = 10_000;

  private JsonPatch() {}

  /** The object after all operations, or 422 if one of them can't be done. */
  static ObjectNode apply(ObjectNode object, JsonNode operations) {
    if (!operations.isArray() || operations.size() > MOST_OPERATIONS) {
      throw Errors.badRequest(
          "a JSON patch is a list of at most " + MOST_OPERATIONS + " operations");
    }
    var result = object.deepCopy();
    for (var operation : operations) {
      try {
        carryOut(result, operation);
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw cannot(operation);
      }
    }
    return result;
  }

  private static void carryOut(ObjectNode root, JsonNode operation) {
    var path = JsonPointer.compile(operation.path("path").asText());
    switch (operation.path("op").asText()) {
      case "add" -> add(root, path, operation.path("value").deepCopy(), operation);
      case "remove" -> remove(root, path, operation);
      case "replace" -> {
        remove(root, path, operation);
        add(root, path, operation.path("value").deepCopy(), operation);
      }
      case "move" -> {
        var from = JsonPointer.compile(operation.path("from").asText());
        var value = root.at(from);
        remove(root, from, operation);
        add(root, path, value, operation);
      }
      case "copy" -> {
        var from = JsonPointer.compile(operation.path("from").asText());
        add(root, path, root.at(from).deepCopy(), operation);
      }
      case "test" -> {
        if (!Values.same(root.at(path), operation.path("value"))) {
          throw cannot(operation);
        }
      }
      default -> throw cannot(operation);
    }
  }

  private static void add(ObjectNode root, JsonPointer path, JsonNode value, JsonNode operation) {
    var parent = root.at(path.head() == null ? JsonPointer.empty() : path.head());
    var last = path.last();
    if (value.isMissingNode() || last == null) {
      throw cannot(operation);
    }
    switch (parent) {
      case ObjectNode object -> object.set(last.getMatchingProperty(), value);
      case ArrayNode list when last.getMatchingProperty().equals("-") -> list.add(value);
      case ArrayNode list
          when last.getMatchingIndex() >= 0 && last.getMatchingIndex() <= list.size() ->
          list.insert(last.getMatchingIndex(), value);
      default -> throw cannot(operation);
    }
  }

  private static void remove(ObjectNode root, JsonPointer path, JsonNode operation) {
    var parent = root.at(path.head() == null ? JsonPointer.empty() : path.head());
    var last = path.last();
    if (last == null || root.at(path).isMissingNode()) {
      throw cannot(operation);
    }
    switch (parent) {
      case ObjectNode object -> object.remove(last.getMatchingProperty());
      case ArrayNode list -> list.remove(last.getMatchingIndex());
      default -> throw cannot(operation);
    }
  }

  private static StatusException cannot(JsonNode operation) {
    return new StatusException(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request: "
            + operation.path("op").asText()
            + " "
            + operation.path("path").asText());
  }
}
