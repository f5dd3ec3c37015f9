package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** {@code labelSelector} and {@code fieldSelector}, as predicates on objects. */
final class Selectors {
  private static final Pattern IN =
      Pattern.compile("\\s*(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)\\s*");
  private static final Pattern EQUALITY =
      Pattern.compile("\\s*([^=!\\s]+)\\s*(==|=|!=)\\s*(\\S*)\\s*");
  private static final Pattern KEY = Pattern.compile("\\s*(!?)\\s*([^=!\\s(),]+)\\s*");

  private Selectors() {}

  /** Both selectors of a request; empty ones let everything through. 400 if one can't be read. */
  static Predicate<ObjectNode> of(Call call) {
    var labels = labels(call.parameter("labelSelector"));
    var fields = fields(call.kind(), call.parameter("fieldSelector"));
    return object -> labels.test(object.path("metadata").path("labels")) && fields.test(object);
  }

  /** On the map of labels; an absent map has no labels. */
  static Predicate<JsonNode> labels(String selector) {
    Predicate<JsonNode> all = _ -> true;
    for (var requirement : split(selector)) {
      all = all.and(requirement(requirement));
    }
    return all;
  }

  /** Splits at commas outside of parentheses. */
  private static List<String> split(String selector) {
    var parts = new ArrayList<String>();
    var depth = 0;
    var start = 0;
    for (var i = 0; i < selector.length(); i++) {
      switch (selector.charAt(i)) {
        case '(' -> depth++;
        case ')' -> depth--;
        case ',' -> {
          if (depth == 0) {
            parts.add(selector.substring(start, i));
            start = i + 1;
          }
        }
        default -> {}
      }
    }
    if (start < selector.length()) {
      parts.add(selector.substring(start));
    }
    return parts;
  }

  private static Predicate<JsonNode> requirement(String text) {
    var in = IN.matcher(text);
    if (in.matches()) {
      var key = in.group(1);
      var values = List.of(in.group(3).trim().split("\\s*,\\s*", -1));
      // notin is also true where the label is absent
      return in.group(2).equals("in")
          ? labels -> labels.has(key) && values.contains(labels.path(key).asText())
          : labels -> !labels.has(key) || !values.contains(labels.path(key).asText());
    }
    var equality = EQUALITY.matcher(text);
    if (equality.matches()) {
      var key = equality.group(1);
      var value = equality.group(3);
      return equality.group(2).equals("!=")
          ? labels -> !labels.has(key) || !labels.path(key).asText().equals(value)
          : labels -> labels.has(key) && labels.path(key).asText().equals(value);
    }
    var exists = KEY.matcher(text);
    if (exists.matches()) {
      var key = exists.group(2);
      return exists.group(1).isEmpty() ? labels -> labels.has(key) : labels -> !labels.has(key);
    }
    throw Errors.badRequest("unable to parse requirement: " + text);
  }

  private static Predicate<ObjectNode> fields(Kind kind, String selector) {
    Predicate<ObjectNode> all = _ -> true;
    for (var part : split(selector)) {
      var parsed = EQUALITY.matcher(part);
      if (!parsed.matches()) {
        throw Errors.badRequest("invalid selector: '" + part + "'; can't understand it");
      }
      var path = parsed.group(1);
      if (!supported(kind, path)) {
        throw Errors.badRequest("field label not supported: " + path);
      }
      var value = parsed.group(3);
      var wanted = !parsed.group(2).equals("!=");
      all = all.and(object -> text(object, path).equals(value) == wanted);
    }
    return all;
  }

  private static boolean supported(Kind kind, String path) {
    return List.of("metadata.name", "metadata.namespace").contains(path)
        || (kind.equals(Kind.EVENTS)
            && (path.startsWith("involvedObject.")
                || path.startsWith("regarding.")
                || List.of("reason", "type", "source", "reportingComponent").contains(path)))
        || (kind.equals(Kind.PODS)
            && List.of("spec.nodeName", "status.phase", "status.podIP").contains(path))
        || (kind.equals(Kind.SECRETS) && path.equals("type"));
  }

  private static String text(ObjectNode object, String path) {
    JsonNode node = object;
    for (var step : path.replaceFirst("^regarding", "involvedObject").split("\\.", -1)) {
      node = node.path(step);
    }
    return node.asText();
  }
}
