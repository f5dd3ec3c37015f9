package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ListReader;
import io.bitcoincontroller.kube.Parsed;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.network.NetworkReconciler;
import io.bitcoincontroller.network.Owners;
import io.bitcoincontroller.yaml.Yaml;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What may be held, and that what README promises fits in. */
@SuppressWarnings("InlineFormatString") // they are to be read apart from the code
class BudgetTest {
  private static final int MIB = 1024 * 1024;

  /** Of the heap that the image has, src/main/image/jvm.args. */
  private static final Budget OF_IMAGE = new Budget(96 * MIB / 100 * 40);

  private static final String UID = "0b5c1f4e-7a3d-4d59-9c1e-2f6a8b7c%04d";

  /** A network of three nodes with all that the cache holds of it, as an API server sends it. */
  private static List<KubeObject> network(int number) throws IOException {
    var objects = new ArrayList<KubeObject>();
    var stored = stored(sent((ObjectNode) Yaml.readOne(manifest(number)), number, 0));
    objects.add(stored);
    var network = ((BitcoinNetwork.Reading.Valid) BitcoinNetwork.read(stored)).network();
    var auth = "user:0123456789abcdef0123456789abcdef$" + "0123456789abcdef".repeat(4);
    var children = Children.of(network, auth, Optional.empty(), 3, 0);
    var service = children.service().deepCopy();
    service.withObject("/spec").put("sessionAffinity", "None").put("type", "ClusterIP");
    var set = children.statefulSet().deepCopy();
    set.set("status", Yaml.readOne(SET_STATUS));
    set.withObject("/spec/template/spec")
        .put("schedulerName", "default-scheduler")
        .put("dnsPolicy", "ClusterFirst")
        .put("restartPolicy", "Always");
    var rendered = List.of(service, set, Children.disruptionBudget(network, true).deepCopy());
    for (var child : rendered) {
      objects.add(Owners.kept(stored(sent(child, number, 1))));
    }
    for (var ordinal = 0; ordinal < 3; ordinal++) {
      var pod = POD.formatted(number, ordinal, UID.formatted(number));
      objects.add(Owners.kept(read(pod, Pod.class)));
    }
    return objects;
  }

  private static String manifest(int number) {
    var nodes = new ArrayList<String>();
    for (var ordinal = 0; ordinal < 3; ordinal++) {
      nodes.add(NODE_STATUS.formatted(number, ordinal));
    }
    return NETWORK.formatted(number, String.join(",", nodes));
  }

  private static final String NETWORK =
      """
      {apiVersion: bitcoincontroller.christianb93.github.com/v1, kind: BitcoinNetwork,
       metadata: {name: network-%1$d, namespace: tenant}, spec: {nodes: 3}, status: {nodes: [%2$s],
        replicas: 3, readyReplicas: 3, observedGeneration: 1, height: 6000,
        selector: "app.kubernetes.io/name=bitcoind,app.kubernetes.io/instance=network-%1$d",
        conditions: [
         {type: Ready, status: "True", reason: AllNodesReady, message: all 3 nodes are ready,
          lastTransitionTime: "2026-01-01T00:00:00Z", observedGeneration: 1},
         {type: Meshed, status: "True", reason: MeshComplete, message: all 3 links are up,
          lastTransitionTime: "2026-01-01T00:00:00Z", observedGeneration: 1},
         {type: Synced, status: "True", reason: OneBestBlock, message: all nodes are on one block,
          lastTransitionTime: "2026-01-01T00:00:00Z", observedGeneration: 1}]}}
      """;

  private static final String NODE_STATUS =
      """
      {ordinal: %2$d, name: network-%1$d-sts-%2$d, ip: 10.1.2.%2$d, ready: true, height: 6000,
       dnsName: network-%1$d-sts-%2$d.network-%1$d-svc, peers: {inbound: 2, outbound: 2},
       bestBlockHash: "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"}
      """;

  private static final String SET_STATUS =
      """
      {availableReplicas: 3, collisionCount: 0, currentReplicas: 3, observedGeneration: 1,
       readyReplicas: 3, replicas: 3, updatedReplicas: 3,
       currentRevision: network-sts-5c6f7d8b9c, updateRevision: network-sts-5c6f7d8b9c}
      """;

  private static final String POD =
      """
      {"metadata":{"name":"network-%1$d-sts-%2$d","namespace":"tenant","uid":"%3$s",
        "resourceVersion":"1234%1$d","creationTimestamp":"2026-01-01T00:00:00Z","labels":{
         "app":"network-%1$d","app.kubernetes.io/name":"bitcoind",
         "app.kubernetes.io/instance":"network-%1$d",
         "app.kubernetes.io/managed-by":"bitcoin-controller",
         "controller-revision-hash":"network-%1$d-sts-5c6f7d8b9c",
         "statefulset.kubernetes.io/pod-name":"network-%1$d-sts-%2$d"},
        "ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","controller":true,
         "name":"network-%1$d-sts","uid":"%3$s"}]},
       "status":{"phase":"Running","podIP":"10.1.2.%2$d","conditions":[
        {"type":"Ready","status":"True"},{"type":"PodScheduled","status":"True"}]}}
      """;

  private static ObjectNode sent(ObjectNode object, int number, int generation) {
    object
        .withObject("/metadata")
        .put("uid", UID.formatted(number))
        .put("resourceVersion", "1234" + number)
        .put("generation", generation)
        .put("creationTimestamp", "2026-01-01T00:00:00Z");
    return object;
  }

  private static StoredObject stored(ObjectNode object) throws IOException {
    return read(Json.MAPPER.writeValueAsString(object), StoredObject.class);
  }

  private static <T extends KubeObject> T read(String object, Class<T> type) throws IOException {
    var list = "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + object + "]}";
    var body = new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8));
    return ((Parsed.Whole<T>) new ListReader<>(body, type).next().orElseThrow()).object();
  }

  @Test
  void aThousandNetworksOfOneNamespaceFitIntoTheImagesHeap() throws IOException {
    var weight = 0L;
    for (var number = 0; number < 1000; number++) {
      var objects = network(number);
      weight += objects.stream().mapToLong(KubeObject::weight).sum();
      weight += NetworkReconciler.keptOf((StoredObject) objects.getFirst());
      weight += 3 * NetworkReconciler.KEPT_OF_POD;
    }
    var most = OF_IMAGE.bytes() / 4 * 3;
    assertTrue(weight < most * 9 / 10, weight / 1024 / 1024 + " MiB of " + most / 1024 / 1024);
  }
}
