package io.bitcoincontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The controller's report on a network.
 *
 * @param nodes one entry for each wanted node, in the order of their ordinals
 * @param replicas pods that exist
 * @param selector label selector of the pods
 * @param height the lowest of the ready nodes; empty while none answers
 * @param tips how many different best blocks the ready nodes have; empty while none answers
 */
public record Status(
    List<NodeStatus> nodes,
    int replicas,
    int readyReplicas,
    String selector,
    OptionalLong height,
    OptionalInt tips,
    long observedGeneration,
    List<Condition> conditions) {
  /** All but the conditions. Others may write more into a status: it is theirs, and stays. */
  private static final List<String> FIELDS =
      List.of(
          "nodes", "replicas", "readyReplicas", "selector", "height", "tips", "observedGeneration");

  /** How the status that was found differs from the stored one. */
  public enum Difference {
    NONE,
    /** Only heights, best blocks or counts of peers: not worth a write at every mined block. */
    NUMBERS,
    /**
     * The answers Ready and Meshed stay as they are, with their reasons, while single nodes come,
     * go or reach the newest block: many of these come together, and one write serves them all. The
     * first status of a network whose nodes are still starting counts as progress, too.
     */
    PROGRESS,
    MEANING
  }

  /**
   * As it is to be stored.
   *
   * @param before the stored status, or a missing node
   */
  public ObjectNode json(JsonNode before, Instant now) {
    var status = JsonNodeFactory.instance.objectNode();
    var list = status.putArray("nodes");
    nodes.forEach(node -> list.add(node.json()));
    status.put("replicas", replicas).put("readyReplicas", readyReplicas).put("selector", selector);
    height.ifPresent(lowest -> status.put("height", lowest));
    tips.ifPresent(count -> status.put("tips", count));
    status.put("observedGeneration", observedGeneration);
    var answers = status.putArray("conditions");
    conditions.forEach(
        condition ->
            answers.add(
                condition.json(condition(before, condition.type()), observedGeneration, now)));
    return status;
  }

  /** The stored condition of this type, or a missing node. */
  public static JsonNode condition(JsonNode status, String type) {
    for (var condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return MissingNode.getInstance();
  }

  /**
   * The stored status of a network whose spec is not valid: nothing else is found out about it, and
   * nothing is lost.
   */
  public static ObjectNode invalid(
      JsonNode before, long generation, List<String> problems, Instant now) {
    var status = ours(before);
    var conditions = JsonNodeFactory.instance.arrayNode();
    var invalid =
        new Condition(Condition.READY, false, Condition.INVALID, String.join("; ", problems));
    conditions.add(invalid.json(condition(before, Condition.READY), generation, now));
    for (var type : List.of(Condition.MESHED, Condition.SYNCED)) {
      // nobody looks whether it holds
      conditions.add(Condition.unknown(type, condition(before, type), generation, now));
    }
    status.put("observedGeneration", generation).set("conditions", conditions);
    return status;
  }

  /** The status of a network that can't be read: nothing else of it is known. */
  public static ObjectNode unreadable(String why, Instant now) {
    var missing = MissingNode.getInstance();
    var status = JsonNodeFactory.instance.objectNode();
    var conditions = status.putArray("conditions");
    var text = "the network can't be read, and its pods are let alone: " + why;
    var ready = new Condition(Condition.READY, false, Condition.UNREADABLE, text);
    conditions.add(ready.json(missing, 0, now));
    for (var type : List.of(Condition.MESHED, Condition.SYNCED)) {
      var unknown = "not looked at while the network can't be read";
      conditions.add(
          new Condition(type, false, Condition.UNREADABLE, unknown)
              .json("Unknown", missing, 0, now));
    }
    return status;
  }

  /**
   * Compares what is ours in two statuses.
   *
   * @param one as it is stored
   * @param other that, or as {@link #json} or {@link #invalid} gave it
   */
  public static Difference difference(JsonNode one, JsonNode other) {
    var before = ours(one);
    var after = ours(other);
    if (Json.same(before, after)) {
      return Difference.NONE;
    }
    if (Json.same(withoutNumbers(before), withoutNumbers(after))) {
      return Difference.NUMBERS;
    }
    var starting =
        before.isEmpty()
            && condition(after, Condition.READY).path("reason").asText().equals(Condition.WAITING);
    return starting || (Json.same(verdict(before), verdict(after)) && !loses(before, after))
        ? Difference.PROGRESS
        : Difference.MEANING;
  }

  /** The same if what is ours is stored to the letter as before. */
  public static int hash(JsonNode stored) {
    return ours(stored).hashCode();
  }

  /** In words what is not the same in two statuses: fields, and types of conditions. */
  public static String changed(JsonNode one, JsonNode other) {
    var before = ours(one);
    var after = ours(other);
    var changed = new ArrayList<String>();
    for (var field : FIELDS) {
      if (!Json.same(before.path(field), after.path(field))) {
        changed.add(field);
      }
    }
    for (var type : Condition.TYPES) {
      if (!Json.same(condition(before, type), condition(after, type))) {
        changed.add(type);
      }
    }
    return String.join(", ", changed);
  }

  /** Our own part of a stored status, with the conditions in our order. */
  private static ObjectNode ours(JsonNode stored) {
    var ours = JsonNodeFactory.instance.objectNode();
    FIELDS.stream().filter(stored::has).forEach(field -> ours.set(field, stored.get(field)));
    var conditions = JsonNodeFactory.instance.arrayNode();
    for (var type : Condition.TYPES) {
      if (condition(stored, type).deepCopy() instanceof ObjectNode condition) {
        conditions.add(condition.retain(Condition.FIELDS));
      }
    }
    if (!conditions.isEmpty()) {
      ours.set("conditions", conditions);
    }
    return ours;
  }

  /** Whether the stored status shows an address or readiness that a node has lost. */
  private static boolean loses(JsonNode before, JsonNode after) {
    for (var i = 0; i < before.path("nodes").size(); i++) {
      var was = before.path("nodes").path(i);
      var is = after.path("nodes").path(i);
      var address = was.path("ip").asText("");
      if ((!address.isEmpty() && !address.equals(is.path("ip").asText()))
          || (was.path("ready").asBoolean() && !is.path("ready").asBoolean())) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode verdict(JsonNode status) {
    var verdict = JsonNodeFactory.instance.objectNode();
    verdict.put("observedGeneration", status.path("observedGeneration").asLong());
    for (var type : List.of(Condition.READY, Condition.MESHED)) {
      var condition = condition(status, type);
      verdict.put(type, condition.path("status").asText() + condition.path("reason").asText());
    }
    return verdict;
  }

  private static JsonNode withoutNumbers(JsonNode status) {
    if (!(status.deepCopy() instanceof ObjectNode copy)) {
      return status;
    }
    copy.remove(List.of("height", "tips"));
    for (var node : copy.path("nodes")) {
      if (node instanceof ObjectNode entry) {
        entry.remove(List.of("height", "bestBlockHash", "peers"));
      }
    }
    return copy;
  }
}
