package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the controller sees late, or has heard of one pod, costs no other pod its blocks. */
class LastHolderTest {
  /** Of this many pods, as its own controller counts them; all are of one revision. */
  private static Child.Ours set(String spec, int counted) {
    ObjectNode set = ((Child.Ours) new World(spec).statefulSet).object().content().deepCopy();
    set.withObject("/metadata").put("generation", 4);
    set.putObject("status")
        .put("replicas", counted)
        .put("observedGeneration", 4)
        .put("updateRevision", "old")
        .put("currentRevision", "old");
    return new Child.Ours(Json.convert(set, StoredObject.class));
  }

  /** As the watch of StatefulSets shows it, while the one of pods is behind. */
  private static World podsNotSeenYet(String spec, int seen) {
    var world = new World(spec).reported();
    world.statefulSet = set("nodes: 3", 3);
    world.pods.keySet().removeIf(ordinal -> ordinal >= seen);
    world.views.keySet().removeIf(ordinal -> ordinal >= seen);
    return world;
  }

  @Test
  void podsThatAreCountedAndNotSeenAreNotReplaced() {
    var world = podsNotSeenYet("nodes: 3, config: [uacomment=new]", 0);
    var plan = Plan.of(world.seen());
    assertEquals(3, plan.rollout().partition());
    var ready = plan.status().conditions().getFirst().message();
    assertTrue(ready.contains("counts 3 pods, and 0 can be seen"), ready);
  }

  /** A pod that was just deleted is counted until its controller has looked. */
  @Test
  void aSecondTemplateDoesNotReachThePodsThatTheFirstOneHadReached() {
    for (var partition : new int[] {0, 1, 3}) {
      var world = podsNotSeenYet("nodes: 3, config: [uacomment=second]", 2);
      ObjectNode stored = ((Child.Ours) world.statefulSet).object().content().deepCopy();
      stored.withObject("/spec/updateStrategy/rollingUpdate").put("partition", partition);
      world.statefulSet = new Child.Ours(Json.convert(stored, StoredObject.class));
      assertEquals(3, Plan.of(world.seen()).rollout().partition(), "was " + partition);
    }
  }

  /** The status of a pod that ends says nothing of the one that comes after it. */
  @Test
  void aPodWithoutAnAddressHasNoHeightFromTheStatus() {
    var status = World.yaml("nodes: [{ip: '', height: 5000}]");
    var pods = Map.of(0, World.pod(0, "", false));
    assertEquals(Map.of(), new Heights().lastReported(pods, Map.of(), Map.of(), status));
  }

  @Test
  void podsThatAreCountedAndNotSeenDoNotGoWithASmallerSize() {
    var world = podsNotSeenYet("nodes: 1", 1);
    assertEquals(3, world.seen().nodes());
  }

  /** Such as one for logs, which a webhook adds to every StatefulSet. */
  @Test
  void aVolumeOfSomebodyElsesKeepsNoBlocks() {
    var world = new World("nodes: 1, config: [uacomment=new]").meshed().reported();
    ObjectNode stored = set("nodes: 1", 1).object().content().deepCopy();
    var claim = stored.withObject("/spec").putArray("volumeClaimTemplates").addObject();
    claim.withObject("/metadata").put("name", "logs");
    claim.withObject("/spec/resources/requests").put("storage", "1Gi");
    world.statefulSet = new Child.Ours(Json.convert(stored, StoredObject.class));
    assertEquals(1, Plan.of(world.seen()).rollout().partition());
  }

  /** Two chains of one height: whichever goes, is lost. */
  @Test
  void oneOfTwoTallestChainsIsNotReplacedByTheOther() {
    var world = new World("nodes: 2, config: [uacomment=new]").reported();
    world.statefulSet = set("nodes: 2", 2);
    for (var ordinal = 0; ordinal < 2; ordinal++) {
      var tip = "hash-" + ordinal;
      world.views.put(
          ordinal, new NodeView.Answered(new NodeInfo(List.of(), List.of(), 101, tip, false)));
    }
    assertEquals(2, Plan.of(world.seen()).rollout().partition());
  }

  /** Its machine was started anew: the pod is the same one, and so is what it has. */
  @Test
  void theStatusKeepsTheHeightOfAPodWhoseAddressChanges() {
    var world = new World("nodes: 2").meshed();
    var status = Plan.of(world.seen()).status().json(World.yaml("{}"), Instant.EPOCH);
    world.network = new BitcoinNetwork(world.network.metadata(), world.network.spec(), status);
    world.pods.put(1, moved(World.pod(1, "10.0.0.1", false)));
    world.views.remove(1);
    world.told.put(1, 101L);
    var node = Plan.of(world.seen()).status().nodes().get(1);
    assertEquals("10.0.9.9", node.ip());
    assertEquals(
        OptionalLong.of(101),
        node.answer().map(a -> OptionalLong.of(a.height())).orElse(OptionalLong.empty()));
  }

  private static Pod moved(Pod pod) {
    ObjectNode changed = Json.MAPPER.valueToTree(pod);
    changed.withObject("/status").put("podIP", "10.0.9.9");
    return Json.convert(changed, Pod.class);
  }

  /** Some networks give a StatefulSet's pod the address of the one before it. */
  @Test
  void whatAPodToldIsNotBelievedOfTheNextOneAtItsAddress() {
    var heights = new Heights();
    var status = World.yaml("{nodes: [{ordinal: 0, ip: 10.0.0.0, height: 101}]}");
    var before = World.pod(0, "10.0.0.0", true);
    heights.lastReported(
        Map.of(0, before), Map.of(), Map.of(0, World.node(List.of(), List.of(), 101)), status);
    ObjectNode again = Json.MAPPER.valueToTree(before);
    again.withObject("/metadata").put("uid", "another");
    var next = Map.of(0, Json.convert(again, Pod.class));
    heights.keepOnly(Set.of("another"), Map.of());
    assertEquals(
        Map.of(),
        heights.lastReported(next, Map.of(), Map.of(0, new NodeView.Unauthorized()), status));
  }

  /** As {@code kubectl delete sts --cascade=orphan} leaves them: a new set would delete some. */
  @Test
  void aNewStatefulSetIsNotMadeWhilePodsAreThereThatItWouldDelete() {
    var network = World.network("nodes: 1");
    var pods = List.of(World.pod(0, "10.0.0.0", true), World.pod(2, "10.0.0.2", true));
    var orphaned = new Child.Orphaned("net-sts-2", 3);
    assertEquals(Optional.of(orphaned), Orphans.inTheWay(network, pods, Set.of()));
    var world = new World("nodes: 1");
    world.statefulSet = orphaned;
    var plan = Plan.of(world.seen());
    var ready = plan.status().conditions().getFirst();
    assertEquals("PodsOrphaned", ready.reason());
    assertTrue(ready.message().contains("set spec.nodes to 3 first"), ready::message);
    assertTrue(plan.writes().stream().noneMatch(Write::creates), plan::toString);
    assertEquals(Optional.empty(), Orphans.inTheWay(World.network("nodes: 3"), pods, Set.of()));
    var beyond = List.of(World.pod(999_999_999, "10.0.0.9", true));
    assertEquals(Map.of(), Ordinals.of(network, beyond));
    world.statefulSet = Orphans.inTheWay(network, beyond, Set.of()).orElseThrow();
    var why = Plan.of(world.seen()).status().conditions().getFirst().message();
    assertTrue(why.contains("net-sts-999999999"), why);
    assertTrue(why.contains("no network has so many nodes"), why);
    assertEquals(Optional.empty(), Orphans.inTheWay(network, pods.subList(0, 1), Set.of()));
    assertEquals(Optional.of(orphaned), Orphans.inTheWay(network, List.of(), Set.of(0, 2)));
  }

  @Test
  void ofTwoTallestChainsTheHigherNodeStaysWhileAnotherHasTheOther() {
    var world = new World("nodes: 1").reported();
    world.statefulSet = set("nodes: 3", 3);
    for (var ordinal = 0; ordinal < 3; ordinal++) {
      var tip = ordinal == 1 ? "one" : "other";
      world.pods.put(ordinal, World.pod(ordinal, "10.0.0." + ordinal, true));
      world.views.put(
          ordinal, new NodeView.Answered(new NodeInfo(List.of(), List.of(), 101, tip, false)));
    }
    assertEquals(2, world.seen().nodes());
    world.views.put(
        0, new NodeView.Answered(new NodeInfo(List.of(), List.of(), 102, "new", false)));
    assertEquals(1, world.seen().nodes());
  }

  @Test
  void aHeightThatWasHeardApartCounts() {
    var heights = new Heights();
    var pods = Map.of(0, World.pod(0, "10.0.0.0", true));
    var heard =
        Map.of(0, World.node(List.of(), List.of(), 70), 1, World.node(List.of(), List.of(), 9));
    heights.hear(pods, heard);
    assertEquals(
        Map.of(0, 70L),
        heights.lastReported(
            pods, Map.of(), Map.of(0, new NodeView.Unauthorized()), World.yaml("{}")));
  }

  private static Pod owned(int ordinal, String kind, boolean deleting) {
    ObjectNode pod = Json.MAPPER.valueToTree(World.yaml("{status: {phase: Running}}"));
    var metadata = pod.putObject("metadata");
    metadata
        .put("namespace", "default")
        .put("name", "net-sts-" + ordinal)
        .put("uid", "u" + ordinal);
    if (deleting) {
      metadata.put("deletionTimestamp", "2026-01-31T12:00:00Z");
    }
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", kind)
        .put("name", "net-sts")
        .put("uid", "gone")
        .put("controller", true);
    return Json.convert(pod, Pod.class);
  }

  /** The cache of pods may still show the owner that is gone. */
  @Test
  void orphansAreThoseThatAStatefulSetHadOrNobodyHas() {
    var network = World.network("nodes: 1");
    assertEquals(
        Optional.of(new Child.Orphaned("net-sts-1", 2)),
        Orphans.inTheWay(network, List.of(owned(1, "StatefulSet", false)), Set.of()));
    assertEquals(
        Optional.empty(),
        Orphans.inTheWay(network, List.of(owned(1, "ReplicaSet", false)), Set.of()));
    assertEquals(
        Optional.empty(),
        Orphans.inTheWay(network, List.of(owned(1, "StatefulSet", true)), Set.of()));
  }
}
