package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.mesh.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that shrinks keeps the nodes that have what the others lack. */
class HeldTest {
  /** From this many nodes to those of the spec; all are ready, and at these heights. */
  private static World shrinking(String spec, long... heights) {
    var world = new World(spec);
    world.statefulSet = new World("nodes: " + heights.length).statefulSet;
    for (var ordinal = 0; ordinal < heights.length; ordinal++) {
      world.pods.put(ordinal, World.pod(ordinal, "10.0.0." + ordinal, true));
      world.views.put(ordinal, World.node(List.of(), List.of(), heights[ordinal]));
    }
    return world;
  }

  private static int replicas(World world) {
    var seen = world.seen();
    return Plan.of(seen).writes().stream()
        .map(write -> write.rendered().at("/spec/replicas"))
        .filter(JsonNode::isInt)
        .findAny()
        .map(JsonNode::asInt)
        .orElse(Children.replicas(((Child.Ours) seen.statefulSet()).object()));
  }

  private static Condition ready(World world) {
    return Plan.of(world.seen()).status().conditions().getFirst();
  }

  @Test
  void whoAloneHasTheChainStaysUntilAnotherHasIt() {
    var world = shrinking("nodes: 1", 0, 101);
    assertEquals(2, replicas(world));
    var plan = Plan.of(world.seen());
    var ready = ready(world);
    assertEquals("ScalingDown", ready.reason());
    assertFalse(ready.holds());
    assertTrue(ready.message().contains("up to 101: net-sts-1 goes when net-sts-0 has them"));
    assertTrue(ready.message().contains("=at-once"));
    assertEquals(1, plan.status().nodes().size(), "one entry for each wanted node");
    assertEquals(2, plan.status().replicas());
    assertEquals(List.of(0, 1), List.copyOf(plan.mesh().changes().keySet()), "still meshed");
    assertEquals(Optional.of(Duration.ofMillis(10)), plan.lookAgain());
    world.views.put(0, World.node(List.of(), List.of(), 101));
    assertEquals(1, replicas(world));
    assertEquals(List.of(), List.copyOf(Plan.of(world.seen()).mesh().changes().keySet()));
  }

  @Test
  void thoseAboveItGoAtOnce() {
    assertEquals(3, replicas(shrinking("nodes: 1", 0, 7, 101, 101, 101)));
    assertEquals(2, replicas(shrinking("nodes: 2", 101, 0, 101, 5, 101)));
    assertEquals(1, replicas(shrinking("nodes: 1", 101, 101, 101, 101)));
  }

  @Test
  void whatWasChangedWithTheSizeIsAppliedMeanwhile() {
    var world = shrinking("nodes: 1, config: [uacomment=new]", 0, 101);
    var rendered = Plan.of(world.seen()).writes().getLast().rendered();
    assertEquals(2, rendered.at("/spec/replicas").asInt());
    assertEquals(2, rendered.at("/spec/updateStrategy/rollingUpdate/partition").asInt());
  }

  @Test
  void whereThereAreNoBlocksNothingStays() {
    assertEquals(1, replicas(shrinking("nodes: 1", 0, 0, 0)));
    assertEquals(0, replicas(shrinking("nodes: 0", 0, 0, 0)));
  }

  @Test
  void theLastCopyOfAChainStaysUnlessSomebodySaysSo() {
    var world = shrinking("nodes: 0", 101, 101);
    assertEquals(1, replicas(world));
    assertTrue(ready(world).message().contains("last copy"), ready(world).message());
    var said = shrinking("nodes: 0, storage: {size: 1Gi}", 101, 101);
    said.statefulSet = new World("nodes: 2, storage: {size: 1Gi}").statefulSet;
    said.pods.replaceAll((_, pod) -> World.claiming(pod));
    assertEquals(0, replicas(said), "volumes stay");
  }

  @Test
  void theSpecMayWishForVolumesButThePodsHaveNone() {
    assertEquals(2, replicas(shrinking("nodes: 1, storage: {size: 1Gi}", 0, 101)));
  }

  @Test
  void volumesThatGoWithTheirPodKeepNothing() {
    var world = shrinking("nodes: 1, storage: {size: 1Gi}", 0, 101);
    world.pods.replaceAll((_, pod) -> World.claiming(pod));
    world.statefulSet = new World("nodes: 2, storage: {size: 1Gi}").statefulSet;
    assertEquals(1, replicas(world));
    var set = ((Child.Ours) world.statefulSet).object().content().deepCopy();
    ((ObjectNode) set.path("spec"))
        .putObject("persistentVolumeClaimRetentionPolicy")
        .put("whenScaled", "Delete");
    world.statefulSet = new Child.Ours(Json.convert(set, StoredObject.class));
    assertEquals(2, replicas(world));
  }

  /** A roll-out keeps the volumes, though the smaller size takes those of others away. */
  @Test
  void onesWhosePodsAreReplacedOnTheirVolumesStillHaveTheBlocks() {
    var world = shrinking("nodes: 1, storage: {size: 1Gi}", 101, 101);
    world.pods.replaceAll((_, pod) -> World.of("old", World.claiming(pod)));
    world.statefulSet = new World("nodes: 2, storage: {size: 1Gi}").statefulSet;
    var set = ((Child.Ours) world.statefulSet).object().content().deepCopy();
    set.withObject("/spec/persistentVolumeClaimRetentionPolicy").put("whenScaled", "Delete");
    set.withObject("/spec/updateStrategy/rollingUpdate").put("partition", 0);
    set.withObject("/status").put("updateRevision", "new");
    world.statefulSet = new Child.Ours(Json.convert(set, StoredObject.class));
    assertEquals(1, replicas(world));
    world.pods.replaceAll(
        (ordinal, _) -> World.of("old", World.pod(ordinal, "10.0.0." + ordinal, true)));
    assertEquals(2, replicas(world), "without volumes they are about to lose them");
  }

  @Test
  void oneThatIsReadyAndSilentMayHaveMoreThanItTold() {
    var world = shrinking("nodes: 1", 101, 101, 101);
    world.views.put(1, new NodeView.Silent("no answer in time"));
    assertEquals(2, replicas(world));
    assertTrue(ready(world).message().contains("net-sts-1 does not answer"));
    world.views.put(1, World.node(List.of(), List.of(), 102));
    assertEquals(2, replicas(world));
    world.views.put(0, World.node(List.of(), List.of(), 102));
    assertEquals(1, replicas(world));
  }

  @Test
  void oneThatStaysAndDoesNotAnswerHoldsNothingForTheOthers() {
    var world = shrinking("nodes: 1", 101, 101);
    world.views.put(0, new NodeView.Silent("no answer in time"));
    world.told.put(0, 101L);
    assertEquals(2, replicas(world));
  }

  /** Of three pods all that a roll-out does next is stored, and may be under way unseen. */
  private static World shrinkingInARollOut(int partition, long observed) {
    var world = shrinking("nodes: 2", 7, 101, 101);
    ObjectNode set = ((Child.Ours) world.statefulSet).object().content().deepCopy();
    set.withObject("/metadata").put("generation", 4);
    set.withObject("/spec/updateStrategy/rollingUpdate").put("partition", partition);
    set.putObject("status").put("observedGeneration", observed).put("updateRevision", "new");
    world.statefulSet = new Child.Ours(Json.convert(set, StoredObject.class));
    world.pods.computeIfPresent(2, (_, pod) -> World.of("new", pod));
    return world;
  }

  @Test
  void oneThatARollOutHasLetGoHoldsNothingForTheOthers() {
    assertEquals(2, replicas(shrinkingInARollOut(2, 4)), "pod 1 is held");
    var world = shrinkingInARollOut(1, 4);
    assertEquals(3, replicas(world));
    assertTrue(ready(world).message().contains("net-sts-2 goes when"), ready(world).message());
    world.pods.put(2, World.of("new", World.pod(2, "10.0.0.2", false)));
    world.views.remove(2);
    world.told.put(2, 101L);
    assertEquals(3, replicas(world), "it is not ready, and told them before");
    world.pods.computeIfPresent(1, (_, pod) -> World.of("new", pod));
    assertEquals(2, replicas(world), "pod 1 was made anew");
  }

  /** The partition that is acted by may be a lower one. */
  @Test
  void nobodyGoesWhileTheLastChangeIsNotTakenUp() {
    var world = shrinkingInARollOut(2, 3);
    assertEquals(3, replicas(world));
    assertTrue(ready(world).message().contains("has not taken up"), ready(world).message());
    world.pods.remove(2);
    world.views.remove(2);
    assertEquals(2, replicas(world), "nobody goes");
  }

  @Test
  void oneThatIsNotReadyCountsWithWhatItToldLast() {
    var world = shrinking("nodes: 1", 7, 7, 7);
    world.pods.put(1, World.pod(1, "10.0.0.1", false));
    world.views.remove(1);
    world.told.put(1, 101L);
    assertEquals(2, replicas(world));
    world.told.put(1, 7L);
    assertEquals(1, replicas(world));
  }

  /** A process that has just begun knows of it only that an earlier one has kept it. */
  @Test
  void oneThatWasKeptAndIsNotReadyIsNotForgottenByTheNextLeader() {
    var world = shrinking("nodes: 1", 7, 0);
    world.pods.put(1, World.pod(1, "10.0.0.1", false));
    world.views.remove(1);
    assertEquals(2, replicas(world), "it has no entry in the status");
    var status = World.yaml("{nodes: [{ordinal: 0}, {ordinal: 1}]}");
    world.network = new BitcoinNetwork(world.network.metadata(), world.network.spec(), status);
    assertEquals(1, replicas(world), "it never was ready, as far as anybody knows");
  }

  @Test
  void nodesThatAreKeptMayBeTooManyForAFullMesh() {
    var heights = new long[120];
    heights[119] = 101;
    var world = shrinking("nodes: 90", heights);
    var seen = world.seen();
    assertEquals(120, seen.nodes());
    assertEquals(Topology.SPARSE, seen.topology());
    assertFalse(MeshPlan.tooLarge(seen));
    assertEquals(120, Plan.of(seen).mesh().changes().size());
  }

  @Test
  void aSizeThatSomebodyElseChangedIsSetBackInTheSameWay() {
    var grown = shrinking("nodes: 1", 0, 101);
    grown.told.putAll(Map.of(0, 0L));
    assertEquals(2, replicas(grown));
    var shrunk = shrinking("nodes: 3", 101);
    assertEquals(3, replicas(shrunk));
  }

  /** {@code kubectl scale statefulset}, which knows no limit. */
  @ParameterizedTest
  @ValueSource(ints = {501, 3_000_000, Integer.MAX_VALUE})
  @Timeout(20)
  void aSizeBeyondAllLimitsIsSetBackOnceItIsKnownWhatGoes(int size) {
    var world = shrinking("nodes: 2", 101, 101);
    world.statefulSet = scaled(world.statefulSet, size, 2);
    assertEquals(2, replicas(world), "none of the others has been made");
    world.statefulSet = scaled(world.statefulSet, size, size);
    assertEquals(size, replicas(world));
    assertEquals(500, world.seen().nodes());
    assertTrue(ready(world).message().contains("scale it down"), ready(world).message());
    assertTrue(Observation.missing(world.statefulSet, world.seen().chain()).size() <= 500);
  }

  private static Child scaled(Child statefulSet, int replicas, int counted) {
    ObjectNode copy = ((Child.Ours) statefulSet).object().content().deepCopy();
    copy.withObject("/spec").put("replicas", replicas);
    copy.withObject("/status").put("replicas", counted);
    return new Child.Ours(Json.convert(copy, StoredObject.class));
  }

  @Test
  void oneThatCantBeSeenIsKeptWhateverTheOthersHave() {
    var world = shrinking("nodes: 1", 101, 101, 101);
    world.hide(1);
    assertEquals(2, replicas(world));
    assertTrue(ready(world).message().contains("net-sts-1 is there and can't be read"));
    world.told.put(1, 102L);
    world.hide(2);
    assertEquals(3, replicas(world));
  }

  @Test
  void whatOnlyAPersonCanEndIsLookedAtSeldom() {
    var none = shrinking("nodes: 0", 101);
    assertEquals(Optional.of(Duration.ofSeconds(10)), Plan.of(none.seen()).lookAgain());
    var unseen = shrinking("nodes: 1", 101, 101);
    unseen.hide(1);
    assertEquals(Optional.of(Duration.ofSeconds(10)), Plan.of(unseen.seen()).lookAgain());
  }

  @Test
  void itIsToldBesideOtherTrouble() {
    var world = shrinking("nodes: 1, storage: {size: 1Gi}", 0, 101);
    assertEquals("StorageImmutable", ready(world).reason());
    assertTrue(ready(world).message().contains("net-sts-1 goes when net-sts-0 has them"));
  }
}
