package io.bitcoincontroller.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.StoredObject;
import java.util.Optional;

/**
 * How an object is created, and how it becomes one that is applied. A POST is the cheapest way to
 * create, and fails where another object has the name. But the fields of a POST are owned by an
 * "update", and an apply takes away only what an apply of the same manager had set: a field that is
 * no longer rendered would stay for ever. So a created object says in an annotation that it is as
 * created. Before the first apply, {@link #handOver} makes the entry of the POST in {@code
 * managedFields} one of an apply, as client-go's {@code csaupgrade} does for kubectl.
 */
public final class Creation {
  private static final String AS_CREATED = Names.annotation("as-created");

  private Creation() {}

  /** The object that a POST creates. */
  public static ObjectNode object(ObjectNode rendered) {
    var created = rendered.deepCopy();
    created.withObject("/metadata/annotations").put(AS_CREATED, "true");
    return created;
  }

  /** Whether an apply would leave fields behind that it does not name any more. */
  public static boolean isAsCreated(StoredObject stored) {
    return stored.metadata().annotations().containsKey(AS_CREATED);
  }

  /**
   * The JSON patch after which an apply may come. It also takes the annotation away.
   *
   * @param metadata as it is stored, {@code managedFields} included; the patch is refused if the
   *     object has changed since
   */
  public static ArrayNode handOver(JsonNode metadata) {
    var patch = JsonNodeFactory.instance.arrayNode();
    operation(patch, "replace", "/metadata/resourceVersion")
        .set("value", metadata.path("resourceVersion"));
    // somebody may have taken them away: then an apply finds no owner that it would have to follow
    if (metadata.has("managedFields")) {
      operation(patch, "replace", "/metadata/managedFields")
          .set("value", applied(metadata.path("managedFields")));
    }
    if (metadata.path("annotations").has(AS_CREATED)) {
      operation(patch, "remove", "/metadata/annotations/" + AS_CREATED.replace("/", "~1"));
    }
    return patch;
  }

  private static ObjectNode operation(ArrayNode patch, String name, String path) {
    return patch.addObject().put("op", name).put("path", path);
  }

  /** The same entries, with all of ours in one. Others' entries, and that of the status, stay. */
  private static ArrayNode applied(JsonNode managedFields) {
    var entries = JsonNodeFactory.instance.arrayNode();
    var first = Optional.<ObjectNode>empty();
    for (var entry : managedFields) {
      ObjectNode copy = entry.deepCopy();
      if (!isOurs(entry)) {
        entries.add(copy);
      } else if (first.isPresent()) {
        merge(first.get().withObject("/fieldsV1"), entry.path("fieldsV1"));
      } else {
        entries.add(copy.put("operation", "Apply"));
        first = Optional.of(copy);
      }
    }
    return entries;
  }

  private static boolean isOurs(JsonNode entry) {
    return entry.path("manager").asText().equals(Requests.FIELD_MANAGER)
        && entry.path("subresource").asText().isEmpty();
  }

  private static void merge(ObjectNode into, JsonNode fields) {
    fields.forEachEntry(
        (name, below) -> {
          if (into.get(name) instanceof ObjectNode there) {
            merge(there, below);
          } else {
            into.set(name, below);
          }
        });
  }
}
