package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.desired.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * PodDisruptionBudgets of others over the pods of networks. If two budgets select a pod, the
 * eviction API refuses for ever to evict it: a budget of ours would do harm.
 */
public final class Rivals {
  /** Those of each pod; where one is empty, it is the name of the network. */
  private static final Map<String, String> LABELS = Names.labels("");

  private Rivals() {}

  /**
   * The name of the first one for each network that has one. Each budget may cost a look at each
   * network; a long selector costs no more than its own length besides.
   *
   * @param list budgets of the namespace, or a page of them
   * @param networks names of those in the namespace
   */
  public static Map<String, String> of(JsonNode list, Set<String> networks) {
    var rivals = new HashMap<String, String>();
    var without = new HashSet<>(networks);
    for (var budget : list.path("items")) {
      var name = budget.at("/metadata/name").asText();
      for (var network : selected(budget.at("/spec/selector"), without)) {
        if (!name.equals(Names.disruptionBudget(network))) {
          rivals.put(network, name);
          without.remove(network);
        }
      }
    }
    return rivals;
  }

  /**
   * Those of the networks whose pods a selector selects. Kubernetes, "Labels and Selectors". In
   * policy/v1 an empty selector selects all pods, a missing one none.
   */
  private static Set<String> selected(JsonNode selector, Set<String> networks) {
    if (!selector.isObject()) {
      return Set.of();
    }
    var selected = new HashSet<>(networks);
    for (var wanted : selector.path("matchLabels").properties()) {
      keep(selected, wanted.getKey(), "In", Set.of(wanted.getValue().asText()));
    }
    for (var expression : selector.path("matchExpressions")) {
      var values = new HashSet<String>();
      expression.path("values").forEach(value -> values.add(value.asText()));
      var operator = expression.path("operator").asText();
      keep(selected, expression.path("key").asText(), operator, values);
    }
    return selected;
  }

  private static void keep(Set<String> selected, String key, String operator, Set<String> values) {
    var label = Optional.ofNullable(LABELS.get(key));
    var isName = label.filter(String::isEmpty).isPresent();
    if (isName && operator.equals("In")) {
      selected.retainAll(values);
    } else if (isName && operator.equals("NotIn")) {
      values.forEach(selected::remove);
    } else if (!meets(label, operator, values)) {
      selected.clear();
    }
  }

  private static boolean meets(Optional<String> label, String operator, Set<String> values) {
    return switch (operator) {
      case "In" -> label.filter(values::contains).isPresent();
      case "NotIn" -> label.filter(values::contains).isEmpty();
      case "Exists" -> label.isPresent();
      case "DoesNotExist" -> label.isEmpty();
      default -> false;
    };
  }
}
