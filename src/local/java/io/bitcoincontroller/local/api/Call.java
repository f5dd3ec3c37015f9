package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.fields.Ownership;
import io.bitcoincontroller.local.api.fields.Ownership.Manager;
import io.bitcoincontroller.local.http.HttpRequest;
import java.util.Map;

/**
 * A request for objects of a kind.
 *
 * @param served the kind
 * @param namespace empty for all, or where the kind has none
 * @param name empty for the collection
 * @param subresource empty for the object itself
 */
record Call(
    HttpRequest http,
    Map<String, String> query,
    Served served,
    String namespace,
    String name,
    String subresource) {
  private static final int LONGEST_MANAGER = 128;

  ObjectKey key() {
    return new ObjectKey(namespace, name);
  }

  /** The name on the path, or that in the body of a POST. */
  String objectName() {
    return name.isEmpty() && http.method().equals("POST")
        ? body().path("metadata").path("name").asText()
        : name;
  }

  Kind kind() {
    return served.kind();
  }

  String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  /** As {@link HttpRequest#flag}. */
  boolean flag(String name) {
    return http.flag(name);
  }

  boolean dryRun() {
    return parameter("dryRun").equals("All");
  }

  /** Without parameters such as charset. */
  String contentType() {
    return http.header("Content-Type").split(";", 2)[0].strip();
  }

  Manager manager(Ownership.Operation operation) {
    var given = parameter("fieldManager");
    var program = http.header("User-Agent").split("/", 2)[0];
    var name = given.isEmpty() ? program : given;
    return new Manager(
        name.substring(0, Math.min(LONGEST_MANAGER, name.length())),
        operation,
        kind().apiVersion(),
        subresource);
  }

  /** The body as an object. 400 if it is none. */
  ObjectNode body() {
    try {
      if (Json.MAPPER.readTree(http.body()) instanceof ObjectNode object) {
        return object;
      }
      throw Errors.badRequest("the body is no JSON object");
    } catch (JsonProcessingException e) {
      throw Errors.badRequest(
          "the body is not JSON (this server takes no other form, YAML included): "
              + e.getOriginalMessage());
    }
  }
}
