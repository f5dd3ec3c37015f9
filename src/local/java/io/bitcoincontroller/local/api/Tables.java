package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Served.Column;
import io.bitcoincontroller.local.http.HttpRequest;
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
    var printed = Printers.of(served.kind());
    if (printed.isEmpty()) {
      served.columns().forEach(column -> cells.add(new Cell(column, o -> value(o, column))));
    }
    printed.forEach(
        printer ->
            cells.add(
                new Cell(
                    new Column(printer.name(), "string", "", "", printer.priority(), ""),
                    object -> NODES.textNode(printer.text().apply(object)))));
    return cells;
  }

  private static JsonNode value(ObjectNode object, Column column) {
    var found = JsonPath.find(object, column.jsonPath());
    if (found.isEmpty()) {
      return column.type().equals("string") ? NODES.textNode("") : NODES.nullNode();
    }
    if (column.type().equals("date")) {
      return NODES.textNode(Printers.age(found.getFirst().asText()));
    }
    if (column.type().equals("string")) {
      return NODES.textNode(
          found.stream()
              .map(node -> node.isValueNode() ? node.asText() : node.toString())
              .collect(Collectors.joining(",")));
    }
    return found.getFirst();
  }
}
