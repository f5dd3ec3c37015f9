package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.api.schema.Schema;
import io.bitcoincontroller.local.http.Exchange;
import io.bitcoincontroller.local.http.HttpRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * OpenAPI v2 as kubectl before 1.27 reads it, to validate, apply and explain: one document for all
 * kinds, in Protocol Buffers. The numbers are those of {@code openapiv2/OpenAPIv2.proto} of
 * github.com/google/gnostic. Later kubectls ask for v3 ({@link OpenApi}).
 */
final class OpenApiV2 {
  static final List<String> PATH = List.of("openapi", "v2");

  private static final String TYPE = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

  /** How apply merges lists: the only extensions that are read besides the kind. */
  private static final List<String> EXTENSIONS =
      List.of("x-kubernetes-patch-merge-key", "x-kubernetes-patch-strategy");

  private final Registry registry;

  OpenApiV2(Registry registry) {
    this.registry = registry;
  }

  void answer(HttpRequest request, Exchange exchange) throws IOException {
    if (!request.header("Accept").contains(TYPE)) {
      throw new StatusException(
          406, "NotAcceptable", "OpenAPI v2 is here in " + TYPE + " only; v3 is at /openapi/v3");
    }
    // not TYPE: clients refuse to parse it, for its @
    exchange.respond(200, Map.of("Content-Type", "application/octet-stream"), document().toBytes());
  }

  private Protobuf document() {
    var paths = new Protobuf();
    var definitions = new Protobuf();
    for (var served : registry.all()) {
      var kind = served.kind();
      var name = kind.apiVersion().replace('/', '.') + "." + kind.kind();
      var schema = schema(served.schema()).message(31, extension(kind, "- "));
      definitions.message(1, new Protobuf().text(1, name).message(2, schema));
      paths.message(2, path(kind));
    }
    return new Protobuf()
        .text(1, "2.0")
        .message(2, new Protobuf().text(1, "local Kubernetes").text(2, "v1"))
        .message(8, paths)
        .message(9, definitions);
  }

  /** What kubectl looks at to see whether the server can try a change without making it. */
  private static Protobuf path(Kind kind) {
    var query = new Protobuf().text(2, "query").text(4, "dryRun").text(6, "string");
    var parameter =
        new Protobuf().message(1, new Protobuf().message(2, new Protobuf().message(3, query)));
    var patch = new Protobuf().message(8, parameter).message(13, extension(kind, ""));
    return new Protobuf()
        .text(1, "/" + OpenApi.root(kind) + "/" + kind.plural() + "/{name}")
        .message(2, new Protobuf().message(8, patch));
  }

  /**
   * Which kind it is.
   *
   * @param item before the YAML: a definition holds a list of kinds, an operation one
   */
  private static Protobuf extension(Kind kind, String item) {
    var yaml =
        "%s{group: \"%s\", version: %s, kind: %s}"
            .formatted(item, kind.group(), kind.version(), kind.kind());
    return named("x-kubernetes-group-version-kind", yaml);
  }

  private static Protobuf named(String name, String yaml) {
    return new Protobuf().text(1, name).message(2, new Protobuf().text(2, yaml));
  }

  private static Protobuf schema(Schema schema) {
    var message = new Protobuf();
    text(schema.node(), "format", message, 2);
    text(schema.node(), "description", message, 4);
    schema.node().path("required").forEach(name -> message.text(19, name.asText()));
    schema
        .mapValues()
        .ifPresent(values -> message.message(21, new Protobuf().message(1, schema(values))));
    if (!schema.type().isEmpty()) {
      message.message(22, new Protobuf().text(1, schema.type()));
    }
    if (schema.type().equals("array")) {
      message.message(23, new Protobuf().message(1, schema(schema.items())));
    }
    if (schema.node().has("properties")) {
      message.message(25, properties(schema));
    }
    for (var extension : EXTENSIONS) {
      if (schema.node().has(extension)) {
        message.message(31, named(extension, schema.node().path(extension).asText()));
      }
    }
    return message;
  }

  private static Protobuf properties(Schema schema) {
    var properties = new Protobuf();
    for (var name : schema.fieldNames()) {
      properties.message(1, new Protobuf().text(1, name).message(2, schema(schema.field(name))));
    }
    return properties;
  }

  private static void text(JsonNode node, String name, Protobuf message, int field) {
    if (node.has(name)) {
      message.text(field, node.path(name).asText());
    }
  }
}
