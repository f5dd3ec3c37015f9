package io.bitcoincontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.kube.Excerpt;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * An answer to one question about a network (Kubernetes API conventions, "typical status
 * properties").
 *
 * @param type Ready, Meshed or Synced
 * @param reason one word in CamelCase, for machines
 * @param message a sentence that a person can act on
 */
public record Condition(String type, boolean holds, String reason, String message) {
  /** The schema takes 32768. */
  private static final int LONGEST_MESSAGE = 4096;

  public Condition {
    message = Excerpt.of(message, LONGEST_MESSAGE);
  }

  /** All wanted nodes are ready. */
  public static final String READY = "Ready";

  /** Every added-node list is as wanted and every wanted link is up. */
  public static final String MESHED = "Meshed";

  /** All ready nodes are on one best block. */
  public static final String SYNCED = "Synced";

  /** The reason where the network itself can't be read. */
  public static final String UNREADABLE = "Unreadable";

  /** The reason where the spec is not valid. */
  public static final String INVALID = "InvalidSpec";

  /** All of ours, in the order in which they are stored. */
  static final List<String> TYPES = List.of(READY, MESHED, SYNCED);

  static final List<String> FIELDS =
      List.of("type", "status", "reason", "message", "lastTransitionTime", "observedGeneration");

  /** The reason while pods are still to come. */
  public static final String WAITING = "NodesNotReady";

  /**
   * As it is to be stored.
   *
   * @param before the stored condition of this type, or a missing node: where the answer is the
   *     same, its transition time stays
   */
  JsonNode json(JsonNode before, long observedGeneration, Instant now) {
    return json(holds ? "True" : "False", before, observedGeneration, now);
  }

  /** A question that is not asked while the spec is not valid. */
  static JsonNode unknown(String type, JsonNode before, long observedGeneration, Instant now) {
    var text = "not looked at while the spec is not valid";
    return new Condition(type, false, INVALID, text)
        .json("Unknown", before, observedGeneration, now);
  }

  JsonNode json(String status, JsonNode before, long observedGeneration, Instant now) {
    var since = before.path("lastTransitionTime").asText();
    var same = before.path("status").asText().equals(status) && !since.isEmpty();
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", type)
        .put("status", status)
        .put("reason", reason)
        .put("message", message)
        .put("lastTransitionTime", same ? since : now.truncatedTo(ChronoUnit.SECONDS).toString())
        .put("observedGeneration", observedGeneration);
  }
}
