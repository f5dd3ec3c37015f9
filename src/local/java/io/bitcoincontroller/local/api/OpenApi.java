package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * OpenAPI v3, one document per group and version: as much as kubectl reads, to explain fields and
 * to learn that the server validates fields itself. {@link OpenApiV2} is for older ones.
 */
final class OpenApi {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Registry registry;

  OpenApi(Registry registry) {
    this.registry = registry;
  }

  Discovery.Answer answer(List<String> path) {
    if (path.size() < 2 || !path.get(1).equals("v3")) {
      throw Errors.noSuchPath();
    }
    if (path.size() == 2) {
      return Discovery.Answer.json(index());
    }
    var groupVersion = String.join("/", path.subList(2, path.size()));
    var kinds = registry.all().stream().filter(s -> root(s.kind()).equals(groupVersion)).toList();
    if (kinds.isEmpty()) {
      throw Errors.noSuchPath();
    }
    return Discovery.Answer.json(document(kinds));
  }

  /** The path below which the kinds of a group and version are. */
  static String root(Kind kind) {
    return kind.group().isEmpty() ? "api/v1" : "apis/" + kind.apiVersion();
  }

  private ObjectNode index() {
    var index = NODES.objectNode();
    var paths = index.putObject("paths");
    for (var served : registry.all()) {
      var root = root(served.kind());
      paths.putObject(root).put("serverRelativeURL", "/openapi/v3/" + root);
    }
    return index;
  }

  private static ObjectNode document(List<Served> kinds) {
    var document = NODES.objectNode().put("openapi", "3.0.0");
    document.putObject("info").put("title", "local Kubernetes").put("version", "v1.30.0-local");
    var paths = document.putObject("paths");
    var schemas = document.putObject("components").putObject("schemas");
    for (var served : kinds) {
      var kind = served.kind();
      var name = kind.apiVersion().replace('/', '.') + "." + kind.kind();
      ObjectNode schema = served.schema().node().deepCopy();
      kind(schema.putArray("x-kubernetes-group-version-kind").addObject(), kind);
      schemas.set(name, schema);
      operations(paths, kind, name);
    }
    return document;
  }

  private static void kind(ObjectNode node, Kind kind) {
    node.put("group", kind.group()).put("version", kind.version()).put("kind", kind.kind());
  }

  private static void operations(ObjectNode paths, Kind kind, String schema) {
    var path =
        "/" + root(kind) + (kind.namespaced() ? "/namespaces/{namespace}/" : "/") + kind.plural();
    var create = paths.putObject(path).putObject("post");
    operation(create, kind, "post");
    var one = paths.putObject(path + "/{name}");
    for (var method : List.of("patch", "put")) {
      operation(one.putObject(method), kind, method);
    }
    one.putObject("get")
        .putObject("responses")
        .putObject("200")
        .put("description", "OK")
        .putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + schema);
  }

  private static void operation(ObjectNode operation, Kind kind, String action) {
    operation.put("x-kubernetes-action", action);
    kind(operation.putObject("x-kubernetes-group-version-kind"), kind);
    var parameters = operation.putArray("parameters");
    for (var name : List.of("dryRun", "fieldManager", "fieldValidation")) {
      parameters
          .addObject()
          .put("name", name)
          .put("in", "query")
          .putObject("schema")
          .put("type", "string");
    }
  }
}
