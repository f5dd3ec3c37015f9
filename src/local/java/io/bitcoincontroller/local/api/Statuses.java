package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Storage.StatusException;

/** Status objects, as errors and some successes are answered. */
final class Statuses {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Statuses() {}

  /** A refusal of which no more is known. */
  static ObjectNode of(StatusException e) {
    return failure(e, NODES.objectNode());
  }

  /** A refusal of a call for objects: kubectl makes its sentence of the details. */
  static ObjectNode of(StatusException e, Call call) {
    var kind = call.kind();
    var details = NODES.objectNode();
    if (!call.objectName().isEmpty()) {
      details.put("name", call.objectName());
    }
    if (!kind.group().isEmpty()) {
      details.put("group", kind.group());
    }
    details.put("kind", e.reason.equals("Invalid") ? kind.kind() : kind.plural());
    return failure(e, details);
  }

  private static ObjectNode failure(StatusException e, ObjectNode details) {
    var causes = NODES.arrayNode();
    for (var cause : e.causes) {
      causes
          .addObject()
          .put("reason", cause.reason())
          .put("message", cause.message())
          .put("field", cause.field());
    }
    if (!causes.isEmpty()) {
      details.set("causes", causes);
    }
    if (e.code == 429) {
      details.put("retryAfterSeconds", 1);
    }
    var status = status("Failure").put("message", e.getMessage());
    if (!e.reason.isEmpty()) {
      status.put("reason", e.reason);
    }
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    return status.put("code", e.code);
  }

  /** An object that is gone at once. */
  static ObjectNode deleted(Kind kind, String name, String uid) {
    var status = status("Success");
    status
        .putObject("details")
        .put("name", name)
        .put("group", kind.group())
        .put("kind", kind.plural())
        .put("uid", uid);
    return status;
  }

  private static ObjectNode status(String outcome) {
    var status = NODES.objectNode().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", outcome);
  }
}
