package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Served.Column;
import io.bitcoincontroller.local.api.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lists as {@code kubectl get} prints them: {@code meta.k8s.io/v1 Table}. */
final class Tables {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private record Cell(Column column, Function<ObjectNode, JsonNode> value) {}

  private Tables() {}

  static boolean wanted(HttpRequest request) {
    var accept = request.header("Accept").replace(" ", "");
    return accept.contains("as=Table") && accept.contains("v=v1;");
  }

  /**
   * A table of objects.
   *
   * @param metadata of the list, or of the one object
   */
  static ObjectNode of(Call call, List<ObjectNode> objects, JsonNode metadata) {
    var cells = cells(call.served());
    var table = NODES.objectNode().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    var listMetadata = table.putObject("metadata");
    for (var field : List.of("resourceVersion", "continue", "remainingItemCount", "annotations")) {
      if (metadata.has(field)) {
        listMetadata.set(field, metadata.get(field));
      }
    }
    var definitions = table.putArray("columnDefinitions");
    cells.forEach(cell -> definitions.add(definition(cell.column)));
    var rows = table.putArray("rows");
    for (var object : objects) {
      var row = rows.addObject();
      var values = row.putArray("cells");
      cells.forEach(cell -> values.add(cell.value.apply(object)));
      include(call.parameter("includeObject"), row, object);
    }
    return table;
  }

  private static void include(String what, ObjectNode row, ObjectNode object) {
    if (what.equals("None")) {
      return;
    }
    if (what.equals("Object")) {
      row.set("object", object);
      return;
    }
    var partial = row.putObject("object");
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.path("metadata"));
  }

  private static ObjectNode definition(Column column) {
    return NODES
        .objectNode()
        .put("name", column.name())
        .put("type", column.type().equals("date") ? "string" : column.type())
        .put("format", column.format())
        .put("description", column.description())
        .put("priority", column.priority());
  }

  private static List<Cell> cells(Served served) {
    var cells = new ArrayList<Cell>();
    cells.add(
        new Cell(
            new Column("Name", "string", "name", "Name must be unique within a namespace.", 0, ""),
            object -> object.path("metadata").path("name")));
    switch (served.kind().kind()) {
      case "Pod" -> pod(cells);
      case "StatefulSet", "Deployment" -> workload(cells);
      default ->
          served.columns().forEach(column -> cells.add(new Cell(column, o -> value(o, column))));
    }
    return cells;
  }

  private static void pod(List<Cell> cells) {
    cells.add(text("Ready", 0, Tables::readyContainers));
    cells.add(text("Status", 0, Tables::podStatus));
    cells.add(text("Restarts", 0, Tables::restarts));
    cells.add(text("Age", 0, o -> age(o.path("metadata").path("creationTimestamp").asText())));
    cells.add(text("IP", 1, o -> orNone(o.path("status").path("podIP").asText())));
    cells.add(text("Node", 1, o -> orNone(o.path("spec").path("nodeName").asText())));
  }

  private static void workload(List<Cell> cells) {
    cells.add(
        text(
            "Ready",
            0,
            o ->
                o.path("status").path("readyReplicas").asInt()
                    + "/"
                    + o.path("spec").path("replicas").asInt()));
    cells.add(text("Age", 0, o -> age(o.path("metadata").path("creationTimestamp").asText())));
  }

  private static Cell text(String name, int priority, Function<ObjectNode, String> value) {
    return new Cell(
        new Column(name, "string", "", "", priority, ""),
        object -> NODES.textNode(value.apply(object)));
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "<none>" : text;
  }

  private static String readyContainers(ObjectNode pod) {
    var ready = 0;
    for (var container : pod.path("status").path("containerStatuses")) {
      ready += container.path("ready").asBoolean() ? 1 : 0;
    }
    return ready + "/" + pod.path("spec").path("containers").size();
  }

  private static String restarts(ObjectNode pod) {
    var restarts = 0;
    for (var container : pod.path("status").path("containerStatuses")) {
      restarts += container.path("restartCount").asInt();
    }
    return Integer.toString(restarts);
  }

  /** What keeps the pod, in a word: as kubectl's printer in the real server. */
  private static String podStatus(ObjectNode pod) {
    if (pod.path("metadata").has("deletionTimestamp")) {
      return "Terminating";
    }
    for (var container : pod.path("status").path("containerStatuses")) {
      for (var state : List.of("waiting", "terminated")) {
        var reason = container.path("state").path(state).path("reason").asText();
        if (!reason.isEmpty()) {
          return reason;
        }
      }
    }
    var reason = pod.path("status").path("reason").asText();
    return reason.isEmpty() ? pod.path("status").path("phase").asText("Unknown") : reason;
  }

  private static JsonNode value(ObjectNode object, Column column) {
    var found = JsonPath.find(object, column.jsonPath());
    if (found.isEmpty()) {
      return column.type().equals("string") ? NODES.textNode("") : NODES.nullNode();
    }
    if (column.type().equals("date")) {
      return NODES.textNode(age(found.getFirst().asText()));
    }
    if (column.type().equals("string")) {
      return NODES.textNode(
          found.stream()
              .map(node -> node.isValueNode() ? node.asText() : node.toString())
              .collect(Collectors.joining(",")));
    }
    return found.getFirst();
  }

  /** {@code 45s}, {@code 3m10s}, {@code 2h}, {@code 5d}. */
  static String age(String timestamp) {
    long seconds;
    try {
      seconds = Math.max(0, Duration.between(Instant.parse(timestamp), Instant.now()).toSeconds());
    } catch (DateTimeParseException e) {
      return "<unknown>";
    }
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 600) {
      return seconds / 60 + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
    }
    if (seconds < 3 * 3600) {
      return seconds / 60 + "m";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86400 + "d";
  }
}
