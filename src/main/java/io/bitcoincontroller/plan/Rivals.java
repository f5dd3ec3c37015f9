package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * PodDisruptionBudgets of others over the pods of a network. If two budgets select a pod, the
 * eviction API refuses for ever to evict it: a budget of ours would do harm.
 */
public final class Rivals {
  private Rivals() {}

  /**
   * The name of the first one.
   *
   * @param list budgets of the namespace, or a page of them
   * @param own name of our budget
   * @param labels those of each pod
   */
  public static Optional<String> first(JsonNode list, String own, Map<String, String> labels) {
    for (var budget : list.path("items")) {
      var name = budget.at("/metadata/name").asText();
      if (!name.equals(own) && selects(budget.at("/spec/selector"), labels)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /**
   * Kubernetes, "Labels and Selectors". In policy/v1 an empty selector selects all pods, a missing
   * one none.
   */
  static boolean selects(JsonNode selector, Map<String, String> labels) {
    if (!selector.isObject()) {
      return false;
    }
    for (var wanted : selector.path("matchLabels").properties()) {
      if (!wanted.getValue().asText().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    for (var expression : selector.path("matchExpressions")) {
      if (!meets(expression, labels)) {
        return false;
      }
    }
    return true;
  }

  private static boolean meets(JsonNode expression, Map<String, String> labels) {
    var value = Optional.ofNullable(labels.get(expression.path("key").asText()));
    var isIn = false;
    for (var one : expression.path("values")) {
      isIn |= value.equals(Optional.of(one.asText()));
    }
    return switch (expression.path("operator").asText()) {
      case "In" -> isIn;
      case "NotIn" -> !isIn;
      case "Exists" -> value.isPresent();
      case "DoesNotExist" -> value.isEmpty();
      default -> false;
    };
  }
}
