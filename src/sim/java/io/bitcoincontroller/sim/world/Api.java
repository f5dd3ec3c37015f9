package io.bitcoincontroller.sim.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiRequest.Answer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.sim.world.Etcd.ObjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The API server's answers, as far as this controller asks: no fault, and no time passes. */
final class Api {
  private final Etcd etcd;

  /** What the controller applied last, by object and subresource. */
  private final LastSent applied;

  /**
   * What it created, by UID: no apply takes any of it away. Empty from when it counts as applied.
   */
  private final LastSent created;

  Api(Etcd etcd) {
    this.etcd = etcd;
    this.applied = new LastSent(etcd::revision);
    this.created = new LastSent(etcd::revision);
  }

  /** Who owned which fields was in the backup as well. */
  void restored() {
    applied.restored();
    created.restored();
  }

  /**
   * A request, taken apart.
   *
   * @param name empty for a collection
   * @param subresource empty for the object itself
   * @param content an object, but for a JSON patch
   */
  record Call(
      String method,
      String kind,
      String namespace,
      String name,
      String subresource,
      Map<String, String> query,
      String contentType,
      JsonNode content,
      Answer answer) {
    static Call of(ApiRequest request) {
      var parts = request.target().split("\\?", 2);
      var path = parts[0].split("/", -1);
      var core = !path[1].equals("apis");
      var at = core ? 3 : 4;
      var namespaced = path.length > at && path[at].equals("namespaces");
      var namespace = namespaced ? path[at + 1] : "";
      at += namespaced ? 2 : 0;
      var group = path.length < at ? "" : core ? "" : path[2];
      return new Call(
          request.method(),
          path.length > at ? group + "/" + path[at] : "",
          namespace,
          path.length > at + 1 ? path[at + 1] : "",
          path.length > at + 2 ? path[at + 2] : "",
          query(parts.length > 1 ? parts[1] : ""),
          request.contentType(),
          request.body().map(Call::parsed).orElseGet(JsonNodeFactory.instance::objectNode),
          request.answer());
    }

    private static Map<String, String> query(String text) {
      var query = new TreeMap<String, String>();
      for (var pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
        var both = pair.split("=", 2);
        query.put(both[0], URLDecoder.decode(both[1], StandardCharsets.UTF_8));
      }
      return query;
    }

    private static JsonNode parsed(String body) {
      try {
        return Json.MAPPER.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    ObjectNode body() {
      return (ObjectNode) content;
    }

    /** A POST names its object in the body. */
    ObjectId id() {
      var named = name.isEmpty() ? content.at("/metadata/name").asText() : name;
      return ObjectId.of(kind, namespace, named);
    }

    boolean watches() {
      return query.containsKey("watch");
    }

    boolean writes() {
      return !method.equals("GET");
    }

    /** Whether an object has the labels that are asked for. */
    boolean selects(JsonNode object) {
      for (var pair : query.getOrDefault("labelSelector", "").split(",", -1)) {
        var both = pair.split("!?=", 2);
        if (both.length == 2 && has(object, both[0], both[1]) == pair.contains("!=")) {
          return false;
        }
      }
      return namespace.isEmpty() || object.at("/metadata/namespace").asText().equals(namespace);
    }
  }

  private static boolean has(JsonNode object, String label, String value) {
    return object.path("metadata").path("labels").path(label).asText().equals(value);
  }

  static Reply.Failure failure(int code, String reason, String message) {
    return new Reply.Failure(code, reason, message, List.of(), Optional.empty());
  }

  Reply answer(Call call) {
    if (call.kind().isEmpty()) {
      return success(JsonNodeFactory.instance.objectNode().put("major", "1").put("minor", "31"));
    }
    return switch (call.method()) {
      case "GET" -> call.name().isEmpty() ? list(call) : get(call);
      case "POST" -> create(call);
      case "DELETE" -> delete(call);
      default -> patch(call);
    };
  }

  private Reply patch(Call call) {
    if (call.contentType().contains("json-patch")) {
      return handOver(call);
    }
    return call.contentType().contains("apply") ? apply(call) : merge(call);
  }

  private static Reply success(JsonNode body) {
    return new Reply.Success(200, body.deepCopy());
  }

  private static Reply notFound(ObjectId id) {
    return failure(404, "NotFound", id + " not found");
  }

  private Reply get(Call call) {
    var found = etcd.get(call.id());
    if (found.isEmpty()) {
      return notFound(call.id());
    }
    return success(call.answer() == Answer.METADATA ? owned(found.get()) : found.get().tree());
  }

  /** The metadata, with who owns the fields. */
  private JsonNode owned(Etcd.Version found) {
    var partial = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = found.tree().path("metadata").deepCopy();
    partial.set("metadata", metadata);
    var owners = metadata.putArray("managedFields");
    if (created.get(found.uid()).filter(fields -> !fields.isEmpty()).isPresent()) {
      owners.addObject().put("manager", Requests.FIELD_MANAGER).put("operation", "Update");
    }
    return partial;
  }

  private Reply list(Call call) {
    var list = JsonNodeFactory.instance.objectNode();
    list.putObject("metadata").put("resourceVersion", Long.toString(etcd.revision()));
    var items = list.putArray("items");
    // events are sought by what they are about: nobody here writes warnings about a StatefulSet
    if (!call.kind().equals("/events")) {
      etcd.list(call.kind()).stream()
          .filter(found -> call.selects(found.tree()))
          .forEach(found -> items.add(found.tree()));
    }
    return success(list);
  }

  private Reply create(Call call) {
    var object = call.body();
    object.withObject("/metadata").put("namespace", call.namespace());
    var id = Etcd.idOf(call.kind(), object);
    if (etcd.get(id).isPresent()) {
      return failure(409, "AlreadyExists", id + " already exists");
    }
    if (object.remove("stringData") instanceof ObjectNode texts) {
      var data = object.putObject("data");
      texts.propertyStream().forEach(e -> data.put(e.getKey(), base64(e.getValue().asText())));
    }
    var stored = etcd.create(call.kind(), object);
    created.put(stored.uid(), object);
    return success(stored.tree());
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private Reply delete(Call call) {
    var found = etcd.get(call.id());
    var uid = call.body().at("/preconditions/uid").asText();
    if (found.isEmpty()) {
      return notFound(call.id());
    }
    if (!uid.isEmpty() && !uid.equals(found.get().uid())) {
      return failure(409, "Conflict", "the UID in the precondition is another one");
    }
    etcd.delete(call.id());
    return success(found.get().tree());
  }

  /** A UID or a version that was named must be the stored object's. */
  private static Optional<Reply> conflict(Call call, Optional<Etcd.Version> found) {
    for (var field : List.of("/metadata/uid", "/metadata/resourceVersion")) {
      var asked = call.body().at(field).asText();
      var stored = found.map(version -> version.at(field).asText()).orElse("");
      if (!asked.isEmpty() && !asked.equals(stored)) {
        return Optional.of(failure(409, "Conflict", call.id() + ": " + field + " is " + stored));
      }
    }
    return Optional.empty();
  }

  private Reply apply(Call call) {
    var found = etcd.get(call.id());
    var refused = conflict(call, found);
    if (refused.isPresent()) {
      return refused.get();
    }
    if (found.isEmpty() && !call.subresource().isEmpty()) {
      return notFound(call.id());
    }
    var config = call.body();
    config.withObject("/metadata").remove(List.of("uid", "resourceVersion"));
    if (found.isEmpty()) {
      var created = etcd.create(call.kind(), config);
      applied.put(owned(call, created), config);
      return success(created.tree());
    }
    var owned = owned(call, found.get());
    var last = applied.get(owned);
    var before = last.orElseGet(JsonNodeFactory.instance::objectNode);
    var stored =
        etcd.update(
            call.id(),
            live -> {
              Patches.apply(live, before, config.deepCopy());
              return live;
            });
    applied.put(owned, config);
    return success(stored.tree());
  }

  private static String owned(Call call, Etcd.Version object) {
    return object.uid() + "/" + call.subresource();
  }

  /** The only JSON patch that is sent: from then on the fields of a POST count as applied. */
  private Reply handOver(Call call) {
    var found = etcd.get(call.id());
    if (found.isEmpty()) {
      return notFound(call.id());
    }
    var operations = new HashMap<String, JsonNode>();
    call.content().forEach(each -> operations.put(each.path("path").asText(), each));
    var version = operations.get("/metadata/resourceVersion");
    if (version == null
        || !version.path("value").equals(found.get().at("/metadata/resourceVersion"))) {
      return failure(409, "Conflict", call.id() + " has been modified");
    }
    var stored =
        etcd.update(
            call.id(),
            live -> {
              Patches.remove(live, call.content());
              return live;
            });
    var owners = operations.get("/metadata/managedFields");
    if (owners != null && owners.at("/value/0/operation").asText().equals("Apply")) {
      var uid = found.get().uid();
      created.get(uid).ifPresent(fields -> applied.put(owned(call, found.get()), fields));
      created.put(uid, JsonNodeFactory.instance.objectNode());
    }
    return success(stored.tree());
  }

  private Reply merge(Call call) {
    var found = etcd.get(call.id());
    if (found.isEmpty()) {
      return notFound(call.id());
    }
    var refused = conflict(call, found);
    if (refused.isPresent()) {
      return refused.get();
    }
    var patch = call.body();
    patch.withObject("/metadata").remove(List.of("uid", "resourceVersion"));
    var stored =
        etcd.update(
            call.id(),
            live -> {
              Patches.merge(live, patch, call.contentType().contains("strategic"));
              return live;
            });
    return success(stored.tree());
  }
}
