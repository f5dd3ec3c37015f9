package io.bitcoincontroller.local.user;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.access.ConfigurationException;
import io.bitcoincontroller.access.Kubeconfig;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.yaml.Yaml;
import io.bitcoincontroller.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A user of the cluster: what kubectl would do, by the same requests. */
public final class User {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Optional<String> NO_BODY = Optional.empty();

  private final ApiServer server;
  private final String namespace;

  /**
   * @param namespace for objects that name none
   */
  public User(ApiServer server, String namespace) {
    this.server = server;
    this.namespace = namespace;
  }

  /**
   * The access that a kubeconfig gives, read as the controller reads it.
   *
   * @throws IOException if it gives none; the message says why
   */
  public static ClusterAccess access(Path kubeconfig) throws IOException {
    try {
      return Kubeconfig.load(Optional.of(kubeconfig), Optional.empty(), System.getenv(), _ -> {});
    } catch (ConfigurationException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  public String namespace() {
    return namespace;
  }

  /** {@code kubectl apply --server-side}. */
  public void apply(JsonNode manifest) throws IOException, InterruptedException {
    send(applying(manifest));
  }

  /** As {@link #apply}, where the server may refuse. */
  public Reply tryToApply(JsonNode manifest) throws IOException, InterruptedException {
    return server.send(applying(manifest), DEADLINE);
  }

  /**
   * {@code kubectl apply -f}.
   *
   * @param manifests YAML, of which each document is one object
   */
  public void apply(Path manifests) throws IOException, InterruptedException {
    try {
      for (var manifest : Yaml.readAll(Files.readString(manifests))) {
        apply(manifest);
      }
    } catch (YamlException e) {
      throw new IOException(manifests + ": " + e.getMessage(), e);
    }
  }

  private ApiRequest applying(JsonNode manifest) throws IOException, InterruptedException {
    var target = collection(manifest) + "/" + manifest.at("/metadata/name").asText();
    return new ApiRequest(
        "PATCH",
        target + "?fieldManager=kubectl",
        "application/apply-patch+yaml",
        Optional.of(manifest.toString()));
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

  public JsonNode get(String path) throws IOException, InterruptedException {
    return send(new ApiRequest("GET", path, "", NO_BODY));
  }

  public void delete(String path) throws IOException, InterruptedException {
    send(new ApiRequest("DELETE", path, "", NO_BODY));
  }

  /** {@code kubectl scale --replicas}. */
  public void scale(String path, int replicas) throws IOException, InterruptedException {
    patch(path + "/scale", "{\"spec\":{\"replicas\":" + replicas + "}}");
  }

  /** {@code kubectl patch --type=merge -p}. */
  public void patch(String path, String change) throws IOException, InterruptedException {
    send(
        new ApiRequest(
            "PATCH",
            path + "?fieldManager=kubectl",
            "application/merge-patch+json",
            Optional.of(change)));
  }

  private JsonNode send(ApiRequest request) throws IOException, InterruptedException {
    return switch (server.send(request, DEADLINE)) {
      case Reply.Success(_, var body) -> body;
      case Reply.Failure failure -> throw new IOException(request + ": " + failure.text());
    };
  }
}
