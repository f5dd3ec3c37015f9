package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.schema.BuiltinTypes;
import io.bitcoincontroller.local.http.HttpRequest;
import java.util.Map;

/**
 * How a caller sees what is stored. Events are stored once and seen in two ways, as {@code v1} and
 * as {@code events.k8s.io/v1}, whose fields have other names; everything else is seen as it is.
 *
 * @param stored the call as if it had been made for the stored kind
 * @param newEvents whether the caller sees {@code events.k8s.io/v1}
 */
record View(Call stored, boolean newEvents) {
  /** From the newer view's names to the stored ones. */
  private static final Map<String, String> NAMES =
      Map.of(
          "note", "message",
          "regarding", "involvedObject",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  static View of(Call call) {
    if (!call.kind().equals(Registry.NEW_EVENTS)) {
      return new View(call, false);
    }
    var served = call.served();
    var stored =
        new Served(
            Kind.EVENTS,
            served.singular(),
            served.shortNames(),
            served.categories(),
            served.listKind(),
            BuiltinTypes.of("Event"),
            served.nameSchema(),
            served.status(),
            served.scale(),
            served.columns(),
            served.custom());
    HttpRequest http = call.http();
    return new View(
        new Call(http, call.query(), stored, call.namespace(), call.name(), call.subresource()),
        true);
  }

  String apiVersion() {
    return newEvents ? Registry.NEW_EVENTS.apiVersion() : stored.kind().apiVersion();
  }

  /** What came from the caller, in the stored form. Changes its argument. */
  ObjectNode in(ObjectNode object) {
    if (newEvents && object.path("apiVersion").asText().equals(apiVersion())) {
      NAMES.forEach((theirs, ours) -> rename(object, theirs, ours));
      object.put("apiVersion", stored.kind().apiVersion());
    }
    return object;
  }

  /** What goes to the caller. Its argument may be shared and stays as it is. */
  ObjectNode out(ObjectNode object) {
    if (!newEvents) {
      return object;
    }
    var seen = object.deepCopy();
    NAMES.forEach((theirs, ours) -> rename(seen, ours, theirs));
    return seen.put("apiVersion", apiVersion());
  }

  private static void rename(ObjectNode object, String from, String to) {
    var value = object.remove(from);
    if (value != null) {
      object.set(to, value);
    }
  }
}
