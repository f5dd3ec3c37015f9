package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A StatefulSet that was made over the pods of another one: they are not what its template says.
 * Here {@code spec.storage} came with the new one, and the blocks are in the pods.
 */
class TakenOverTest {
  private static final String STORAGE = ", storage: {size: 1Gi}";

  /** The set has three pods at 101 blocks, and all of it is as its own controller left it. */
  private static World takenOver(String spec) {
    var world = new World(spec + STORAGE).reported();
    world.statefulSet = new World("nodes: 3" + STORAGE).statefulSet;
    change(world, set -> set.putObject("status").put("replicas", 3));
    for (var ordinal = 0; ordinal < 3; ordinal++) {
      world.pods.put(ordinal, World.pod(ordinal, "10.0.0." + ordinal, true));
      world.views.put(ordinal, World.node(List.of(), List.of(), 101));
    }
    return world;
  }

  private static void change(World world, Consumer<ObjectNode> change) {
    ObjectNode set = ((Child.Ours) world.statefulSet).object().content().deepCopy();
    change.accept(set);
    world.statefulSet = new Child.Ours(Json.convert(set, StoredObject.class));
  }

  private static int partition(World world) {
    return Plan.of(world.seen()).rollout().partition();
  }

  private static void behind(World world, int... ordinals) {
    for (var ordinal : ordinals) {
      world.views.put(ordinal, World.node(List.of(), List.of(), 7));
    }
  }

  @Test
  void aNewTemplateReachesThemOneByOne() {
    var world = takenOver("nodes: 3, config: [uacomment=new]");
    assertEquals(2, partition(world));
    behind(world, 0, 1);
    assertEquals(3, partition(world), "the last pod alone has the chain");
    world.pods.replaceAll((_, pod) -> World.claiming(pod));
    assertEquals(0, partition(world), "all were made anew");
    world.pods.put(2, World.pod(2, "10.0.0.2", true));
    assertEquals(3, partition(world), "all but one");
    world.atOnce();
    assertEquals(0, partition(world));
  }

  @Test
  void theyDoNotGoWithASmallerSizeBeforeOthersHaveTheirBlocks() {
    assertEquals(1, takenOver("nodes: 0").seen().nodes(), "the last copy");
    var world = takenOver("nodes: 1");
    world.pods.computeIfPresent(0, (_, pod) -> World.claiming(pod));
    world.views.put(0, World.node(List.of(), List.of(), 0));
    assertEquals(2, world.seen().nodes(), "the first one was made anew");
    world.atOnce();
    assertEquals(1, world.seen().nodes());
  }

  /** It may be any pod. */
  @Test
  void onePodThatCantBeSeenMayHaveItsBlocksInIt() {
    var world = takenOver("nodes: 3, config: [uacomment=new]");
    world.pods.replaceAll((_, pod) -> World.claiming(pod));
    world.hide(1);
    assertEquals(3, partition(world));
    world.pods.put(1, World.claiming(World.pod(1, "10.0.0.1", true)));
    world.unseen.clear();
    assertEquals(0, partition(world));
    world.pods.remove(2);
    assertEquals(3, partition(world), "the set counts three");
    var smaller = takenOver("nodes: 0");
    smaller.pods.replaceAll((_, pod) -> World.claiming(pod));
    assertEquals(0, smaller.seen().nodes());
    smaller.hide(1);
    assertEquals(2, smaller.seen().nodes());
  }

  /** The cache shows them with the owner that is gone, or with none. */
  @Test
  void thoseThatAreNotTakenOverAreTakenForUnseen() {
    var network = new World("nodes: 3").network;
    var stored = new World("nodes: 3").statefulSet;
    var orphan = World.pod(1, "10.0.0.1", true);
    var left =
        Orphans.notTakenOver(
            network,
            stored,
            List.of(owned(0, "uid-sts"), orphan, owned(2, "gone"), World.pod(7, "10.0.0.7", true)));
    assertEquals(Set.of(1, 2, 7), left.keySet());
    assertEquals("pod-10.0.0.1", Objects.requireNonNull(left.get(1)).uid());
    assertEquals(
        Set.of(1, 2), Unseen.of(network, stored, Map.of(), left, false).keySet(), "it wants three");
    assertEquals(
        Map.of(), Orphans.notTakenOver(network, new Child.Absent(), List.of(orphan)), "no set");
  }

  private static Pod owned(int ordinal, String uid) {
    ObjectNode pod = Json.MAPPER.valueToTree(World.pod(ordinal, "10.0.0." + ordinal, true));
    pod.withObject("/metadata")
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", "StatefulSet")
        .put("name", "net-sts")
        .put("uid", uid)
        .put("controller", true);
    return Json.convert(pod, Pod.class);
  }

  /** Its controller has not seen the set. */
  @Test
  void beforeTheyAreTakenOverNeitherATemplateNorASmallerSizeReachesThem() {
    for (var storage : List.of("", STORAGE)) {
      var world = new World("nodes: 1, config: [uacomment=new]" + storage).reported();
      world.statefulSet = new World("nodes: 3" + storage).statefulSet;
      change(world, set -> set.withObject("/metadata").put("generation", 1));
      world.pods.clear();
      world.views.clear();
      assertEquals(1, partition(world), "whatever may be there is held");
      for (var ordinal = 0; ordinal < 3; ordinal++) {
        world.hide(ordinal);
      }
      assertEquals(3, world.seen().nodes());
      assertEquals(3, partition(world));
      world.unseen.clear();
      world.views.clear();
      change(world, set -> set.putObject("status").put("observedGeneration", 1));
      assertEquals(0, partition(world), "there is none");
    }
  }
}
