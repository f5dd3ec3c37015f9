package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import java.util.function.UnaryOperator;

/** The three forms of a patch that are not an apply. */
final class Patches {
  private Patches() {}

  /** The change that a PATCH request asks for. 415 if its form isn't known. */
  static UnaryOperator<ObjectNode> of(Call call) {
    return switch (call.contentType()) {
      case "application/merge-patch+json" -> {
        var patch = call.body();
        yield live -> merge(live, patch);
      }
      case "application/strategic-merge-patch+json" -> {
        if (call.served().custom()) {
          // the real server, too, knows no merge keys of custom resources
          throw Errors.unsupportedMediaType(call.contentType());
        }
        var patch = call.body();
        yield live -> StrategicMerge.merge(call.served().schema(), live, patch);
      }
      case "application/json-patch+json" -> {
        var operations = operations(call);
        yield live -> JsonPatch.apply(live, operations);
      }
      default -> throw Errors.unsupportedMediaType(call.contentType());
    };
  }

  private static JsonNode operations(Call call) {
    try {
      return Json.MAPPER.readTree(call.http().body());
    } catch (JsonProcessingException e) {
      throw Errors.badRequest("the body is not JSON: " + e.getOriginalMessage());
    }
  }

  /** RFC 7396. Its arguments stay as they are. */
  static ObjectNode merge(ObjectNode target, JsonNode patch) {
    var merged = target.deepCopy();
    patch
        .properties()
        .forEach(
            entry -> {
              var name = entry.getKey();
              var value = entry.getValue();
              if (value.isNull()) {
                merged.remove(name);
              } else if (value.isObject()) {
                var below =
                    merged.path(name) instanceof ObjectNode child ? child : merged.objectNode();
                merged.set(name, merge(below, value));
              } else {
                merged.set(name, value.deepCopy());
              }
            });
    return merged;
  }
}
