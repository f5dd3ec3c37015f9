package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What tells clients which kinds there are: /version, /api, /apis and below, /openapi. */
final class Discovery {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private final Registry registry;
  private final OpenApi openApi;

  Discovery(Registry registry) {
    this.registry = registry;
    this.openApi = new OpenApi(registry);
  }

  record Answer(JsonNode body, String contentType) {
    static Answer json(JsonNode body) {
      return new Answer(body, "application/json");
    }
  }

  /** Empty if the request is for something else. 404 for an unknown group. */
  Optional<Answer> answer(HttpRequest request) {
    if (!request.method().equals("GET")) {
      return Optional.empty();
    }
    var path = request.segments();
    return switch (path.isEmpty() ? "" : path.getFirst()) {
      case "" -> Optional.of(Answer.json(paths()));
      case "version" -> Optional.of(Answer.json(version()));
      case "openapi" -> Optional.of(openApi.answer(path));
      case "api" -> path.size() <= 2 ? Optional.of(core(request, path)) : Optional.empty();
      case "apis" -> path.size() <= 3 ? Optional.of(groups(request, path)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static ObjectNode paths() {
    var root = NODES.objectNode();
    root.putArray("paths")
        .add("/api")
        .add("/apis")
        .add("/healthz")
        .add("/openapi/v2")
        .add("/openapi/v3")
        .add("/version");
    return root;
  }

  private static ObjectNode version() {
    return NODES
        .objectNode()
        .put("major", "1")
        .put("minor", "30")
        .put("gitVersion", "v1.30.0-local")
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z")
        .put("goVersion", "none")
        .put("compiler", "javac")
        .put("platform", System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
  }

  private Answer core(HttpRequest request, List<String> path) {
    if (path.size() == 2) {
      return resources("", path.get(1));
    }
    if (wantsAggregated(request)) {
      return aggregated(
          Map.of("", registry.all().stream().filter(s -> s.kind().group().isEmpty()).toList()));
    }
    var versions = NODES.objectNode().put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return Answer.json(versions);
  }

  private Answer groups(HttpRequest request, List<String> path) {
    var groups = new LinkedHashMap<String, List<Served>>();
    for (var served : registry.all()) {
      var group = served.kind().group();
      if (!group.isEmpty()) {
        groups.merge(group, List.of(served), Discovery::join);
      }
    }
    if (path.size() == 3) {
      return resources(path.get(1), path.get(2));
    }
    if (path.size() == 2) {
      var kinds = groups.get(path.get(1));
      if (kinds == null) {
        throw Errors.noSuchPath();
      }
      return Answer.json(group(path.get(1), kinds).put("kind", "APIGroup").put("apiVersion", "v1"));
    }
    if (wantsAggregated(request)) {
      return aggregated(groups);
    }
    var list = NODES.objectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
    var array = list.putArray("groups");
    groups.forEach((name, kinds) -> array.add(group(name, kinds)));
    return Answer.json(list);
  }

  private static List<Served> join(List<Served> a, List<Served> b) {
    var all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  private static boolean wantsAggregated(HttpRequest request) {
    return request.header("Accept").replace(" ", "").contains(AGGREGATED);
  }

  private static ObjectNode group(String name, List<Served> kinds) {
    var group = NODES.objectNode().put("name", name);
    var versions = group.putArray("versions");
    kinds.stream()
        .map(served -> served.kind().version())
        .distinct()
        .forEach(version -> versions.add(versionOf(name, version)));
    group.set("preferredVersion", versions.get(0));
    return group;
  }

  private static ObjectNode versionOf(String group, String version) {
    return NODES.objectNode().put("groupVersion", group + "/" + version).put("version", version);
  }

  private Answer resources(String group, String version) {
    var kinds =
        registry.all().stream()
            .filter(s -> s.kind().group().equals(group) && s.kind().version().equals(version))
            .toList();
    if (kinds.isEmpty()) {
      throw Errors.noSuchPath();
    }
    var list = NODES.objectNode().put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    var resources = list.putArray("resources");
    kinds.forEach(served -> resources(served, resources));
    return Answer.json(list);
  }

  private static void resources(Served served, ArrayNode resources) {
    var kind = served.kind();
    var resource = resources.addObject();
    resource
        .put("name", kind.plural())
        .put("singularName", served.singular())
        .put("namespaced", kind.namespaced())
        .put("kind", kind.kind());
    VERBS.forEach(resource.putArray("verbs")::add);
    if (!served.shortNames().isEmpty()) {
      served.shortNames().forEach(resource.putArray("shortNames")::add);
    }
    if (!served.categories().isEmpty()) {
      served.categories().forEach(resource.putArray("categories")::add);
    }
    if (served.status()) {
      subresource(resources.addObject(), kind, "status", kind.kind());
    }
    if (served.scale().isPresent()) {
      subresource(resources.addObject(), kind, "scale", "Scale")
          .put("group", "autoscaling")
          .put("version", "v1");
    }
  }

  private static ObjectNode subresource(ObjectNode node, Kind kind, String name, String type) {
    node.put("name", kind.plural() + "/" + name)
        .put("singularName", "")
        .put("namespaced", kind.namespaced())
        .put("kind", type);
    node.putArray("verbs").add("get").add("patch").add("update");
    return node;
  }

  /** All groups in one answer, as clients since 1.26 ask. */
  private static Answer aggregated(Map<String, List<Served>> groups) {
    var list = NODES.objectNode();
    list.put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
    list.putObject("metadata");
    var items = list.putArray("items");
    groups.forEach(
        (name, kinds) -> {
          var item = items.addObject();
          item.putObject("metadata").put("name", name);
          var versions = item.putArray("versions");
          kinds.stream()
              .map(served -> served.kind().version())
              .distinct()
              .forEach(version -> aggregatedVersion(versions.addObject(), version, kinds));
        });
    return new Answer(list, AGGREGATED);
  }

  private static void aggregatedVersion(ObjectNode node, String version, List<Served> kinds) {
    node.put("version", version).put("freshness", "Current");
    var resources = node.putArray("resources");
    for (var served : kinds) {
      if (served.kind().version().equals(version)) {
        aggregatedResource(resources.addObject(), served);
      }
    }
  }

  private static void aggregatedResource(ObjectNode resource, Served served) {
    var kind = served.kind();
    resource
        .put("resource", kind.plural())
        .put("singularResource", served.singular())
        .put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
    resource.set("responseKind", responseKind(kind.group(), kind.version(), kind.kind()));
    VERBS.forEach(resource.putArray("verbs")::add);
    served.shortNames().forEach(resource.putArray("shortNames")::add);
    served.categories().forEach(resource.putArray("categories")::add);
    var subresources = resource.putArray("subresources");
    if (served.status()) {
      aggregatedSubresource(
          subresources.addObject().put("subresource", "status"),
          responseKind(kind.group(), kind.version(), kind.kind()));
    }
    if (served.scale().isPresent()) {
      aggregatedSubresource(
          subresources.addObject().put("subresource", "scale"),
          responseKind("autoscaling", "v1", "Scale"));
    }
  }

  private static void aggregatedSubresource(ObjectNode subresource, ObjectNode responseKind) {
    subresource.set("responseKind", responseKind);
    subresource.putArray("verbs").add("get").add("patch").add("update");
  }

  private static ObjectNode responseKind(String group, String version, String kind) {
    return NODES.objectNode().put("group", group).put("version", version).put("kind", kind);
  }
}
