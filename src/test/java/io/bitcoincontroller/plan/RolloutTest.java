package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.mesh.Links.Dial;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Three nodes at 101 blocks, of revision "old", on their way to "new". */
class RolloutTest {
  private final World world = rolling(2);

  /** A StatefulSet whose template is applied, with this partition; no pod is of it yet. */
  private static World rolling(int partition) {
    var world = new World("nodes: 3").meshed().reported();
    var set = ((Child.Ours) world.statefulSet).object().content().deepCopy();
    ((ObjectNode) set.at("/spec/updateStrategy/rollingUpdate")).put("partition", partition);
    ((ObjectNode) set.path("metadata")).put("generation", 4);
    ((ObjectNode) set)
        .putObject("status")
        .put("observedGeneration", 4)
        .put("updateRevision", "new")
        .put("currentRevision", "old");
    world.statefulSet = new Child.Ours(Json.convert(set, StoredObject.class));
    world.pods.replaceAll((_, pod) -> World.of("old", pod));
    return world;
  }

  private void replaced(int ordinal) {
    world.pods.computeIfPresent(ordinal, (_, pod) -> World.of("new", pod));
  }

  /** The pods are of revision "old", and the spec wants something else than is stored. */
  private static World changed(String spec) {
    var world = rolling(3);
    var changed = new World(spec).meshed().reported();
    changed.statefulSet = world.statefulSet;
    changed.pods.putAll(world.pods);
    return changed;
  }

  private static int partition(World world) {
    return Plan.of(world.seen()).rollout().partition();
  }

  private static Condition ready(World world) {
    return Plan.of(world.seen()).status().conditions().getFirst();
  }

  @Test
  void aNewTemplateBeginsWithTheLastPodAlone() {
    var changed = changed("nodes: 3, config: [uacomment=new]");
    var plan = Plan.of(changed.seen());
    assertEquals(2, plan.rollout().partition());
    var body = plan.writes().getLast().request().body().orElseThrow();
    assertTrue(body.contains("\"partition\":2"), body);
    assertEquals("RollingOut", ready(changed).reason());
  }

  @Test
  void itIsToldAtItsBeginningEvenIfTheMeshChangesInTheSamePass() {
    var changed = changed("nodes: 3, config: [uacomment=new]");
    changed.views.put(0, World.node(List.of(), List.of(), 101));
    assertTrue(Plan.of(changed.seen()).settling());
    assertTrue(Plan.of(changed.seen()).report());
    var applied = rolling(3);
    applied.views.put(0, World.node(List.of(), List.of(), 101));
    assertFalse(Plan.of(applied.seen()).report());
  }

  @Test
  void onePodThatAloneHasTheChainIsNotReplacedBeforeAnotherHasIt() {
    var changed = changed("nodes: 3, config: [uacomment=new]");
    for (var behind : List.of(0, 1)) {
      changed.views.put(behind, World.node(List.of(), List.of(), 7));
    }
    assertEquals(3, partition(changed));
    changed.views.put(0, World.node(List.of(), List.of(), 101));
    assertEquals(2, partition(changed));
  }

  @Test
  void whereNobodyElseCanHaveItTheUserMaySaySo() {
    var changed = changed("nodes: 3, config: [uacomment=new]");
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

  /** They are refused by a condition; the rest of that edit is rolled out. */
  @Test
  void theSpecMayWishForVolumesButThePodsHaveNone() {
    var changed = changed("nodes: 3, storage: {size: 1Gi}, config: [uacomment=new]");
    assertEquals("StorageImmutable", ready(changed).reason());
    assertEquals(2, partition(changed), "one by one");
    for (var behind : List.of(0, 1)) {
      changed.views.put(behind, World.node(List.of(), List.of(), 7));
    }
    assertEquals(3, partition(changed), "the last pod alone has the chain");
  }

  @Test
  void whereThereAreNoBlocksNothingIsWaitedFor() {
    var changed = changed("nodes: 3, config: [uacomment=new]");
    changed.views.replaceAll((_, _) -> World.node(List.of(), List.of(), 0));
    assertEquals(2, partition(changed));
    changed.pods.put(2, World.of("old", World.pod(2, "10.0.0.2", false)));
    changed.views.remove(2);
    assertEquals(2, partition(changed), "of one that was never ready nobody has heard");
  }

  /** As at the start of a process: it may have what no other has. */
  @Test
  void aReadyPodThatWasNotHeardOfYetIsNotTakenForEmpty() {
    for (var view :
        new NodeView[] {
          null, new NodeView.New(), new NodeView.Silent(""), new NodeView.Unauthorized()
        }) {
      var changed = changed("nodes: 3, config: [uacomment=new]");
      changed.views.put(2, view);
      changed.views.values().removeIf(Objects::isNull);
      assertEquals(3, partition(changed));
      assertTrue(ready(changed).message().contains("net-sts-2 does not answer"));
      assertTrue(ready(changed).message().contains("=at-once"));
    }
  }

  /** It was not ready when the status was written, and may have lost its chain since. */
  @Test
  void aNodeThatNobodyAskedYetHoldsNoBlocksForOthers() {
    var changed = changed("nodes: 3, config: [uacomment=new]");
    changed.views.put(0, World.node(List.of(), List.of(), 7));
    assertEquals(2, partition(changed), "node 1 has the blocks of node 2");
    changed.views.put(1, new NodeView.New());
    assertEquals(3, partition(changed));
  }

  @Test
  void theOnlyPodOfANetworkOfOneIsNotReplacedUnlessSomebodySaysSo() {
    var one = new World("nodes: 1, config: [uacomment=new]").meshed();
    one.statefulSet = new World("nodes: 1").statefulSet;
    assertEquals(1, partition(one));
    assertTrue(ready(one).message().contains("up to 101"), ready(one).message());
    one.views.put(0, World.node(List.of(), List.of(), 0));
    assertEquals(0, partition(one));
  }

  /** kubectl rollout restart, a webhook, an edit: the stored template is not the pods'. */
  @Test
  void aTemplateThatSomebodyElseChangedIsARollOutLikeAnyOther() {
    var restarted = rolling(3);
    assertEquals(2, partition(restarted));
    assertEquals("RollingOut", ready(restarted).reason());
    restarted.views.put(0, World.node(List.of(), List.of(), 7));
    restarted.views.put(1, World.node(List.of(), List.of(), 7));
    assertEquals(3, partition(restarted));
  }

  /** An upgraded controller finds an open door at rest. */
  @Test
  void theFirstApplyClosesTheDoorAlongWithTheTemplate() {
    var open = changed("nodes: 3, config: [uacomment=new]");
    open.statefulSet = rolling(0).statefulSet;
    open.views.put(0, World.node(List.of(), List.of(), 7));
    open.views.put(1, World.node(List.of(), List.of(), 7));
    var write = Plan.of(open.seen()).writes().getLast();
    assertEquals(3, write.rendered().at("/spec/updateStrategy/rollingUpdate/partition").asInt());
    assertTrue(write.rendered().at("/spec/template").toString().contains("uacomment=new"));
  }

  @Test
  void whatMakesPodsGoIsTakenOnlyIfAllIsStillAsItWasSeen() {
    var write = Plan.of(rolling(3).seen()).writes().getLast();
    assertTrue(write.request().body().orElseThrow().contains("\"resourceVersion\":\"1\""));
    var closes = rolling(0);
    closes.pods.replaceAll((_, pod) -> World.of("new", pod));
    var close = Plan.of(closes.seen()).writes().getLast();
    assertFalse(close.request().body().orElseThrow().contains("resourceVersion"));
  }

  @Test
  void aPodThatIsGoingIsMadeAgainFromTheNewTemplateWhateverItHad() {
    var going = rolling(3);
    going.pods.computeIfPresent(
        2,
        (_, pod) -> {
          ObjectNode changed = Json.MAPPER.valueToTree(pod);
          changed.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
          return Json.convert(changed, Pod.class);
        });
    going.views.clear();
    assertEquals(2, partition(going));
  }

  /** The StatefulSet makes a pod below the partition from its current revision. */
  @Test
  void podsThatComeWithANewTemplateAreOfIt() {
    var grown = changed("nodes: 5, config: [uacomment=new]");
    grown.pods.keySet().removeAll(List.of(3, 4));
    grown.views.keySet().removeAll(List.of(3, 4));
    assertEquals(2, partition(grown));
    grown.views.put(0, World.node(List.of(), List.of(), 7));
    grown.views.put(1, World.node(List.of(), List.of(), 7));
    assertEquals(3, partition(grown));
    var done = rolling(3);
    done.pods.replaceAll((_, pod) -> World.of("new", pod));
    done.pods.remove(2);
    done.views.remove(2);
    assertEquals(2, partition(done), "one that is not there yet is left above");
  }

  @Test
  void aBrokenTemplateIsRepairedByTheNextOne() {
    var broken = rolling(3);
    broken.pods.put(2, World.of("broken", World.pod(2, "10.0.0.2", false)));
    broken.views.remove(2);
    assertEquals(2, partition(broken));
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
    replaced(2);
    world.views.put(2, World.node(List.of(), List.of(), 7));
    assertEquals(2, partition(world));
    assertTrue(
        ready(world).message().contains("net-sts-2 has to be ready"), ready(world).message());
  }

  @Test
  void aReplacedPodThatIsNotReadyHoldsTheOthersBack() {
    replaced(2);
    world.pods.computeIfPresent(2, (_, _) -> World.of("new", World.pod(2, "10.0.0.2", false)));
    world.views.remove(2);
    assertEquals(2, partition(world));
  }

  @Test
  void aReplacedPodThatHasTheBlocksLetsTheNextOneGo() {
    replaced(2);
    assertEquals(1, partition(world));
  }

  /** Its deletion may have begun, and not show yet. */
  @Test
  void aPodThatWasLetGoHasNothingForTheOthers() {
    var second = changed("nodes: 3, config: [uacomment=second]");
    second.statefulSet = rolling(1).statefulSet;
    second.pods.computeIfPresent(2, (_, pod) -> World.of("new", pod));
    second.views.put(0, World.node(List.of(), List.of(), 7));
    assertEquals(3, partition(second), "pod 1 was let go, and pod 2 alone stays with the chain");
    second.views.put(0, World.node(List.of(), List.of(), 101));
    assertEquals(2, partition(second));
    second.statefulSet = rolling(2).statefulSet;
    second.views.put(0, World.node(List.of(), List.of(), 7));
    assertEquals(2, partition(second), "pod 1 is held");
  }

  /** It was too many, and the spec wants it again. */
  @Test
  void aPodAboveTheStoredSizeHasNothingForTheOthers() {
    replaced(2);
    world.views.put(0, World.node(List.of(), List.of(), 7));
    assertEquals(1, partition(world));
    var set = ((Child.Ours) world.statefulSet).object().content().deepCopy();
    ((ObjectNode) set.path("spec")).put("replicas", 2);
    world.statefulSet = new Child.Ours(Json.convert(set, StoredObject.class));
    assertEquals(2, partition(world));
  }

  /** The partition that it still acts by may be a lower one. */
  @Test
  void aNewTemplateLetsNoPodGoWhileTheLastChangeIsNotTakenUp() {
    var second = changed("nodes: 3, config: [uacomment=second]");
    assertEquals(2, partition(second));
    var set = ((Child.Ours) second.statefulSet).object().content().deepCopy();
    ((ObjectNode) set.path("status")).put("observedGeneration", 3);
    second.statefulSet = new Child.Ours(Json.convert(set, StoredObject.class));
    assertEquals(3, partition(second));
    second.atOnce();
    assertEquals(0, partition(second));
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
    var changed = changed("nodes: 3, config: [uacomment=new]");
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
      world.pods.put(flapping, World.of("old", World.pod(flapping, "10.0.0." + flapping, false)));
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
  void inTheEndThePartitionHoldsAllPods() {
    for (var ordinal : List.of(0, 1, 2)) {
      replaced(ordinal);
    }
    assertEquals(3, partition(world));
    var plan = Plan.of(world.seen());
    assertEquals(1, plan.writes().size());
    assertEquals(Optional.empty(), plan.writes().getFirst().news(), "no event for a step");
    assertTrue(ready(world).holds());
  }

  @Test
  void aPodThatFailsLaterMovesNothing() {
    var done = rolling(3);
    done.pods.replaceAll((_, pod) -> World.of("new", pod));
    done.pods.put(1, World.of("new", World.pod(1, "10.0.0.1", false)));
    done.views.remove(1);
    var plan = Plan.of(done.seen());
    assertEquals(3, plan.rollout().partition());
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
    assertEquals(List.of(new Dial(1, 0)), plan.mesh().dials());
    assertEquals(1, plan.rollout().partition());
  }

  @Test
  void aPodAboveTheWantedSizeIsGoingAnywayAndIsNotWaitedFor() {
    for (var ordinal : List.of(0, 1, 2)) {
      replaced(ordinal);
    }
    world.pods.put(3, World.of("old", World.pod(3, "10.0.0.3", true)));
    assertEquals(3, partition(world));
    assertTrue(ready(world).holds());
  }

  @Test
  void aRolloutThatWaitsIsLookedAtSoonSinceNoEventTellsOfBlocks() {
    var plan = Plan.of(world.seen());
    assertEquals(Optional.of(Duration.ofSeconds(2)), plan.lookAgain());
  }

  /** Each change of leader would begin a roll-out of every network. */
  @Test
  void whatAWebhookMakesOfATemplateIsNoNewTemplate() {
    var rest = rolling(3);
    rest.pods.replaceAll((_, pod) -> World.of("new", pod));
    var stored = ((Child.Ours) rest.statefulSet).object().content().deepCopy();
    ((ObjectNode) stored.at("/spec/template/spec/containers/0")).put("image", "mirror/other:1");
    rest.statefulSet = new Child.Ours(Json.convert(stored, StoredObject.class));
    assertEquals(3, partition(rest));
    assertTrue(ready(rest).holds());
    var write = Plan.of(rest.seen()).writes().getLast();
    assertEquals(3, write.rendered().at("/spec/updateStrategy/rollingUpdate/partition").asInt());
  }

  /** It may be there for want of room in the cache only: it may have any blocks. */
  @Test
  void aPodThatCantBeSeenHoldsAllUntilItCanBe() {
    var changed = changed("nodes: 3, config: [uacomment=new]");
    var restarted = rolling(3);
    var open = rolling(0);
    for (var world : List.of(changed, restarted, open)) {
      world.hide(2);
      assertEquals(3, partition(world));
      assertTrue(
          Plan.of(world.seen())
              .rollout()
              .waits()
              .orElseThrow()
              .message()
              .contains("can't be read"));
      assertTrue(
          ready(world).message().contains("net-sts-2 (its pod can't be read (no room for it))"));
      for (var ordinal : List.of(0, 1)) {
        world.hide(ordinal);
      }
      assertEquals(3, partition(world), "nobody can be seen");
    }
  }

  @Test
  void whoSaysAtOnceWaitsForNoPodThatCantBeSeen() {
    var changed = changed("nodes: 3, config: [uacomment=new]");
    changed.hide(1);
    assertEquals(3, partition(changed));
    changed.atOnce();
    assertEquals(0, partition(changed));
  }

  @Test
  void aPodThatCantBeSeenStaysInTheListsAndInTheStatus() {
    var world = new World("nodes: 3").meshed();
    var status = World.yaml("{nodes: [{}, {}, {ordinal: 2, ip: 10.0.0.2, height: 101, peers: 2}]}");
    world.network = new BitcoinNetwork(world.network.metadata(), world.network.spec(), status);
    world.hide(2);
    var plan = Plan.of(world.seen());
    assertEquals(Map.of(), plan.mesh().changes());
    assertEquals(List.of(), plan.mesh().closes());
    assertEquals("10.0.0.2", plan.status().nodes().get(2).ip());
    assertEquals(101, plan.status().nodes().get(2).answer().orElseThrow().height());
  }
}
