package io.bitcoincontroller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.kube.ApiRequest.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Builds every request that the controller sends but those of an election; pure. */
public final class Requests {
  /** The owner of the fields we apply, as {@code managedFields} shows it. */
  public static final String FIELD_MANAGER = "bitcoin-controller";

  private static final String APPLY = "application/apply-patch+yaml";
  private static final String MERGE = "application/merge-patch+json";
  private static final String STRATEGIC_MERGE = "application/strategic-merge-patch+json";
  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String JSON = "application/json";

  private Requests() {}

  public static ApiRequest get(Resource<?> resource, ObjectKey key) {
    return ApiRequest.get(resource.path(key));
  }

  /**
   * A GET on a collection.
   *
   * @param namespace empty for all
   * @param query in the order in which it shall be sent; entries with an empty value are left out
   */
  public static ApiRequest collection(
      Resource<?> resource, String namespace, Map<String, String> query) {
    return ApiRequest.get(resource.path(namespace) + queryString(query));
  }

  /**
   * Server-side apply: creates the object, or makes the fields in {@code object} ours and as given,
   * and removes those that an earlier apply of ours had and this one has not.
   *
   * <p>With force: fields of other managers become ours.
   *
   * @param object names its apiVersion, kind and metadata.name, and only the fields we own
   */
  public static ApiRequest apply(Resource<?> resource, ObjectKey key, JsonNode object) {
    return apply(resource.path(key), object, Answer.OBJECT);
  }

  /**
   * As {@link #apply}, on the status subresource. Only the version of the answer is read: so an
   * object that can't be read can have a status.
   */
  public static ApiRequest applyStatus(Resource<?> resource, ObjectKey key, JsonNode object) {
    return apply(resource.path(key) + "/status", object, Answer.IDENTITY);
  }

  /**
   * As {@link #applyStatus}, of a part of the status that has an owner of its own: it comes and
   * goes with no regard to the rest. If {@code object} names a resourceVersion and the stored one
   * is another, nothing is written: 409. The answer is read: an older schema may have left the part
   * out.
   *
   * @param part is added to the owner's name
   */
  public static ApiRequest applyStatusPart(
      Resource<?> resource, ObjectKey key, JsonNode object, String part) {
    var manager = FIELD_MANAGER + "-" + part;
    return apply(resource.path(key) + "/status", object, manager, Answer.OBJECT);
  }

  private static ApiRequest apply(String path, JsonNode object, Answer answer) {
    return apply(path, object, FIELD_MANAGER, answer);
  }

  private static ApiRequest apply(String path, JsonNode object, String manager, Answer answer) {
    var query = new LinkedHashMap<String, String>();
    query.put("fieldManager", manager);
    query.put("force", "true");
    // JSON is valid YAML, and this content type has no JSON twin before Kubernetes 1.32
    return new ApiRequest(
        "PATCH", path + queryString(query), APPLY, Optional.of(object.toString()), answer);
  }

  /** POST: fails with 409 AlreadyExists instead of changing what is there. */
  public static ApiRequest create(Resource<?> resource, String namespace, JsonNode object) {
    var query = Map.of("fieldManager", FIELD_MANAGER);
    return new ApiRequest(
        "POST",
        resource.path(namespace) + queryString(query),
        JSON,
        Optional.of(object.toString()));
  }

  /** The metadata of an object, {@code managedFields} included. */
  public static ApiRequest metadata(Resource<?> resource, ObjectKey key) {
    return new ApiRequest("GET", resource.path(key), "", Optional.empty(), Answer.METADATA);
  }

  /** A JSON patch (RFC 6902): all of its operations, or none. */
  public static ApiRequest jsonPatch(Resource<?> resource, ObjectKey key, JsonNode operations) {
    return patch(resource, key, JSON_PATCH, operations);
  }

  /** DELETE of that very object: 409 if another one has its name by now. */
  public static ApiRequest delete(Resource<?> resource, ObjectKey key, String uid) {
    var options = JsonNodeFactory.instance.objectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options.putObject("preconditions").put("uid", uid);
    return new ApiRequest("DELETE", resource.path(key), JSON, Optional.of(options.toString()));
  }

  /** The version of Kubernetes. */
  public static ApiRequest version() {
    return ApiRequest.get("/version");
  }

  /** A JSON merge patch (RFC 7386): sets these fields, whoever owns them, and creates nothing. */
  public static ApiRequest merge(Resource<?> resource, ObjectKey key, JsonNode patch) {
    return patch(resource, key, MERGE, patch);
  }

  /**
   * A strategic merge patch: as {@link #merge}, but entries of lists are found by their keys; for
   * Kubernetes' own kinds only.
   */
  public static ApiRequest strategicMerge(Resource<?> resource, ObjectKey key, JsonNode patch) {
    return patch(resource, key, STRATEGIC_MERGE, patch);
  }

  private static ApiRequest patch(
      Resource<?> resource, ObjectKey key, String contentType, JsonNode patch) {
    var query = Map.of("fieldManager", FIELD_MANAGER);
    return new ApiRequest(
        "PATCH",
        resource.path(key) + queryString(query),
        contentType,
        Optional.of(patch.toString()));
  }

  private static String queryString(Map<String, String> query) {
    var text = new StringBuilder();
    query.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(encode(value));
          }
        });
    return text.toString();
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
