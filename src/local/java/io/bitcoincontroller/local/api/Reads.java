package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** GET of one object, and lists. */
final class Reads {
  private final MemoryStorage storage;

  Reads(MemoryStorage storage) {
    this.storage = storage;
  }

  JsonNode answer(Call call, View view) {
    return call.name().isEmpty() ? list(call, view) : one(call, view);
  }

  private JsonNode one(Call call, View view) {
    var object =
        storage
            .get(call.kind(), call.key())
            .orElseThrow(() -> Errors.notFound(call.kind(), call.name()));
    if (call.subresource().equals("scale")) {
      return Scales.of(call.served(), object);
    }
    return Tables.wanted(call.http())
        ? Tables.of(call, List.of(view.out(object)), object.path("metadata"))
        : view.out(object);
  }

  private JsonNode list(Call call, View view) {
    tooNew(call);
    var snapshot = storage.snapshot(call.kind());
    var start = start(call, snapshot.revision());
    var selector = Selectors.of(call);
    var limit = limit(call);
    var matching =
        snapshot.objects().stream()
            .filter(o -> inNamespace(call, o) && selector.test(o))
            .filter(o -> place(o).compareTo(start.after()) > 0)
            .toList();
    var page = matching.size() > limit ? matching.subList(0, limit) : matching;
    var metadata = JsonNodeFactory.instance.objectNode();
    metadata.put("resourceVersion", Long.toString(start.revision()));
    if (page.size() < matching.size()) {
      metadata.put("continue", new Page(start.revision(), place(page.getLast())).token());
      metadata.put("remainingItemCount", matching.size() - page.size());
    }
    var seen = page.stream().map(view::out).toList();
    if (Tables.wanted(call.http())) {
      return Tables.of(call, seen, metadata);
    }
    var list = JsonNodeFactory.instance.objectNode();
    list.put("kind", call.served().listKind()).put("apiVersion", view.apiVersion());
    list.set("metadata", metadata);
    var items = list.putArray("items");
    seen.forEach(object -> items.add(call.served().custom() ? object : withoutKind(object)));
    return list;
  }

  /** Kubernetes' own kinds name themselves only in the list's kind, which clients must know. */
  private static ObjectNode withoutKind(ObjectNode object) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.setAll(object);
    return item.without(List.of("apiVersion", "kind"));
  }

  private static int limit(Call call) {
    var limit = call.parameter("limit");
    if (limit.isEmpty() || limit.equals("0")) {
      return Integer.MAX_VALUE;
    }
    if (!limit.matches("[0-9]{1,9}")) {
      throw Errors.badRequest("limit is not a number");
    }
    return Integer.parseInt(limit);
  }

  static boolean inNamespace(Call call, JsonNode object) {
    return call.namespace().isEmpty()
        || object.path("metadata").path("namespace").asText().equals(call.namespace());
  }

  /** A version that isn't there yet: 504, as the real one answers after waiting for it. */
  private void tooNew(Call call) {
    var wanted = call.parameter("resourceVersion");
    if (wanted.isEmpty() || wanted.equals("0")) {
      return;
    }
    if (!wanted.matches("[0-9]{1,18}")) {
      throw Errors.badRequest("Invalid value: \"" + wanted + "\": not a resourceVersion");
    }
    if (Long.parseLong(wanted) > storage.revision()) {
      throw Errors.tooLargeResourceVersion(Long.parseLong(wanted), storage.revision());
    }
  }

  /**
   * Where a page starts. The pages of one list are not of one moment here: later pages show what is
   * stored now, at the first page's revision; a watch from there brings every change twice at
   * worst.
   */
  private record Page(long revision, String after) {
    String token() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString((revision + " " + after).getBytes(StandardCharsets.UTF_8));
    }
  }

  private Page start(Call call, long revision) {
    var token = call.parameter("continue");
    if (token.isEmpty()) {
      return new Page(revision, "");
    }
    try {
      var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      var parts = text.split(" ", 2);
      var page = new Page(Long.parseLong(parts[0]), parts[1]);
      if (page.revision < storage.compactedRevision()) {
        throw Errors.expired(
            "The provided continue parameter is too old to display a consistent list result."
                + " You must start a new list without the continue parameter.");
      }
      return page;
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw Errors.badRequest("continue key is not valid");
    }
  }

  private static String place(ObjectNode object) {
    var metadata = object.path("metadata");
    return metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
  }
}
