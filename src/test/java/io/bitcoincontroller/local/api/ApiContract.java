package io.bitcoincontroller.local.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every Kubernetes API server does that this project relies on, whether it is the local one or
 * a real one from 1.20 on. A subclass says which server; each test works in a namespace of its own,
 * with a custom resource of a group of its own.
 */
abstract class ApiContract {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final String APPLY = "application/apply-patch+yaml";
  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String MERGE = "application/merge-patch+json";
  private static final String GROUP = "contract.bitcoincontroller.example.com";
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String DEFINITION =
      """
      {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
       "metadata":{"name":"widgets.%1$s"},
       "spec":{"group":"%1$s","scope":"Namespaced",
        "names":{"plural":"widgets","singular":"widget","kind":"Widget"},
        "versions":[{"name":"v1","served":true,"storage":true,
         "subresources":{"status":{},"scale":{"specReplicasPath":".spec.nodes",
          "statusReplicasPath":".status.replicas","labelSelectorPath":".status.selector"}},
         "schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{
          "metadata":{"type":"object","properties":{"name":{"type":"string","maxLength":20}}},
          "spec":{"type":"object","required":["nodes"],"properties":{
           "nodes":{"type":"integer","minimum":0,"maximum":500},
           "image":{"type":"string","default":"x:1"},
           "topology":{"type":"string","enum":["FullMesh","Sparse"]},
           "labels":{"type":"object","additionalProperties":{"type":"string"}},
           "peers":{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"set"},
           "config":{"type":"array","items":{"type":"string","not":{"pattern":"^port="}}},
           "ports":{"type":"array","x-kubernetes-list-type":"map",
            "x-kubernetes-list-map-keys":["name"],"items":{"type":"object","required":["name"],
             "properties":{"name":{"type":"string"},"port":{"type":"integer"}}}}}},
          "status":{"type":"object","properties":{"replicas":{"type":"integer"},
           "selector":{"type":"string"}}}}}}}]}}
      """
          .formatted(GROUP);

  private Optional<ApiServer> opened = Optional.empty();
  private String namespace = "";

  /** The server to be tested; it may hold anything, and what the tests make is removed. */
  abstract ClusterAccess access() throws IOException;

  @BeforeEach
  void makeANamespace() throws Exception {
    opened = Optional.of(new ApiServer(access(), "contract-test/1", (_, _, _) -> {}));
    namespace = "contract-" + HexFormat.of().toHexDigits(new Random().nextInt());
    code(201, post("/api/v1/namespaces", "v1", "Namespace", namespace, "{}"));
  }

  @AfterEach
  void removeIt() throws Exception {
    send("DELETE", "/api/v1/namespaces/" + namespace, "", Optional.empty());
    opened.ifPresent(ApiServer::close);
  }

  private Reply send(String method, String target, String type, Optional<String> body)
      throws IOException, InterruptedException {
    return opened.orElseThrow().send(new ApiRequest(method, target, type, body), DEADLINE);
  }

  private Reply post(String path, String version, String kind, String name, String rest)
      throws IOException, InterruptedException {
    return send("POST", path, "application/json", Optional.of(object(version, kind, name, rest)));
  }

  private static String object(String apiVersion, String kind, String name, String rest) {
    var start =
        "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"}"
            .formatted(apiVersion, kind, name);
    return rest.equals("{}") ? start + "}" : start + "," + rest.substring(1);
  }

  private Reply apply(String path, String object, String manager, boolean force)
      throws IOException, InterruptedException {
    var query = "?fieldManager=" + manager + (force ? "&force=true" : "");
    return send("PATCH", path + query, APPLY, Optional.of(object));
  }

  private Reply get(String path) throws IOException, InterruptedException {
    return send("GET", path, "", Optional.empty());
  }

  private JsonNode whole(String path) throws IOException, InterruptedException {
    return Unabridged.get(opened.orElseThrow(), path, DEADLINE);
  }

  private Reply merge(String path, String manager, String patch)
      throws IOException, InterruptedException {
    return send("PATCH", path + "?fieldManager=" + manager, MERGE, Optional.of(patch));
  }

  private static JsonNode code(int code, Reply reply) {
    assertEquals(code, reply.code(), reply.toString());
    return assertInstanceOf(Reply.Success.class, reply).body();
  }

  private static Reply.Failure refused(int code, String reason, Reply reply) {
    assertEquals(code, reply.code(), reply.toString());
    var failure = assertInstanceOf(Reply.Failure.class, reply);
    assertEquals(reason, failure.reason());
    return failure;
  }

  private String map(String name) {
    return "/api/v1/namespaces/" + namespace + "/configmaps/" + name;
  }

  private static String mapObject(String data) {
    return object("v1", "ConfigMap", "m", "{\"data\":" + data + "}");
  }

  /** Defines the custom resource and waits until it is served. Gives the path of its objects. */
  private String widgets() throws IOException, InterruptedException {
    var path = "/apis/" + GROUP + "/v1/namespaces/" + namespace + "/widgets";
    send("POST", DEFINITIONS, "application/json", Optional.of(DEFINITION));
    var end = System.nanoTime() + DEADLINE.toNanos();
    // a real server serves a new kind some seconds after it took the definition
    while (get(path).code() != 200) {
      assertTrue(System.nanoTime() < end, "the new kind is not served");
      Thread.onSpinWait();
    }
    return path;
  }

  private static String widget(String spec) {
    return object(GROUP + "/v1", "Widget", "w", "{\"spec\":" + spec + "}");
  }

  @Test
  void anApplyCreatesAndASecondOneChangesNothing() throws Exception {
    code(201, apply(map("m"), mapObject("{\"a\":\"1\"}"), "one", false));
    var first = whole(map("m"));
    code(200, apply(map("m"), mapObject("{\"a\":\"1\"}"), "one", false));
    assertEquals(first, whole(map("m")));
    assertEquals(
        Json.MAPPER.readTree("{\"f:data\":{\"f:a\":{}}}"),
        first.at("/metadata/managedFields/0/fieldsV1"));
    assertEquals("Apply", first.at("/metadata/managedFields/0/operation").asText());
  }

  @Test
  void whatAnApplyNoLongerHasGoesUnlessAnotherHasIt() throws Exception {
    code(201, apply(map("m"), mapObject("{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}"), "one", false));
    code(200, apply(map("m"), mapObject("{\"b\":\"2\"}"), "two", false));
    code(200, merge(map("m"), "three", "{\"data\":{\"d\":\"4\"}}"));
    var left = code(200, apply(map("m"), mapObject("{\"a\":\"1\"}"), "one", false));
    assertEquals(Json.MAPPER.readTree("{\"a\":\"1\",\"b\":\"2\",\"d\":\"4\"}"), left.path("data"));
  }

  /** See {@link io.bitcoincontroller.desired.Creation}: client-go's csaupgrade does the same. */
  @Test
  void whatWasPostedIsTakenAwayByAnApplyOnceItsEntryIsAnApplys() throws Exception {
    var maps = "/api/v1/namespaces/" + namespace + "/configmaps?fieldManager=one";
    var both = mapObject("{\"a\":\"1\",\"b\":\"2\"}");
    var posted = code(201, send("POST", maps, "application/json", Optional.of(both)));
    var one = mapObject("{\"a\":\"1\"}");
    assertEquals(
        2,
        code(200, apply(map("m"), one, "one", true)).path("data").size(),
        "an apply takes away only what an apply had set");
    code(200, merge(map("m"), "two", "{\"data\":{\"c\":\"3\"}}"));
    var owners = (ArrayNode) whole(map("m")).at("/metadata/managedFields");
    assertEquals(
        List.of("Apply", "Update", "Update"), owners.findValuesAsText("operation"), "all there");
    ArrayNode taken = owners.deepCopy();
    taken.remove(0);
    for (var entry : taken) {
      if (entry.path("manager").asText().equals("one")) {
        ((ObjectNode) entry).put("operation", "Apply");
      }
    }
    var old = handOver(posted.at("/metadata/resourceVersion"), taken);
    refused(409, "Conflict", send("PATCH", map("m"), JSON_PATCH, Optional.of(old)));
    var now = code(200, get(map("m"))).at("/metadata/resourceVersion");
    code(200, send("PATCH", map("m"), JSON_PATCH, Optional.of(handOver(now, taken))));
    assertEquals(
        Json.MAPPER.readTree("{\"a\":\"1\",\"c\":\"3\"}"),
        code(200, apply(map("m"), one, "one", true)).path("data"));
  }

  private static String handOver(JsonNode version, JsonNode owners) {
    return """
        [{"op":"replace","path":"/metadata/resourceVersion","value":%s},
         {"op":"replace","path":"/metadata/managedFields","value":%s}]
        """
        .formatted(version, owners);
  }

  /** It carries no managedFields of its own: the fields are the POST's, whatever it says. */
  @Test
  void aPostCannotSayThatItsFieldsAreAnApplys() throws Exception {
    var maps = "/api/v1/namespaces/" + namespace + "/configmaps?fieldManager=one";
    var claimed =
        """
        {"apiVersion":"v1","kind":"ConfigMap","data":{"a":"1"},"metadata":{"name":"m",
         "managedFields":[{"manager":"one","operation":"Apply","apiVersion":"v1",
          "time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1",
          "fieldsV1":{"f:data":{"f:a":{}}}}]}}
        """;
    code(201, send("POST", maps, "application/json", Optional.of(claimed)));
    var owners = whole(map("m")).at("/metadata/managedFields");
    assertEquals(List.of("Update"), owners.findValuesAsText("operation"), owners::toString);
  }

  @Test
  void metadataAloneIsSentWhereThatIsAskedFor() throws Exception {
    code(201, apply(map("m"), mapObject("{\"a\":\"1\"}"), "one", false));
    var request = new ApiRequest("GET", map("m"), "", Optional.empty(), ApiRequest.Answer.METADATA);
    var answer = code(200, opened.orElseThrow().send(request, DEADLINE));
    assertEquals("m", answer.at("/metadata/name").asText());
    assertEquals("one", answer.at("/metadata/managedFields/0/manager").asText());
    assertTrue(answer.path("data").isMissingNode(), answer::toString);
  }

  @Test
  void anotherManagersValueIsAConflictUntilItIsForced() throws Exception {
    code(201, apply(map("m"), mapObject("{\"a\":\"1\"}"), "one", false));
    var conflict =
        refused(409, "Conflict", apply(map("m"), mapObject("{\"a\":\"2\"}"), "two", false));
    assertEquals(List.of("FieldManagerConflict"), conflict.causes());
    assertEquals(
        "Apply failed with 1 conflict: conflict with \"one\": .data.a", conflict.message());
    code(200, apply(map("m"), mapObject("{\"a\":\"2\"}"), "two", true));
    refused(409, "Conflict", apply(map("m"), mapObject("{\"a\":\"1\"}"), "one", false));
  }

  @Test
  void aFieldThatAnUpdateTookIsAConflictToo() throws Exception {
    code(201, apply(map("m"), mapObject("{\"a\":\"1\"}"), "one", false));
    code(200, merge(map("m"), "editor", "{\"data\":{\"a\":\"9\"}}"));
    var conflict =
        refused(409, "Conflict", apply(map("m"), mapObject("{\"a\":\"1\"}"), "one", false));
    assertTrue(conflict.message().contains("\"editor\" using v1"), conflict.message());
  }

  @Test
  void anApplyWithAnothersUidIsRefused() throws Exception {
    code(201, apply(map("m"), mapObject("{\"a\":\"1\"}"), "one", false));
    var wrong =
        """
        {"apiVersion":"v1","kind":"ConfigMap","data":{"a":"2"},
         "metadata":{"name":"%s","uid":"11111111-1111-1111-1111-111111111111"}}
        """;
    refused(422, "Invalid", apply(map("m"), wrong.formatted("m"), "one", true));
    refused(409, "Conflict", apply(map("n"), wrong.formatted("n"), "one", true));
  }

  @Test
  void aResourceVersionThatIsNotTheLatestIsAConflict() throws Exception {
    code(201, apply(map("m"), mapObject("{\"a\":\"1\"}"), "one", false));
    var old = "{\"metadata\":{\"resourceVersion\":\"1\"},\"data\":{\"a\":\"2\"}}";
    refused(409, "Conflict", merge(map("m"), "one", old));
  }

  @Test
  void aLeaseIsCreatedOnceAndWrittenOnItsVersionOnly() throws Exception {
    var leases = "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
    var version = "coordination.k8s.io/v1";
    var held = "{\"spec\":{\"holderIdentity\":\"one\",\"leaseDurationSeconds\":15}}";
    var made = code(201, post(leases, version, "Lease", "l", held));
    refused(409, "AlreadyExists", post(leases, version, "Lease", "l", held));
    var taken =
        "{\"metadata\":{\"resourceVersion\":\"%s\"},\"spec\":{\"holderIdentity\":\"two\"}}"
            .formatted(made.at("/metadata/resourceVersion").asText());
    var changed = code(200, merge(leases + "/l", "two", taken));
    assertEquals("two", changed.at("/spec/holderIdentity").asText());
    assertEquals(15, changed.at("/spec/leaseDurationSeconds").asInt());
    refused(409, "Conflict", merge(leases + "/l", "three", taken));
  }

  @Test
  void namesNamespacesAndKindsAreChecked() throws Exception {
    refused(404, "NotFound", get(map("absent")));
    var maps = "/api/v1/namespaces/" + namespace + "/configmaps";
    code(201, post(maps, "v1", "ConfigMap", "m", "{}"));
    refused(409, "AlreadyExists", post(maps, "v1", "ConfigMap", "m", "{}"));
    refused(422, "Invalid", post(maps, "v1", "ConfigMap", "Bad_Name", "{}"));
    refused(400, "BadRequest", post(maps, "v1", "Secret", "x", "{}"));
    refused(
        404,
        "NotFound",
        post("/api/v1/namespaces/there-is-none/configmaps", "v1", "ConfigMap", "m", "{}"));
  }

  @Test
  void portsOfAServiceAreOwnedOneByOne() throws Exception {
    var path = "/api/v1/namespaces/" + namespace + "/services/s";
    var both =
        """
        {"spec":{"clusterIP":"None","ports":[
         {"name":"rpc","port":18443,"protocol":"TCP"},{"name":"p2p","port":18444,"protocol":"TCP"}]}}
        """;
    var one =
        """
        {"spec":{"clusterIP":"None","ports":[{"name":"rpc","port":18443,"protocol":"TCP"}]}}
        """;
    var made = code(201, apply(path, object("v1", "Service", "s", both), "one", false));
    assertEquals(2, made.at("/spec/ports").size());
    assertEquals(18444, made.at("/spec/ports/1/targetPort").asInt());
    assertEquals("None", made.at("/spec/sessionAffinity").asText());
    assertTrue(
        whole(path)
            .at("/metadata/managedFields/0/fieldsV1/f:spec/f:ports")
            .has("k:{\"port\":18444,\"protocol\":\"TCP\"}"));
    var left = code(200, apply(path, object("v1", "Service", "s", one), "one", false));
    assertEquals(1, left.at("/spec/ports").size());
    var longName = "s".repeat(64);
    var longPath = "/api/v1/namespaces/" + namespace + "/services/" + longName;
    refused(422, "Invalid", apply(longPath, object("v1", "Service", longName, one), "x", false));
  }

  @Test
  void aStatefulSetIsFilledInAndItsSelectorStays() throws Exception {
    var path = "/apis/apps/v1/namespaces/" + namespace + "/statefulsets/w";
    var spec =
        """
        {"spec":{"replicas":0,"serviceName":"s","selector":{"matchLabels":{"a":"b"}},
         "template":{"metadata":{"labels":{"a":"b"}},
          "spec":{"containers":[{"name":"b","image":"%s","ports":[
           {"containerPort":1,"protocol":"TCP"}]}]}},
         "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{
          "accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
        """;
    var first = object("apps/v1", "StatefulSet", "w", spec.formatted("x/y:29"));
    var made = code(201, apply(path, first, "one", false));
    assertEquals(10, made.at("/spec/revisionHistoryLimit").asInt());
    assertEquals("RollingUpdate", made.at("/spec/updateStrategy/type").asText());
    assertEquals(0, made.at("/spec/updateStrategy/rollingUpdate/partition").asInt(-1));
    var pod = made.at("/spec/template/spec");
    assertEquals("Always", pod.path("restartPolicy").asText());
    assertEquals("ClusterFirst", pod.path("dnsPolicy").asText());
    assertEquals("IfNotPresent", pod.at("/containers/0/imagePullPolicy").asText());
    assertEquals("/dev/termination-log", pod.at("/containers/0/terminationMessagePath").asText());
    var renamed = first.replace("\"serviceName\":\"s\"", "\"serviceName\":\"t\"");
    var refusal = refused(422, "Invalid", apply(path, renamed, "one", false));
    assertEquals(List.of("FieldValueForbidden"), refusal.causes());
    var changed = object("apps/v1", "StatefulSet", "w", spec.formatted("z"));
    var updated = code(200, apply(path, changed, "one", false));
    assertEquals(2, updated.at("/metadata/generation").asInt());
    // only what was filled in at first: the policy belongs to nobody and stays
    assertEquals(
        "IfNotPresent", updated.at("/spec/template/spec/containers/0/imagePullPolicy").asText());
  }

  @Test
  void aCustomResourceIsCheckedFilledInAndPruned() throws Exception {
    var path = widgets();
    var made =
        code(201, post(path, GROUP + "/v1", "Widget", "w", "{\"spec\":{\"nodes\":1,\"x\":2}}"));
    assertEquals("x:1", made.at("/spec/image").asText());
    assertFalse(made.path("spec").has("x"));
    assertEquals(1, made.at("/metadata/generation").asInt());
    for (var bad :
        List.of(
            "{\"spec\":{\"nodes\":501}}",
            "{\"spec\":{\"nodes\":\"3\"}}",
            "{\"spec\":{}}",
            "{}",
            "{\"spec\":{\"nodes\":1,\"topology\":\"Star\"}}",
            "{\"spec\":{\"nodes\":1,\"config\":[\"port=1\"]}}")) {
      refused(422, "Invalid", post(path, GROUP + "/v1", "Widget", "bad", bad));
    }
    var longName = "w".repeat(21);
    refused(
        422, "Invalid", post(path, GROUP + "/v1", "Widget", longName, "{\"spec\":{\"nodes\":1}}"));
  }

  @Test
  void itemsOfKeyedListsSetsAndMapsAreShared() throws Exception {
    var path = widgets() + "/w";
    code(
        201,
        apply(
            path,
            widget(
                """
                {"nodes":1,"labels":{"a":"1","b":"2"},"peers":["p","q"],"config":["c"],
                 "ports":[{"name":"x","port":1},{"name":"y"}]}"""),
            "one",
            false));
    code(
        200,
        apply(
            path,
            widget(
                """
                {"nodes":1,"labels":{"b":"2","c":"3"},"peers":["q","r"],
                 "ports":[{"name":"x"},{"name":"z","port":3}]}"""),
            "two",
            false));
    var left = code(200, apply(path, widget("{\"nodes\":1}"), "one", false)).path("spec");
    assertEquals(
        Json.MAPPER.readTree(
            """
            {"nodes":1,"image":"x:1","labels":{"b":"2","c":"3"},"peers":["q","r"],
             "ports":[{"name":"x"},{"name":"z","port":3}]}"""),
        left);
  }

  @Test
  void statusAndSpecAreWrittenApart() throws Exception {
    var path = widgets() + "/w";
    var status = object(GROUP + "/v1", "Widget", "w", "{\"status\":{\"replicas\":7}}");
    var made = code(201, apply(path, widget("{\"nodes\":1}"), "one", false));
    assertFalse(made.has("status"));
    var written = code(200, apply(path + "/status", status, "controller", true));
    assertEquals(7, written.at("/status/replicas").asInt());
    assertEquals(1, written.at("/metadata/generation").asInt());
    code(200, apply(path, widget("{\"nodes\":2}"), "one", false));
    var scale = code(200, get(path + "/scale"));
    assertEquals(2, scale.at("/spec/replicas").asInt());
    assertEquals(7, scale.at("/status/replicas").asInt());
    code(200, merge(path + "/scale", "scaler", "{\"spec\":{\"replicas\":5}}"));
    assertEquals(5, code(200, get(path)).at("/spec/nodes").asInt());
  }

  @Test
  void anObjectWithAFinalizerStaysUntilItIsTakenOff() throws Exception {
    code(201, apply(map("m"), mapObject("{}"), "one", false));
    code(200, merge(map("m"), "f", "{\"metadata\":{\"finalizers\":[\"example.com/x\"]}}"));
    code(200, send("DELETE", map("m"), "", Optional.empty()));
    assertTrue(code(200, get(map("m"))).path("metadata").has("deletionTimestamp"));
    code(200, merge(map("m"), "f", "{\"metadata\":{\"finalizers\":null}}"));
    refused(404, "NotFound", get(map("m")));
  }

  @Test
  void aWatchReplaysWhatCameAfterAVersionAndFollowsTheSelector() throws Exception {
    var maps = "/api/v1/namespaces/" + namespace + "/configmaps";
    var start = code(200, get(maps)).at("/metadata/resourceVersion").asText();
    code(201, post(maps, "v1", "ConfigMap", "m", "{\"data\":{\"a\":\"1\"}}"));
    code(200, merge(map("m"), "x", "{\"metadata\":{\"labels\":{\"app\":\"y\"}}}"));
    code(200, merge(map("m"), "x", "{\"data\":{\"a\":\"2\"}}"));
    code(200, merge(map("m"), "x", "{\"metadata\":{\"labels\":{\"app\":\"z\"}}}"));
    var query = "?watch=1&timeoutSeconds=60&resourceVersion=" + start;
    assertEquals(
        List.of("ADDED 1", "MODIFIED 2", "DELETED 2"),
        watch(maps + query + "&labelSelector=app%3Dy", 3));
    code(200, send("DELETE", map("m"), "", Optional.empty()));
    assertEquals(
        List.of("ADDED 1", "MODIFIED 1", "MODIFIED 2", "MODIFIED 2", "DELETED 2"),
        watch(maps + query + "&fieldSelector=metadata.name%3Dm", 5));
  }

  /** The first lines of a watch, as type and {@code data.a}. */
  private List<String> watch(String target, int count) throws Exception {
    var request = new ApiRequest("GET", target, "", Optional.empty());
    var opening = opened.orElseThrow().open(request, DEADLINE);
    var stream = assertInstanceOf(ApiServer.Opening.Streaming.class, opening);
    var lines = new ArrayList<String>();
    try (var body = stream.body();
        var reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      while (lines.size() < count) {
        var line = reader.readLine();
        if (line == null) {
          break;
        }
        var event = Json.MAPPER.readTree(line);
        lines.add(event.path("type").asText() + " " + event.at("/object/data/a").asText());
      }
    }
    return lines;
  }

  @Test
  void listsComeInPagesAndBySelector() throws Exception {
    var maps = "/api/v1/namespaces/" + namespace + "/configmaps";
    for (var name : List.of("a", "b", "c")) {
      code(201, post(maps, "v1", "ConfigMap", name, "{}"));
    }
    code(200, merge(map("b"), "x", "{\"metadata\":{\"labels\":{\"app\":\"y\"}}}"));
    assertEquals(List.of("b"), names(code(200, get(maps + "?labelSelector=app%20in%20(x,y)"))));
    assertFalse(names(code(200, get(maps + "?labelSelector=!app"))).contains("b"));
    var first = code(200, get(maps + "?limit=2"));
    assertEquals(2, first.path("items").size());
    var all = new ArrayList<>(names(first));
    all.addAll(
        names(
            code(200, get(maps + "?limit=5&continue=" + first.at("/metadata/continue").asText()))));
    assertTrue(all.containsAll(List.of("a", "b", "c")), all.toString());
    assertFalse(first.at("/items/0").has("kind"), "items of built-in lists name no kind");
  }

  private static List<String> names(JsonNode list) {
    var names = new ArrayList<String>();
    list.path("items").forEach(item -> names.add(item.at("/metadata/name").asText()));
    return names;
  }
}
