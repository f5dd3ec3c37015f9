package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.desired.OldConfigMap;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A network of an older version: its pods mount bitcoin.conf from a ConfigMap. */
class OldConfigMapTest {
  private static final String LEFT = "bitcoincontroller.christianb93.github.com/old-config-map";
  private final World world = new World("nodes: 2").meshed().reported();

  private StoredObject set(Consumer<ObjectNode> edit) {
    ObjectNode set = stored().content().deepCopy();
    edit.accept(set);
    var changed = Json.convert(set, StoredObject.class);
    world.statefulSet = new Child.Ours(changed);
    return changed;
  }

  private StoredObject stored() {
    return ((Child.Ours) world.statefulSet).object();
  }

  private static void ofOldVersion(ObjectNode set) {
    set.withObject("/metadata/annotations")
        .put("bitcoincontroller.christianb93.github.com/template-hash", "of the older version");
    var volume = (ObjectNode) set.at("/spec/template/spec/volumes/0");
    volume.removeAll();
    volume.put("name", "config").putObject("configMap").put("name", "net-conf");
  }

  private static void named(ObjectNode set) {
    set.setAll(OldConfigMap.named(set, "net-conf"));
  }

  private void revisions(String current, String update, String... pods) {
    set(
        set ->
            set.putObject("status").put("currentRevision", current).put("updateRevision", update));
    for (var ordinal = 0; ordinal < pods.length; ordinal++) {
      ObjectNode pod = Json.MAPPER.valueToTree(world.pods.get(ordinal));
      pod.withObject("/metadata/labels").put("controller-revision-hash", pods[ordinal]);
      world.pods.put(ordinal, Json.convert(pod, Pod.class));
    }
  }

  private boolean over() {
    return Rollout.isOver(stored(), world.seen().chain());
  }

  private List<Write> writes() {
    return Plan.of(world.seen()).writes();
  }

  @Test
  void theNewTemplateReachesThePodsFromTheLastOneAndTheStatefulSetNamesTheConfigMap() {
    set(OldConfigMapTest::ofOldVersion);
    revisions("old", "old", "old", "old");
    var write = writes().getFirst();
    assertEquals(1, writes().size());
    assertEquals("net-conf", write.rendered().at("/metadata/annotations").path(LEFT).asText());
    assertEquals(1, write.rendered().at("/spec/updateStrategy/rollingUpdate/partition").asInt());
  }

  @Test
  void itStaysWhileAPodMountsItOrOneMayBeMadeThatWould() {
    set(OldConfigMapTest::named);
    revisions("old", "new", "new", "new");
    assertFalse(over(), "a pod below the partition is made of the current revision");
    revisions("new", "new", "old", "new");
    assertFalse(over(), "a pod mounts it");
    revisions("new", "new", "new", "new");
    assertTrue(over());
    world.hide(0);
    assertFalse(over(), "nobody knows what an unreadable pod mounts");
  }

  /** It may be that it must not be deleted: what else is to be written does not wait for that. */
  @Test
  void whenNobodyMountsItItIsDeletedAndNamedUntilItIsKnownToBeGone() {
    set(OldConfigMapTest::named);
    world.oldConfigMap = Optional.of(World.stored(stored().content().deepCopy(), "uid-conf"));
    var plan = Plan.of(world.seen());
    assertEquals("DELETE", plan.writes().getFirst().request().method());
    assertTrue(
        plan.writes().stream().skip(1).allMatch(w -> w.rendered().toString().contains(LEFT)));
    assertTrue(plan.writes().getFirst().request().body().orElseThrow().contains("uid-conf"));
    assertTrue(plan.lookAgain().isPresent(), "no watch will show that it is gone");
    world.oldConfigMap = Optional.of(new Child.Absent());
    var write = writes().getFirst();
    assertEquals("PATCH", write.request().method());
    assertFalse(write.rendered().at("/metadata/annotations").has(LEFT));
  }

  @Test
  void anothersConfigMapIsLetAloneAndOneThatCannotBeReadIsAskedForAgain() {
    set(OldConfigMapTest::named);
    world.oldConfigMap = Optional.of(new Child.Foreign("ConfigMap net-conf", "nobody"));
    assertEquals(List.of("PATCH"), writes().stream().map(w -> w.request().method()).toList());
    world.oldConfigMap = Optional.of(new Child.Unreadable("no answer"));
    assertTrue(OldConfigMap.mayBeThere(stored()));
    assertTrue(writes().stream().noneMatch(w -> !w.rendered().toString().contains(LEFT)));
  }

  @Test
  void aVolumeThatAWebhookAddedIsNoneOfAnOlderVersion() {
    set(
        set ->
            ((ArrayNode) set.at("/spec/template/spec/volumes"))
                .addObject()
                .put("name", "ca")
                .putObject("configMap"));
    assertFalse(OldConfigMap.mayBeThere(stored()));
  }

  @Test
  void aNetworkOfThisVersionHasNone() {
    assertFalse(OldConfigMap.mayBeThere(stored()));
    assertEquals(List.of(), writes());
  }
}
