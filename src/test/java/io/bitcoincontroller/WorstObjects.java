package io.bitcoincontroller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Objects that a real API server stores, and that a tenant may make to fell who reads them. */
final class WorstObjects {
  /** A limit of Kubernetes: all annotations of an object together. */
  private static final int ANNOTATIONS = 250_000;

  private final String namespace;
  private final List<ApiRequest> requests = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private final List<String> networks = new ArrayList<>();

  WorstObjects(String namespace) {
    this.namespace = namespace;
    network("long-name", spec -> requests(spec).put("n".repeat(50_001), "1"));
    network("longest-name", spec -> requests(spec).put("n".repeat(1_000_000), "1"));
    networks.remove("longest-name"); // with a status it would be too large for etcd
    network("escapes", spec -> requests(spec).put("\u0001\"\\".repeat(60_000), "1"));
    network(
        "many-names",
        spec -> {
          for (var i = 0; i < 40_000; i++) {
            requests(spec).put("n" + i, "1");
          }
        });
    network("long-lines", WorstObjects::longLines);
    network("too-many-nodes", spec -> spec.put("image", "i".repeat(500)).put("nodes", 500));
    annotated("annotated", BitcoinNetwork.RESOURCE, "{}");
    networks.add("annotated");
    for (var i = 0; i < 10; i++) {
      statefulSet("full-" + i);
    }
    annotated("annotated-svc", Resource.SERVICES, "");
    pod("p".repeat(60_000));
  }

  private interface Filling {
    void fill(ObjectNode spec);
  }

  private static ObjectNode requests(ObjectNode spec) {
    return spec.withObject("/resources/requests");
  }

  private static void longLines(ObjectNode spec) {
    for (var i = 0; i < 100; i++) {
      spec.withArray("/config").add("#" + "\u0001".repeat(990));
    }
  }

  private static ObjectNode object(Resource<?> resource, String name) {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
    object.putObject("metadata").put("name", name);
    return object;
  }

  private void network(String name, Filling filling) {
    var network = object(BitcoinNetwork.RESOURCE, name);
    filling.fill(network.putObject("spec").put("nodes", 1));
    networks.add(name);
    add(BitcoinNetwork.RESOURCE, network);
  }

  private void annotated(String name, Resource<?> resource, String spec) {
    var object = object(resource, name);
    ours(object, "annotated");
    object.withObject("/metadata/annotations").put("long", "a".repeat(ANNOTATIONS));
    if (spec.isEmpty()) {
      object.putObject("spec").putArray("ports").addObject().put("port", 80);
    } else {
      object.putObject("spec").put("nodes", 1);
    }
    add(resource, object);
  }

  private void statefulSet(String name) {
    var set = object(Resource.STATEFUL_SETS, name);
    ours(set, name);
    var spec = set.putObject("spec").put("replicas", 0).put("serviceName", name);
    spec.putObject("selector").putObject("matchLabels").put("a", "b");
    var template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("a", "b");
    var container = template.putObject("spec").putArray("containers").addObject();
    container.put("name", "c").put("image", "i");
    container.putArray("args").add("f".repeat(450_000));
    add(Resource.STATEFUL_SETS, set);
  }

  /** The name of a variable has no limit, and becomes a name in managedFields. */
  private void pod(String variable) {
    var pod = object(Resource.PODS, "long-variable");
    ours(pod, "long-variable");
    var container = pod.putObject("spec").putArray("containers").addObject();
    container.put("name", "c").put("image", "i");
    container.putArray("env").addObject().put("name", variable).put("value", "1");
    add(Resource.PODS, pod);
  }

  /** With the labels by which the controller finds what is its own. */
  private static void ours(ObjectNode object, String network) {
    var labels = object.withObject("/metadata/labels");
    for (var pair : Names.podSelector(network).split(",", -1)) {
      labels.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
  }

  private void add(Resource<?> resource, ObjectNode object) {
    paths.add(resource.path(new ObjectKey(namespace, object.at("/metadata/name").asText())));
    requests.add(
        new ApiRequest(
            "POST",
            resource.path(namespace),
            "application/json",
            Optional.of(object.toString()),
            ApiRequest.Answer.IDENTITY));
  }

  List<ApiRequest> requests() {
    return List.copyOf(requests);
  }

  /** Where each of them is stored. */
  List<String> paths() {
    return List.copyOf(paths);
  }

  /** Names of the networks among them that can have a status. */
  List<String> networks() {
    return List.copyOf(networks);
  }
}
