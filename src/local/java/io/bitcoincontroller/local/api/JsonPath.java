package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The JSONPath of printer columns: {@code .a.b}, {@code ['a.b']}, {@code [0]}, {@code [*]} and the
 * filter {@code [?(@.type=="Ready")]}. Anything else finds nothing.
 */
final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.([A-Za-z0-9_/\\\\.-]*?[A-Za-z0-9_/-])(?=[.\\[]|$)"
              + "|\\['([^']*)'\\]"
              + "|\\[(\\d+|\\*)\\]"
              + "|\\[\\?\\(@\\.([A-Za-z0-9_.]+)\\s*==\\s*[\"']([^\"']*)[\"']\\)\\]");

  private JsonPath() {}

  /** All values at the path. */
  static List<JsonNode> find(JsonNode root, String path) {
    var found = List.of(root);
    var rest = path.startsWith("{") ? path.substring(1, path.length() - 1) : path;
    var steps = STEP.matcher(rest);
    var end = 0;
    while (end < rest.length() && steps.find(end) && steps.start() == end) {
      var next = new ArrayList<JsonNode>();
      for (var node : found) {
        if (steps.group(1) != null) {
          next.add(node.path(steps.group(1)));
        } else if (steps.group(2) != null) {
          next.add(node.path(steps.group(2)));
        } else if (steps.group(3) != null) {
          index(node, steps.group(3), next);
        } else {
          filter(node, steps.group(4), steps.group(5), next);
        }
      }
      found = next;
      end = steps.end();
    }
    return end < rest.length()
        ? List.of()
        : found.stream().filter(node -> !node.isMissingNode() && !node.isNull()).toList();
  }

  private static void index(JsonNode list, String index, List<JsonNode> found) {
    if (index.equals("*")) {
      list.forEach(found::add);
    } else {
      found.add(list.path(Integer.parseInt(index)));
    }
  }

  private static void filter(JsonNode list, String field, String value, List<JsonNode> found) {
    for (var item : list) {
      JsonNode at = item;
      for (var step : field.split("\\.", -1)) {
        at = at.path(step);
      }
      if (at.asText().equals(value)) {
        found.add(item);
      }
    }
  }
}
