package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.mesh.Links.Dial;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Three nodes at 101 blocks, of revision "old", on their way to "new". */
class RolloutTest {
  private final World world = rolling(2);

  /** A StatefulSet whose template is applied, with this partition; no pod is of it yet. */
  private static World rolling(int partition) {
    var world = new World("nodes: 3").meshed();
    var set = ((Child.Ours) world.statefulSet).object().content().deepCopy();
    ((ObjectNode) set.at("/spec/updateStrategy/rollingUpdate")).put("partition", partition);
    ((ObjectNode) set.path("metadata")).put("generation", 4);
    ((ObjectNode) set)
        .putObject("status")
        .put("observedGeneration", 4)
        .put("updateRevision", "new")
        .put("currentRevision", "old");
    world.statefulSet = new Child.Ours(Json.convert(set, StoredObject.class));
    world.pods.replaceAll((_, pod) -> revision(pod, "old"));
    return world;
  }

  private static Pod revision(Pod pod, String revision) {
    ObjectNode changed = Json.MAPPER.valueToTree(pod);
    changed.withObject("/metadata/labels").put("controller-revision-hash", revision);
    return Json.convert(changed, Pod.class);
  }

  private void replaced(int ordinal) {
    world.pods.computeIfPresent(ordinal, (_, pod) -> revision(pod, "new"));
  }

  private static int partition(World world) {
    return Plan.of(world.seen()).rollout().partition();
  }

  private static Condition ready(World world) {
    return Plan.of(world.seen()).status().conditions().getFirst();
  }

  @Test
  void aNewTemplateBeginsWithTheLastPodAlone() {
    var changed = new World("nodes: 3, config: [uacomment=new]").meshed();
    changed.statefulSet = new World("nodes: 3").statefulSet;
    var plan = Plan.of(changed.seen());
    assertEquals(2, plan.rollout().partition());
    var body = plan.writes().getLast().request().body().orElseThrow();
    assertTrue(body.contains("\"partition\":2"), body);
    assertEquals("RollingOut", ready(changed).reason());
  }

  @Test
  void onePodThatAloneHasTheChainIsNotReplacedBeforeAnotherHasIt() {
    var changed = new World("nodes: 3, config: [uacomment=new]").meshed();
    changed.statefulSet = new World("nodes: 3").statefulSet;
    for (var behind : List.of(0, 1)) {
      changed.views.put(behind, World.node(List.of(), List.of(), 7));
    }
    assertEquals(3, partition(changed));
    changed.views.put(0, World.node(List.of(), List.of(), 101));
    assertEquals(2, partition(changed));
  }

  @Test
  void whereNobodyElseCanHaveItTheUserMaySaySo() {
    var changed = new World("nodes: 3, config: [uacomment=new]").meshed();
    changed.statefulSet = new World("nodes: 3").statefulSet;
    changed.pods.keySet().removeAll(List.of(0, 1));
    changed.views.keySet().removeAll(List.of(0, 1));
    assertEquals(3, partition(changed));
    var rollout = Plan.of(changed.seen()).rollout().waits().orElseThrow().message();
    assertTrue(rollout.contains("roll-out=at-once"), rollout);
    var stored = new World("nodes: 3, storage: {size: 1Gi}, config: [uacomment=new]").meshed();
    stored.statefulSet = new World("nodes: 3, storage: {size: 1Gi}").statefulSet;
    stored.views.keySet().removeAll(List.of(0, 1));
    assertEquals(0, partition(stored), "volumes keep what is in them");
  }

  @Test
  void whereThereAreNoBlocksNothingIsWaitedFor() {
    var changed = new World("nodes: 3, config: [uacomment=new]");
    changed.statefulSet = new World("nodes: 3").statefulSet;
    changed.views.clear();
    assertEquals(2, partition(changed));
  }

  @Test
  void untilTheStatefulSetControllerHasSeenItNothingMoves() {
    var set = ((Child.Ours) world.statefulSet).object().content().deepCopy();
    ((ObjectNode) set.path("status")).put("observedGeneration", 3).put("updateRevision", "old");
    world.statefulSet = new Child.Ours(Json.convert(set, StoredObject.class));
    assertEquals(2, partition(world));
    assertEquals("RollingOut", ready(world).reason());
  }

  @Test
  void thePodAboveThePartitionHasToBeReplacedFirst() {
    assertEquals(2, partition(world));
    assertTrue(
        ready(world).message().contains("net-sts-2 has to be ready"), ready(world).message());
  }

  @Test
  void aReplacedPodThatIsNotReadyHoldsTheOthersBack() {
    replaced(2);
    world.pods.computeIfPresent(2, (_, _) -> revision(World.pod(2, "10.0.0.2", false), "new"));
    world.views.remove(2);
    assertEquals(2, partition(world));
  }

  @Test
  void aReplacedPodThatHasTheBlocksLetsTheNextOneGo() {
    replaced(2);
    assertEquals(1, partition(world));
  }

  @Test
  void aReplacedPodThatIsBehindHoldsTheOthersBack() {
    replaced(2);
    world.views.put(2, World.node(List.of("10.0.0.0", "10.0.0.1"), List.of("10.0.0.0"), 100));
    assertEquals(2, partition(world));
  }

  /** They may be what the new template is to mend. */
  @Test
  void oldPodsThatSayNothingOrAreNotLinkedHoldNothingBack() {
    replaced(2);
    world.views.put(0, new NodeView.Silent("no answer in time"));
    world.views.put(1, World.node(List.of(), List.of(), 101));
    assertEquals(1, partition(world));
  }

  @Test
  void aNewSecretIsRefusedByAllAndStillTheFirstPodGoes() {
    var changed = new World("nodes: 3, config: [uacomment=new]").meshed();
    changed.statefulSet = new World("nodes: 3").statefulSet;
    changed.views.replaceAll((_, _) -> new NodeView.Unauthorized());
    changed.told.putAll(Map.of(0, 101L, 1, 101L, 2, 101L));
    assertEquals(2, partition(changed));
  }

  @Test
  void whileASecretChangesWhatTheOldNodesToldLastIsRemembered() {
    replaced(2);
    world.told.putAll(Map.of(0, 101L, 1, 101L));
    world.views.put(0, new NodeView.Unauthorized());
    world.views.put(1, new NodeView.Unauthorized());
    var all = List.of("10.0.0.0", "10.0.0.1");
    world.views.put(2, World.node(all, all, 100));
    assertEquals(2, partition(world), "it is below them");
    world.views.put(2, World.node(all, List.of("10.0.0.0"), 101));
    var plan = Plan.of(world.seen());
    assertEquals(1, plan.rollout().partition());
    assertEquals(List.of(new Dial(2, 1)), plan.mesh().dials(), "from the side that listens");
    for (var type : List.of(0, 1, 2)) {
      assertEquals("RollingOut", plan.status().conditions().get(type).reason());
    }
  }

  @Test
  void aFlapOfAllOldPodsDoesNotMakeTheChainForgotten() {
    replaced(2);
    world.told.putAll(Map.of(0, 101L, 1, 101L));
    for (var flapping : List.of(0, 1)) {
      world.pods.put(flapping, revision(World.pod(flapping, "10.0.0." + flapping, false), "old"));
      world.views.remove(flapping);
    }
    world.views.put(2, World.node(List.of(), List.of(), 0));
    assertEquals(2, partition(world));
  }

  @Test
  void aNodeOfThePresentRevisionThatRefusesTheCredentialsIsAFault() {
    for (var ordinal : List.of(0, 1, 2)) {
      replaced(ordinal);
    }
    world.views.put(1, new NodeView.Unauthorized());
    var meshed = Plan.of(world.seen()).status().conditions().get(1);
    assertEquals("CredentialsRefused", meshed.reason());
  }

  @Test
  void inTheEndThePartitionIsOpenSoThatNewPodsAreOfTheNewTemplate() {
    for (var ordinal : List.of(0, 1, 2)) {
      replaced(ordinal);
    }
    assertEquals(0, partition(world));
    var plan = Plan.of(world.seen());
    assertEquals(1, plan.writes().size());
    assertEquals(Optional.empty(), plan.writes().getFirst().news(), "no event for a step");
    assertTrue(ready(world).holds());
  }

  @Test
  void aPodThatFailsLaterMovesNothing() {
    var done = rolling(0);
    done.pods.replaceAll((_, pod) -> revision(pod, "new"));
    done.pods.put(1, revision(World.pod(1, "10.0.0.1", false), "new"));
    done.views.remove(1);
    var plan = Plan.of(done.seen());
    assertEquals(0, plan.rollout().partition());
    assertEquals(List.of(), plan.writes());
  }

  @Test
  void whoeverScalesDownInTheMiddleIsNotWaitedFor() {
    var smaller = rolling(5);
    assertEquals(2, partition(smaller));
    assertEquals(Map.of(), Plan.of(smaller.seen()).mesh().changes());
  }

  @Test
  void aLinkBetweenOthersHoldsNobodyBack() {
    replaced(2);
    world.views.put(0, World.node(List.of("10.0.0.1", "10.0.0.2"), List.of("10.0.0.2"), 101));
    world.views.put(1, World.node(List.of("10.0.0.2", "10.0.0.0"), List.of("10.0.0.2"), 101));
    var plan = Plan.of(world.seen());
    assertEquals(List.of(new Dial(0, 1)), plan.mesh().dials());
    assertEquals(1, plan.rollout().partition());
  }

  @Test
  void aPodAboveTheWantedSizeIsGoingAnywayAndIsNotWaitedFor() {
    for (var ordinal : List.of(0, 1, 2)) {
      replaced(ordinal);
    }
    world.pods.put(3, revision(World.pod(3, "10.0.0.3", true), "old"));
    assertEquals(0, partition(world));
    assertTrue(ready(world).holds());
  }

  @Test
  void aRolloutThatWaitsIsLookedAtSoonSinceNoEventTellsOfBlocks() {
    var plan = Plan.of(world.seen());
    assertEquals(Optional.of(Duration.ofSeconds(2)), plan.lookAgain());
  }

  @Test
  void aTemplateThatAWebhookAltersGoesOnToTheNextPodLikeAnyOther() {
    var world = rolling(1);
    for (var ordinal : List.of(1, 2)) {
      world.pods.computeIfPresent(ordinal, (_, pod) -> revision(pod, "new"));
    }
    assertEquals(0, partition(world));
    var stored = ((Child.Ours) world.statefulSet).object().content().deepCopy();
    var container = (ObjectNode) stored.at("/spec/template/spec/containers/0");
    var image = container.path("image").asText();
    container.put("image", "mirror/" + image);
    world.statefulSet = new Child.Ours(Json.convert(stored, StoredObject.class));
    assertEquals(2, partition(world), "as if somebody had just changed it");
    var write = Plan.of(world.seen()).writes().getLast();
    world.altered = Children.altered(write.rendered(), stored);
    assertEquals(0, partition(world));
  }
}
