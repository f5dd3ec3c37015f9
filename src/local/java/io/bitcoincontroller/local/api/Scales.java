package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The scale subresource: {@code autoscaling/v1 Scale}, by the paths that the kind names. */
final class Scales {
  private Scales() {}

  static ObjectNode of(Served served, ObjectNode object) {
    var paths = served.scale().orElseThrow();
    var scale = JsonNodeFactory.instance.objectNode();
    scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    var metadata = scale.putObject("metadata");
    for (var field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      if (object.path("metadata").has(field)) {
        metadata.set(field, object.path("metadata").get(field));
      }
    }
    scale.putObject("spec").put("replicas", at(object, paths.specReplicas()).asInt());
    var status = scale.putObject("status");
    status.put("replicas", at(object, paths.statusReplicas()).asInt());
    var selector = selector(at(object, paths.selector()));
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    return scale;
  }

  /** A custom resource has its selector as text, a StatefulSet as an object. */
  private static String selector(JsonNode selector) {
    if (selector.isTextual()) {
      return selector.asText();
    }
    var parts = new ArrayList<String>();
    selector
        .path("matchLabels")
        .properties()
        .forEach(e -> parts.add(e.getKey() + "=" + e.getValue().asText()));
    return String.join(",", parts);
  }

  /** Sets the replicas of the object as the scale says. Changes {@code object}. */
  static void set(Served served, ObjectNode object, int replicas) {
    var steps = steps(served.scale().orElseThrow().specReplicas());
    var node = object;
    for (var step : steps.subList(0, steps.size() - 1)) {
      node = node.path(step) instanceof ObjectNode child ? child : node.putObject(step);
    }
    node.put(steps.getLast(), replicas);
  }

  private static JsonNode at(JsonNode object, String path) {
    var node = object;
    for (var step : steps(path)) {
      node = node.path(step);
    }
    return node;
  }

  private static List<String> steps(String path) {
    return path.length() < 2 ? List.of("") : List.of(path.substring(1).split("\\.", -1));
  }
}
