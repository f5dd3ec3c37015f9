package io.bitcoincontroller.local.controllers;

import static io.bitcoincontroller.local.kubelet.TestNode.await;
import static io.bitcoincontroller.local.kubelet.TestNode.key;
import static io.bitcoincontroller.local.kubelet.TestNode.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.MemoryStorage;
import io.bitcoincontroller.local.api.Metadata;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.kubelet.Kubelet;
import io.bitcoincontroller.local.kubelet.SimulatedPods;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.timing.Backoff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** StatefulSets from creation to the last pod's end, with pods that are no processes. */
final class ControllersTest {
  private static final Kind NETWORKS = new Kind("example.org", "v1", "Network", "networks", true);
  private static final List<Kind> KINDS =
      List.of(Kind.PODS, Kind.STATEFUL_SETS, SetRevisions.KIND, NETWORKS);

  private final Storage storage = new MemoryStorage();
  private Kubelet kubelet;
  private StatefulSetController sets;
  private GarbageCollector garbage;

  @BeforeEach
  void start(@TempDir Path temp) throws IOException {
    var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), 0);
    var simulated = Optional.of(SimulatedPods.mute(Duration.ofMillis(20)));
    var folder = Files.createDirectory(temp.resolve("cluster"));
    var options = new Kubelet.Options(folder, folder, backoff, simulated, new Random());
    kubelet = new Kubelet(storage, options, LogLines.onStandardError());
    sets = new StatefulSetController(storage, Kubelet.NODE_NAME, LogLines.onStandardError());
    garbage = new GarbageCollector(storage, () -> KINDS, LogLines.onStandardError());
  }

  @AfterEach
  void stop() throws Exception {
    sets.stop();
    garbage.stop();
    kubelet.close();
  }

  private void create(int replicas, String specRest) {
    var set =
        object(
            "StatefulSet",
            "set",
            """
            {'spec': {'serviceName': 'svc', 'podManagementPolicy': 'Parallel',
              'template': {'metadata': {'labels': {'app': 'x'}}, 'spec': {'containers': [
                {'name': 'c', 'command': ['true'], 'image': 'one'}]}}}}
            """);
    ObjectNode spec = set.withObject("/spec").put("replicas", replicas);
    ObjectNode rest = object("", "", specRest);
    rest.remove(List.of("metadata", "kind", "apiVersion"));
    spec.setAll(rest);
    storage.create(Kind.STATEFUL_SETS, set);
  }

  private JsonNode status() {
    return storage.get(Kind.STATEFUL_SETS, key("set")).orElseThrow().path("status");
  }

  private void change(Consumer<ObjectNode> spec) {
    storage.update(
        Kind.STATEFUL_SETS,
        key("set"),
        set -> {
          spec.accept(set.withObject("/spec"));
          return set;
        });
  }

  private void awaitReady(int replicas) {
    await(
        replicas + " ready",
        () ->
            status().path("readyReplicas").asInt() == replicas
                && status().path("replicas").asInt() == replicas);
  }

  private JsonNode pod(int ordinal) {
    return storage.get(Kind.PODS, key("set-" + ordinal)).orElseThrow();
  }

  private static String image(JsonNode pod) {
    return pod.at("/spec/containers/0/image").asText();
  }

  @Test
  void podsAreNamedLabelledOwnedAndMadeFromTheTemplate() {
    create(2, "{}");
    awaitReady(2);
    var pod = pod(1);
    assertEquals("set-1", pod.at("/spec/hostname").asText());
    assertEquals("svc", pod.at("/spec/subdomain").asText());
    assertEquals("true", pod.at("/spec/containers/0/command/0").asText());
    var labels = pod.at("/metadata/labels");
    assertEquals("x", labels.path("app").asText());
    assertEquals("1", labels.path("apps.kubernetes.io/pod-index").asText());
    assertEquals("set-1", labels.path("statefulset.kubernetes.io/pod-name").asText());
    var revision = labels.path("controller-revision-hash").asText();
    assertEquals(status().path("currentRevision").asText(), revision);
    assertTrue(revision.startsWith("set-"), revision);
    var owner = pod.at("/metadata/ownerReferences/0");
    assertTrue(owner.path("controller").asBoolean());
    var set = storage.get(Kind.STATEFUL_SETS, key("set")).orElseThrow();
    assertEquals(Metadata.uid(set), owner.path("uid").asText());
    assertEquals(1, status().path("observedGeneration").asInt());
  }

  @Test
  void aSetGrowsShrinksAndReplacesADeletedPodOnANewAddress() {
    create(2, "{}");
    awaitReady(2);
    change(spec -> spec.put("replicas", 4));
    awaitReady(4);
    change(spec -> spec.put("replicas", 1));
    awaitReady(1);
    var before = pod(0);
    storage.delete(Kind.PODS, key("set-0"));
    await(
        "a new pod",
        () ->
            !storage
                .get(Kind.PODS, key("set-0"))
                .map(Metadata::uid)
                .orElse(Metadata.uid(before))
                .equals(Metadata.uid(before)));
    awaitReady(1);
    assertFalse(pod(0).at("/status/podIP").equals(before.at("/status/podIP")));
  }

  @Test
  void anOrderedSetMakesAPodWhenTheOneBelowIsReady() throws Exception {
    var from = storage.revision();
    create(3, "{'podManagementPolicy': 'OrderedReady'}");
    awaitReady(3);
    var changes = storage.changes(Kind.PODS, from);
    var readyBelow = false;
    for (var seen = 0; seen < 3; ) {
      var change = changes.next(Duration.ofSeconds(10)).orElseThrow();
      if (change.type() == Storage.ChangeType.ADDED) {
        assertTrue(seen == 0 || readyBelow, "pod " + seen + " too early");
        seen++;
        readyBelow = false;
      }
      readyBelow |= SetPod.of(0, change.object()).ready();
    }
  }

  @Test
  void aNewTemplateRollsFromTheHighestAndStopsAtThePartition() {
    create(3, "{'updateStrategy': {'type': 'RollingUpdate', 'rollingUpdate': {'partition': 1}}}");
    awaitReady(3);
    var first = status().path("currentRevision").asText();
    change(spec -> ((ObjectNode) spec.at("/template/spec/containers/0")).put("image", "two"));
    await("two pods rolled", () -> status().path("updatedReplicas").asInt() == 2);
    awaitReady(3);
    assertEquals(
        List.of("one", "two", "two"), List.of(image(pod(0)), image(pod(1)), image(pod(2))));
    assertEquals(first, status().path("currentRevision").asText());
    var old = Metadata.uid(pod(0));
    storage.delete(Kind.PODS, key("set-0"));
    await(
        "pod 0 is another",
        () ->
            storage
                .get(Kind.PODS, key("set-0"))
                .filter(pod -> !Metadata.uid(pod).equals(old))
                .isPresent());
    awaitReady(3);
    assertEquals("one", image(pod(0)));
    change(spec -> ((ObjectNode) spec.at("/updateStrategy/rollingUpdate")).put("partition", 0));
    await(
        "the update is current",
        () ->
            status().path("currentRevision").equals(status().path("updateRevision"))
                && !status().path("currentRevision").asText().equals(first));
    assertEquals("two", image(pod(0)));
  }

  @Test
  void whatAnOwnerLeavesBehindIsCollectedDownToThePods() {
    var network = object("Network", "net", "{}");
    network.put("apiVersion", "example.org/v1");
    var uid = Metadata.uid(storage.create(NETWORKS, network));
    create(2, "{}");
    storage.update(
        Kind.STATEFUL_SETS,
        key("set"),
        set -> {
          var owners = set.withObject("/metadata").withArray("ownerReferences");
          var owner = owners.addObject().put("apiVersion", "example.org/v1").put("uid", uid);
          owner.put("kind", "Network").put("name", "net").put("controller", true);
          return set;
        });
    awaitReady(2);
    storage.delete(NETWORKS, key("net"));
    await("all is gone", () -> KINDS.stream().allMatch(kind -> storage.list(kind).isEmpty()));
  }
}
