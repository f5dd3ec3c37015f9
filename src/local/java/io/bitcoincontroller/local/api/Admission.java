package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.api.schema.FieldError;
import io.bitcoincontroller.local.api.schema.Shaping;
import io.bitcoincontroller.local.api.schema.Validation;
import java.util.ArrayList;
import java.util.List;

/** What an object must be, and what it is made into, before it is stored. */
final class Admission {
  /** What only the server writes. */
  private static final List<String> SERVERS_FIELDS =
      List.of(
          "uid",
          "creationTimestamp",
          "generation",
          "resourceVersion",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink",
          "managedFields");

  private final MemoryStorage storage;
  private final Webhook webhook;

  Admission(MemoryStorage storage, Webhook webhook) {
    this.storage = storage;
    this.webhook = webhook;
  }

  /** The body is of the kind, namespace and name that the path names; fills in the namespace. */
  void identify(Call call, ObjectNode object) {
    var kind = call.kind();
    var apiVersion = object.path("apiVersion").asText();
    var name = object.path("kind").asText();
    if (!apiVersion.equals(kind.apiVersion()) || !name.equals(kind.kind())) {
      throw Errors.badRequest(
          "the API version and kind in the data ("
              + (apiVersion + ", " + name)
              + ") do not match the expected ones ("
              + (kind.apiVersion() + ", " + kind.kind())
              + ")");
    }
    var metadata = metadata(object);
    var namespace = metadata.path("namespace").asText();
    if (!namespace.isEmpty() && !namespace.equals(call.namespace())) {
      throw Errors.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    if (kind.namespaced()) {
      metadata.put("namespace", call.namespace());
    }
    var given = metadata.path("name").asText();
    if (!call.name().isEmpty() && given.isEmpty()) {
      metadata.put("name", call.name());
    } else if (!call.name().isEmpty() && !given.equals(call.name())) {
      throw Errors.badRequest(
          "the name of the object ("
              + given
              + ") does not match the name on the URL ("
              + call.name()
              + ")");
    }
  }

  /** What must hold before something new is made. */
  void checkNew(Call call, ObjectNode object) {
    var metadata = object.path("metadata");
    if (call.kind().namespaced()) {
      namespaceTakesNew(call);
    }
    if (!metadata.path("resourceVersion").asText().isEmpty()) {
      throw new StatusException(
          500, "", "resourceVersion should not be set on objects to be created");
    }
    if (!metadata.path("uid").asText().isEmpty() && call.http().method().equals("PATCH")) {
      throw Errors.conflict(
          call.kind(),
          call.name(),
          "uid mismatch: the provided object specified uid "
              + metadata.path("uid").asText()
              + ", and no existing object was found");
    }
  }

  private void namespaceTakesNew(Call call) {
    var key = Kind.NAMESPACES.key("", call.namespace());
    var namespace =
        storage
            .get(Kind.NAMESPACES, key)
            .orElseThrow(() -> Errors.notFound(Kind.NAMESPACES, call.namespace()));
    if (namespace.path("metadata").has("deletionTimestamp")) {
      throw new StatusException(
          403,
          "Forbidden",
          "unable to create new content in namespace "
              + call.namespace()
              + " because it is being terminated");
    }
  }

  /** An apply says who applies, and nothing about ownership. */
  void checkConfig(Call call, ObjectNode config) {
    if (call.parameter("fieldManager").isEmpty()) {
      var missing = FieldError.required("fieldManager", "is required for apply patch");
      throw new StatusException(
          422,
          "Invalid",
          "PatchOptions.meta.k8s.io \"\" is invalid: " + FieldError.join(List.of(missing)),
          List.of(missing));
    }
    if (!config.path("metadata").path("managedFields").isEmpty()) {
      throw Errors.badRequest("metadata.managedFields must be nil");
    }
    var unknown = Shaping.prune(call.served().schema(), config.deepCopy());
    if (!unknown.isEmpty()) {
      throw new StatusException(
          500,
          "",
          "failed to create typed patch object: ."
              + unknown.getFirst()
              + ": field not declared in schema");
    }
  }

  /** Optimistic locking, and that it is the very object. */
  void checkVersion(Call call, ObjectNode live, ObjectNode asked) {
    var metadata = asked.path("metadata");
    var uid = metadata.path("uid").asText();
    var current = live.path("metadata");
    if (!uid.isEmpty() && !uid.equals(current.path("uid").asText())) {
      throw otherObject(call, uid, current.path("uid").asText());
    }
    var version = metadata.path("resourceVersion").asText();
    if (!version.isEmpty() && !version.equals(current.path("resourceVersion").asText())) {
      throw Errors.modified(call.kind(), call.name());
    }
  }

  /**
   * A PUT is refused as out of date; in a patch, apply included, the uid is a field like others.
   */
  private static StatusException otherObject(Call call, String uid, String actual) {
    return call.http().method().equals("PUT")
        ? Errors.conflict(
            call.kind(),
            call.name(),
            "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + actual)
        : Errors.invalid(
            call.kind(),
            call.name(),
            List.of(FieldError.invalid("metadata.uid", "\"" + uid + "\"", "field is immutable")));
  }

  /** The part of an applied object that the addressed (sub)resource takes. */
  ObjectNode partOf(Call call, ObjectNode config) {
    var part = config.deepCopy();
    if (!call.kind().equals(Kind.CUSTOM_RESOURCE_DEFINITIONS) && !call.served().custom()) {
      Shaping.dropNulls(part);
    }
    metadata(part).remove(SERVERS_FIELDS);
    if (call.subresource().equals("status")) {
      var only = JsonNodeFactory.instance.objectNode();
      for (var field : List.of("apiVersion", "kind", "status")) {
        if (part.has(field)) {
          only.set(field, part.get(field));
        }
      }
      only.putObject("metadata").setAll(identity(part));
      return only;
    }
    if (call.served().status()) {
      part.remove("status");
    }
    return part;
  }

  private static ObjectNode identity(ObjectNode object) {
    return metadata(object).deepCopy().retain("name", "namespace");
  }

  /** A new object in the form in which it is stored, without the server's own fields. */
  ObjectNode create(Call call, ObjectNode object) {
    var served = call.served();
    var created = object.deepCopy();
    metadata(created).remove(SERVERS_FIELDS);
    webhook.change(call.kind(), created);
    shape(call, created);
    if (served.status()) {
      created.remove("status");
      BuiltinRules.initialStatus(served.kind(), created);
    }
    BuiltinRules.fill(served.kind(), created, storage.revision() + 1);
    var errors = validate(call, created);
    if (errors.isEmpty() && served.kind().equals(Kind.CUSTOM_RESOURCE_DEFINITIONS)) {
      errors.addAll(CustomResources.validate(created));
      CustomResources.prepare(created);
    }
    refuse(call, created, errors);
    BuiltinRules.finish(served.kind(), created);
    return created;
  }

  /** A changed object in the form in which it is stored, without {@code managedFields}. */
  ObjectNode update(Call call, ObjectNode live, ObjectNode asked) {
    var served = call.served();
    ObjectNode updated;
    if (call.subresource().equals("status")) {
      updated = live.deepCopy();
      replace(updated, "status", asked);
    } else {
      updated = asked.deepCopy();
      webhook.change(call.kind(), updated);
      if (served.status()) {
        replace(updated, "status", live);
      }
    }
    var metadata = metadata(updated);
    metadata.remove(SERVERS_FIELDS);
    for (var field : SERVERS_FIELDS) {
      if (live.path("metadata").has(field) && !field.equals("managedFields")) {
        metadata.set(field, live.path("metadata").get(field));
      }
    }
    shape(call, updated);
    BuiltinRules.keep(served.kind(), live, updated);
    BuiltinRules.fill(served.kind(), updated, storage.revision() + 1);
    var errors = validate(call, updated);
    errors.addAll(BuiltinRules.validateUpdate(served.kind(), live, updated));
    if (errors.isEmpty() && served.kind().equals(Kind.CUSTOM_RESOURCE_DEFINITIONS)) {
      errors.addAll(CustomResources.validate(updated));
    }
    refuse(call, updated, errors);
    BuiltinRules.finish(served.kind(), updated);
    return updated;
  }

  private static void replace(ObjectNode target, String field, ObjectNode source) {
    if (source.has(field)) {
      target.set(field, source.get(field).deepCopy());
    } else {
      target.remove(field);
    }
  }

  /** Nulls, unknown fields and defaults; in place. */
  private static void shape(Call call, ObjectNode object) {
    if (!call.served().custom()) {
      Shaping.dropNulls(object);
    } else if (object.path("metadata") instanceof ObjectNode metadata) {
      Shaping.dropNulls(metadata);
    }
    var unknown = Shaping.prune(call.served().schema(), object);
    if (!unknown.isEmpty() && call.parameter("fieldValidation").equals("Strict")) {
      var kind = call.kind();
      var named = unknown.stream().map(path -> "unknown field \"" + path + "\"").toList();
      throw Errors.badRequest(
          kind.kind()
              + " in version \""
              + kind.version()
              + "\" cannot be handled as a "
              + kind.kind()
              + ": strict decoding error: "
              + String.join(", ", named));
    }
    Shaping.fillDefaults(call.served().schema(), object);
  }

  private static List<FieldError> validate(Call call, ObjectNode object) {
    var served = call.served();
    var errors = new ArrayList<>(BuiltinRules.validateName(served, object));
    errors.addAll(Validation.of(served.schema(), object));
    if (served.custom()) {
      errors.addAll(
          Validation.of(served.nameSchema(), "metadata.name", object.at("/metadata/name")));
    }
    errors.addAll(BuiltinRules.validate(served.kind(), object));
    return errors;
  }

  private static void refuse(Call call, ObjectNode object, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw Errors.invalid(call.kind(), object.path("metadata").path("name").asText(), errors);
    }
  }

  static ObjectNode metadata(ObjectNode object) {
    return object.path("metadata") instanceof ObjectNode metadata
        ? metadata
        : object.putObject("metadata");
  }
}
