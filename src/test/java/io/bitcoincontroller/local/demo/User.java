package io.bitcoincontroller.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A user of the cluster: what kubectl would do, by the same requests. */
final class User {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Optional<String> NO_BODY = Optional.empty();

  private final ApiServer server;
  private final String namespace;

  /**
   * @param namespace for objects that name none
   */
  User(ApiServer server, String namespace) {
    this.server = server;
    this.namespace = namespace;
  }

  String namespace() {
    return namespace;
  }

  /** {@code kubectl apply --server-side}. */
  void apply(JsonNode manifest) throws IOException, InterruptedException {
    var target = collection(manifest) + "/" + manifest.at("/metadata/name").asText();
    send(
        new ApiRequest(
            "PATCH",
            target + "?fieldManager=kubectl",
            "application/apply-patch+yaml",
            Optional.of(manifest.toString())));
  }

  /** Where objects of this kind live: the server itself says so. */
  private String collection(JsonNode manifest) throws IOException, InterruptedException {
    var apiVersion = manifest.path("apiVersion").asText();
    var kind = manifest.path("kind").asText();
    var root = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
    for (var resource : get(root).path("resources")) {
      var plural = resource.path("name").asText();
      if (resource.path("kind").asText().equals(kind) && !plural.contains("/")) {
        return root
            + (resource.path("namespaced").asBoolean()
                ? "/namespaces/" + manifest.at("/metadata/namespace").asText(namespace)
                : "")
            + "/"
            + plural;
      }
    }
    throw new IOException("the API server knows no kind " + kind + " in " + apiVersion);
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(new ApiRequest("GET", path, "", NO_BODY));
  }

  void delete(String path) throws IOException, InterruptedException {
    send(new ApiRequest("DELETE", path, "", NO_BODY));
  }

  /** {@code kubectl scale --replicas}. */
  void scale(String path, int replicas) throws IOException, InterruptedException {
    send(
        new ApiRequest(
            "PATCH",
            path + "/scale?fieldManager=kubectl",
            "application/merge-patch+json",
            Optional.of("{\"spec\":{\"replicas\":" + replicas + "}}")));
  }

  private JsonNode send(ApiRequest request) throws IOException, InterruptedException {
    return switch (server.send(request, DEADLINE)) {
      case Reply.Success(_, var body) -> body;
      case Reply.Failure failure -> throw new IOException(request + ": " + failure.text());
    };
  }
}
