package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.api.fields.Ownership;
import io.bitcoincontroller.local.api.fields.ServerSideApply;
import io.bitcoincontroller.local.api.fields.ServerSideApply.Outcome;
import io.bitcoincontroller.local.api.fields.TypedException;
import io.bitcoincontroller.local.api.schema.FieldError;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** POST, PUT, PATCH; {@link Deletes} has DELETE. */
final class Writes {
  private static final String APPLY = "application/apply-patch+yaml";
  private static final int MOST_ATTEMPTS = 5;

  /** An answer. */
  record Written(int code, JsonNode body) {}

  private final MemoryStorage storage;
  private final Admission admission;
  private final Deletes deletes;

  Writes(MemoryStorage storage, Registry registry, Webhook webhook) {
    this.storage = storage;
    this.admission = new Admission(storage, webhook);
    this.deletes = new Deletes(storage, registry);
  }

  Written answer(Call call, View view) {
    var method = call.http().method();
    if (method.equals("DELETE")) {
      return deletes.answer(call, view);
    }
    if (call.name().isEmpty() != method.equals("POST")) {
      throw Errors.methodNotAllowed();
    }
    return switch (method) {
      case "POST" -> create(call, view, view.in(call.body()));
      case "PUT" ->
          call.subresource().equals("scale")
              ? scale(call, _ -> call.body())
              : put(call, view, view.in(call.body()));
      case "PATCH" -> patch(call, view);
      default -> throw Errors.methodNotAllowed();
    };
  }

  private Written create(Call call, View view, ObjectNode object) {
    admission.identify(call, object);
    generateName(object);
    admission.checkNew(call, object);
    var owner = call.manager(Ownership.Operation.UPDATE);
    var admitted = admission.create(call, object);
    var ownership = record(call, empty(call), unstarted(call, admitted), Ownership.NONE, owner);
    return new Written(201, view.out(store(call, withOwnership(admitted, ownership))));
  }

  /** What a new object is compared with: Go's structs always have spec and status. */
  private static ObjectNode empty(Call call) {
    var empty = JsonNodeFactory.instance.objectNode();
    if (!call.served().custom()) {
      empty.putObject("spec");
    }
    return empty;
  }

  /** Nobody owns the status that an object starts with. */
  private static ObjectNode unstarted(Call call, ObjectNode object) {
    return call.served().status() ? object.deepCopy().without("status") : object;
  }

  private static void generateName(ObjectNode object) {
    var metadata = Admission.metadata(object);
    var prefix = metadata.path("generateName").asText();
    if (metadata.path("name").asText().isEmpty() && !prefix.isEmpty()) {
      // Kubernetes leaves out vowels and 0, 1, 3, so that no words appear
      var letters = "bcdfghjklmnpqrstvwxz2456789";
      var name = new StringBuilder(prefix);
      new SecureRandom().ints(5, 0, letters.length()).forEach(i -> name.append(letters.charAt(i)));
      metadata.put("name", name.toString());
    }
  }

  private ObjectNode store(Call call, ObjectNode object) {
    if (!call.dryRun()) {
      return storage.create(call.kind(), object);
    }
    var key = call.kind().key(call.namespace(), object.path("metadata").path("name").asText());
    if (storage.get(call.kind(), key).isPresent()) {
      throw Errors.alreadyExists(call.kind(), key.name());
    }
    Admission.metadata(object)
        .put("uid", UUID.randomUUID().toString())
        .put("creationTimestamp", now());
    return object;
  }

  private Written put(Call call, View view, ObjectNode object) {
    admission.identify(call, object);
    if (call.served().custom()
        && object.path("metadata").path("resourceVersion").asText().isEmpty()) {
      // Kubernetes' own kinds may be replaced blindly, custom resources may not
      throw Errors.invalid(
          call.kind(),
          call.name(),
          List.of(
              FieldError.invalid(
                  "metadata.resourceVersion", "0x0", "must be specified for an update")));
    }
    return update(call, view, _ -> object);
  }

  /** Any write to what is there but an apply. */
  private Written update(Call call, View view, UnaryOperator<ObjectNode> change) {
    var owner = call.manager(Ownership.Operation.UPDATE);
    var stored =
        change(
            call,
            call.key(),
            live -> {
              var asked = change.apply(live.deepCopy());
              admission.identify(call, asked);
              admission.checkVersion(call, live, asked);
              var admitted = admission.update(call, live, asked);
              var before = givenOwnership(asked).orElseGet(() -> ownership(live));
              var after = record(call, bare(live), admitted, before, owner);
              return withOwnership(admitted, after);
            });
    return new Written(200, view.out(stored));
  }

  private ObjectNode change(Call call, ObjectKey key, UnaryOperator<ObjectNode> change) {
    if (!call.dryRun()) {
      return storage.update(call.kind(), key, change);
    }
    var live =
        storage.get(call.kind(), key).orElseThrow(() -> Errors.notFound(call.kind(), key.name()));
    return change.apply(live);
  }

  private Written patch(Call call, View view) {
    var type = call.contentType();
    if (type.equals(APPLY)) {
      return call.subresource().equals("scale")
          ? scale(call, live -> Patches.merge(live, call.body()))
          : apply(call, view, view.in(call.body()));
    }
    UnaryOperator<ObjectNode> change = Patches.of(call);
    return call.subresource().equals("scale")
        ? scale(call, change)
        : update(call, view, live -> view.in(change.apply(view.out(live))));
  }

  /** A change of the scale is a change of the object's replicas. */
  private Written scale(Call call, UnaryOperator<ObjectNode> change) {
    var owner = call.manager(Ownership.Operation.UPDATE);
    var main =
        new Call(call.http(), call.query(), call.served(), call.namespace(), call.name(), "");
    var stored =
        change(
            call,
            call.key(),
            live -> {
              var asked = change.apply(Scales.of(call.served(), live));
              var replicas = asked.path("spec").path("replicas");
              if (!replicas.canConvertToInt() || replicas.asInt() < 0) {
                throw Errors.invalid(
                    call.kind(),
                    call.name(),
                    List.of(
                        FieldError.invalid(
                            "spec.replicas",
                            replicas.toString(),
                            "must be greater than or equal to 0")));
              }
              admission.checkVersion(call, live, asked);
              var scaled = live.deepCopy();
              Scales.set(call.served(), scaled, replicas.asInt());
              var admitted = admission.update(main, live, scaled);
              return withOwnership(
                  admitted, record(main, bare(live), admitted, ownership(live), owner));
            });
    return new Written(200, Scales.of(call.served(), stored));
  }

  /** Server-side apply: creates what isn't there, but for a subresource. */
  private Written apply(Call call, View view, ObjectNode config) {
    admission.identify(call, config);
    admission.checkConfig(call, config);
    for (var attempt = 1; ; attempt++) {
      var there = storage.get(call.kind(), call.key()).isPresent();
      if (!there && !call.subresource().isEmpty()) {
        throw Errors.notFound(call.kind(), call.name());
      }
      try {
        if (there) {
          var stored = change(call, call.key(), live -> applied(call, live, config));
          return new Written(200, view.out(stored));
        }
        admission.checkNew(call, config);
        var created = applied(call, JsonNodeFactory.instance.objectNode(), config);
        return new Written(201, view.out(store(call, created)));
      } catch (StatusException e) {
        // another request made or removed it in between
        var raced = there ? e.code == 404 : e.reason.equals("AlreadyExists");
        if (!raced || attempt >= MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private ObjectNode applied(Call call, ObjectNode live, ObjectNode config) {
    var creating = live.isEmpty();
    if (!creating) {
      admission.checkVersion(call, live, config);
    }
    var own = admission.partOf(call, config);
    var apply = new ServerSideApply(call.served().schema(), now());
    var manager = call.manager(Ownership.Operation.APPLY);
    Outcome outcome;
    try {
      outcome = apply.apply(bare(live), own, ownership(live), manager, call.flag("force"));
    } catch (TypedException e) {
      throw new StatusException(500, "", "failed to create typed patch object: " + e.getMessage());
    }
    return switch (outcome) {
      case Outcome.Conflicts conflicts ->
          throw new StatusException(
              409,
              "Conflict",
              conflicts.message(),
              conflicts.conflicts().stream()
                  .map(c -> new FieldError("FieldManagerConflict", c.field(), c.message()))
                  .toList());
      case Outcome.Applied done -> {
        var admitted =
            creating
                ? admission.create(call, done.object())
                : admission.update(call, live, done.object());
        yield withOwnership(admitted, done.ownership());
      }
    };
  }

  private static Ownership record(
      Call call,
      ObjectNode before,
      ObjectNode after,
      Ownership ownership,
      Ownership.Manager manager) {
    try {
      return new ServerSideApply(call.served().schema(), now())
          .update(before, after, ownership, manager);
    } catch (TypedException e) {
      // a list with two items of one name has no owners, but is stored: as the real server does
      return ownership;
    }
  }

  private static String now() {
    return Metadata.timestamp(Instant.now());
  }

  private static Ownership ownership(ObjectNode object) {
    return Ownership.fromJson(object.path("metadata").path("managedFields"));
  }

  /** What a client says about the ownership itself: kubectl moves fields between its two names. */
  private static Optional<Ownership> givenOwnership(ObjectNode asked) {
    var given = asked.path("metadata").path("managedFields");
    if (!given.isArray() || given.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Ownership.fromJson(given));
    } catch (IllegalArgumentException e) {
      throw Errors.badRequest("metadata.managedFields: " + e.getMessage());
    }
  }

  private static ObjectNode bare(ObjectNode object) {
    var copy = object.deepCopy();
    if (copy.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    return copy;
  }

  private static ObjectNode withOwnership(ObjectNode object, Ownership ownership) {
    var result = object.deepCopy();
    var list = ownership.toJson();
    if (list.isEmpty()) {
      Admission.metadata(result).remove("managedFields");
    } else {
      Admission.metadata(result).set("managedFields", list);
    }
    return result;
  }
}
