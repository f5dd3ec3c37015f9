package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
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

  /** As {@code metav1.Time} is written: whole seconds, UTC. */
  public static String timestamp(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
