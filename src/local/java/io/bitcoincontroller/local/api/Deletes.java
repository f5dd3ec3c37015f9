package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Storage.StatusException;
import java.util.OptionalLong;

/**
 * DELETE of one object and of collections. What a namespace or a CustomResourceDefinition holds is
 * deleted with it; running pods of a deleted namespace end after it. {@code propagationPolicy}
 * Background and Foreground are one: owned objects are the garbage collector's; Orphan is refused.
 */
final class Deletes {
  private final MemoryStorage storage;
  private final Registry registry;

  Deletes(MemoryStorage storage, Registry registry) {
    this.storage = storage;
    this.registry = registry;
  }

  Writes.Written answer(Call call, View view) {
    var options =
        call.http().body().isEmpty() ? JsonNodeFactory.instance.objectNode() : call.body();
    return call.name().isEmpty() ? collection(call, view, options) : one(call, view, options);
  }

  private Writes.Written one(Call call, View view, ObjectNode options) {
    var live =
        storage
            .get(call.kind(), call.key())
            .orElseThrow(() -> Errors.notFound(call.kind(), call.name()));
    check(call, live, options);
    if (!call.dryRun()) {
      delete(call.served(), call.key(), live, grace(call, options));
    }
    var left = storage.get(call.kind(), call.key());
    return new Writes.Written(
        200,
        left.isPresent()
            ? view.out(left.get())
            : Statuses.deleted(
                call.kind(), call.name(), live.path("metadata").path("uid").asText()));
  }

  private Writes.Written collection(Call call, View view, ObjectNode options) {
    var selector = Selectors.of(call);
    var list = JsonNodeFactory.instance.objectNode();
    list.put("kind", call.served().listKind()).put("apiVersion", view.apiVersion());
    list.putObject("metadata").put("resourceVersion", Long.toString(storage.revision()));
    var items = list.putArray("items");
    for (var object : storage.list(call.kind())) {
      if (Reads.inNamespace(call, object) && selector.test(object)) {
        items.add(view.out(object));
        if (!call.dryRun()) {
          deleteIfThere(call.served(), object, grace(call, options));
        }
      }
    }
    return new Writes.Written(200, list);
  }

  private static void check(Call call, ObjectNode live, ObjectNode options) {
    if (options.path("propagationPolicy").asText().equals("Orphan")
        || call.parameter("propagationPolicy").equals("Orphan")) {
      throw Errors.badRequest("propagationPolicy Orphan is not supported by this server");
    }
    var wanted = options.path("preconditions");
    var metadata = live.path("metadata");
    for (var field : new String[] {"uid", "resourceVersion"}) {
      var expected = wanted.path(field).asText();
      var actual = metadata.path(field).asText();
      if (!expected.isEmpty() && !expected.equals(actual)) {
        var word = field.equals("uid") ? "UID" : "ResourceVersion";
        throw Errors.conflict(
            call.kind(),
            call.name(),
            "the "
                + word
                + " in the precondition ("
                + expected
                + ") does not match the "
                + word
                + " in record ("
                + actual
                + "). The object might have been deleted and then"
                + " recreated");
      }
    }
  }

  private static OptionalLong grace(Call call, ObjectNode options) {
    if (options.path("gracePeriodSeconds").isIntegralNumber()) {
      return OptionalLong.of(options.path("gracePeriodSeconds").asLong());
    }
    var parameter = call.parameter("gracePeriodSeconds");
    return parameter.matches("[0-9]{1,9}")
        ? OptionalLong.of(Long.parseLong(parameter))
        : OptionalLong.empty();
  }

  private void delete(Served served, ObjectKey key, ObjectNode live, OptionalLong grace) {
    storage.delete(served.kind(), key, grace);
    if (served.kind().equals(Kind.NAMESPACES)) {
      for (var other : registry.all()) {
        if (other.kind().namespaced()) {
          empty(other, key.name());
        }
      }
    } else if (served.kind().equals(Kind.CUSTOM_RESOURCE_DEFINITIONS)) {
      empty(registry.compile(live), "");
    }
  }

  /** Deletes all of a kind in a namespace, or everywhere. */
  private void empty(Served served, String namespace) {
    for (var object : storage.list(served.kind())) {
      var within = object.path("metadata").path("namespace").asText();
      if (namespace.isEmpty() || within.equals(namespace)) {
        deleteIfThere(served, object, OptionalLong.empty());
      }
    }
  }

  private void deleteIfThere(Served served, ObjectNode object, OptionalLong grace) {
    var metadata = object.path("metadata");
    var key = new ObjectKey(metadata.path("namespace").asText(), metadata.path("name").asText());
    try {
      delete(served, key, object, grace);
    } catch (StatusException e) {
      if (e.code != 404) {
        throw e;
      }
      // another request was faster
    }
  }
}
