package io.bitcoincontroller.local.realcluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** A namespace of a test's own in a real cluster, and what its administrator does there. */
public final class RealNamespace implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final JsonMapper READER =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNameLength(10_000_000).build())
              .build());

  private final ApiServer api;
  private final String name =
      "real-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

  public RealNamespace(RealCluster cluster) throws IOException, InterruptedException {
    this.api = new ApiServer(cluster.access(), "the administrator", (_, _, _) -> {});
    post("/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}");
  }

  public String name() {
    return name;
  }

  public ApiServer api() {
    return api;
  }

  /**
   * Creates an object.
   *
   * @param manifest one JSON object, or YAML in flow style
   */
  public JsonNode post(String path, String manifest) throws IOException, InterruptedException {
    return send("POST", path, "application/json", json(manifest));
  }

  private static String json(String manifest) throws IOException {
    return Yaml.readOne(manifest).toString();
  }

  /**
   * Creates an object in this namespace.
   *
   * @param rest of the manifest, without kind and name, as YAML in flow style
   */
  public JsonNode create(Resource<?> resource, String object, String rest)
      throws IOException, InterruptedException {
    var manifest = (ObjectNode) Json.MAPPER.readTree(json(rest));
    manifest.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
    manifest.withObject("/metadata").put("name", object);
    return body(api.send(Requests.create(resource, name, manifest), DEADLINE));
  }

  /** Changes an object by a merge patch in JSON. */
  public JsonNode patch(Resource<?> resource, String object, String change)
      throws IOException, InterruptedException {
    var path = resource.path(new ObjectKey(name, object));
    return send("PATCH", path, "application/merge-patch+json", change);
  }

  /** Returns when the object is gone, or has its deletionTimestamp. */
  public void delete(Resource<?> resource, String object) throws IOException, InterruptedException {
    delete(resource.path(new ObjectKey(name, object)));
  }

  public void delete(String path) throws IOException, InterruptedException {
    var request = new ApiRequest("DELETE", path, "", Optional.empty());
    switch (api.open(request, DEADLINE)) {
      case ApiServer.Opening.Streaming(var body) -> body.close();
      case ApiServer.Opening.Refused(var why) -> throw new IOException(why.text());
    }
  }

  /** An object or a list, however large: the product's client has a limit. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    var request = new ApiRequest("GET", path, "", Optional.empty());
    return switch (api.open(request, DEADLINE)) {
      case ApiServer.Opening.Streaming(var body) -> {
        try (body) {
          yield READER.readTree(body);
        }
      }
      case ApiServer.Opening.Refused(var why) -> throw new IOException(why.text());
    };
  }

  private JsonNode send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    return body(api.send(new ApiRequest(method, path, type, Optional.of(body)), DEADLINE));
  }

  private static JsonNode body(Reply reply) throws IOException {
    return switch (reply) {
      case Reply.Success(_, var body) -> body;
      case Reply.Failure failure -> throw new IOException(failure.text());
    };
  }

  @Override
  public void close() throws IOException {
    try {
      delete("/api/v1/namespaces/" + name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      api.close();
    }
  }
}
