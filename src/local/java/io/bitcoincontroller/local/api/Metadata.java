package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.kube.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The parts of an object's metadata that the rooms above ask for. */
public final class Metadata {
  private Metadata() {}

  public static ObjectKey key(JsonNode object) {
    var metadata = object.path("metadata");
    return new ObjectKey(metadata.path("namespace").asText(), metadata.path("name").asText());
  }

  public static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText();
  }

  /** Its deletion was asked for, and somebody must act before it is gone. */
  public static boolean deleting(JsonNode object) {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  /** Only the metadata of an object, where the caller asked for no more; a list is sent whole. */
  static JsonNode ifWanted(Call call, JsonNode body) {
    var accept = call.http().header("Accept").replace(" ", "");
    var isObject = body.path("metadata").has("uid");
    if (!isObject || !accept.startsWith("application/json;as=PartialObjectMetadata")) {
      return body;
    }
    var partial = JsonNodeFactory.instance.objectNode();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    return partial.set("metadata", body.get("metadata"));
  }

  /** As {@code metav1.Time} is written: whole seconds, UTC. */
  public static String timestamp(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
