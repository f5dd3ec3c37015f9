package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.local.http.HttpRequest;
import java.util.List;
import java.util.Optional;

/**
 * {@code kubectl auth can-i}: questions that are POSTed and not stored. The answer is always yes,
 * since the one user there is may do everything.
 */
final class Reviews {
  private static final List<String> PATH = List.of("apis", "authorization.k8s.io", "v1");

  private Reviews() {}

  /** Empty if the request is for something else. */
  static Optional<JsonNode> answer(HttpRequest request) {
    var path = request.segments();
    if (!request.method().equals("POST") || path.size() != 4 || !path.subList(0, 3).equals(PATH)) {
      return Optional.empty();
    }
    return switch (path.get(3)) {
      case "selfsubjectaccessreviews" -> Optional.of(allowed(request));
      case "selfsubjectrulesreviews" -> Optional.of(rules(request));
      default -> Optional.empty();
    };
  }

  private static ObjectNode allowed(HttpRequest request) {
    var review = body(request);
    review.putObject("status").put("allowed", true).put("reason", "the one user may do everything");
    return review;
  }

  private static ObjectNode rules(HttpRequest request) {
    var review = body(request);
    var status = review.putObject("status").put("incomplete", false);
    var resources = status.putArray("resourceRules").addObject();
    for (var field : List.of("verbs", "apiGroups", "resources")) {
      resources.putArray(field).add("*");
    }
    var others = status.putArray("nonResourceRules").addObject();
    others.putArray("verbs").add("*");
    others.putArray("nonResourceURLs").add("*");
    return review;
  }

  private static ObjectNode body(HttpRequest request) {
    try {
      if (Json.MAPPER.readTree(request.body()) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw Errors.badRequest("the body is not JSON: " + e.getOriginalMessage());
    }
    throw Errors.badRequest("the body is no JSON object");
  }
}
