package io.bitcoincontroller.local.controllers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Metadata;
import io.bitcoincontroller.local.api.Storage;
import java.time.Instant;

/** The events of the StatefulSet controller, worded as Kubernetes' own. */
final class SetEvents {
  private final Storage storage;

  SetEvents(Storage storage) {
    this.storage = storage;
  }

  /** One event for each pod and cause, which counts how often it happened. */
  void failedCreate(ObjectNode set, ObjectNode pod, String why) {
    var key = Metadata.key(set);
    var message =
        "create Pod %s in StatefulSet %s failed error: %s"
            .formatted(Metadata.key(pod).name(), key.name(), why);
    var cause = Integer.toHexString((Metadata.uid(set) + message).hashCode());
    var name = new ObjectKey(key.namespace(), key.name() + "." + cause);
    var now = Metadata.timestamp(Instant.now());
    if (storage.get(Kind.EVENTS, name).isEmpty()) {
      storage.create(Kind.EVENTS, event(set, name, message, now));
      return;
    }
    storage.update(
        Kind.EVENTS,
        name,
        event -> event.put("count", event.path("count").asInt() + 1).put("lastTimestamp", now));
  }

  private static ObjectNode event(ObjectNode set, ObjectKey name, String message, String now) {
    var event = JsonNodeFactory.instance.objectNode();
    event.put("apiVersion", Kind.EVENTS.apiVersion()).put("kind", Kind.EVENTS.kind());
    event.putObject("metadata").put("namespace", name.namespace()).put("name", name.name());
    event
        .putObject("involvedObject")
        .put("apiVersion", Kind.STATEFUL_SETS.apiVersion())
        .put("kind", Kind.STATEFUL_SETS.kind())
        .put("namespace", name.namespace())
        .put("name", Metadata.key(set).name())
        .put("uid", Metadata.uid(set));
    event.put("type", "Warning").put("reason", "FailedCreate").put("message", message);
    event.put("firstTimestamp", now).put("lastTimestamp", now).put("count", 1);
    event.putObject("source").put("component", "statefulset-controller");
    return event;
  }
}
