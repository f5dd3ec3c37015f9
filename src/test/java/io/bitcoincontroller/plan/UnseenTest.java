package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.StoredObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pods that are there, and that the cache can't show. */
class UnseenTest {
  private final World world = new World("nodes: 1");
  private final Map<Integer, Unseen> unreadable = new HashMap<>();

  /** Of three pods, as many as the StatefulSet has still; its controller counts so many. */
  private Set<Integer> unseen(int counted, boolean someOnlyCounted) {
    var set = ((Child.Ours) new World("nodes: 3").statefulSet).object().content().deepCopy();
    ((ObjectNode) set).putObject("status").put("replicas", counted);
    var stored = new Child.Ours(Json.convert(set, StoredObject.class));
    return Unseen.of(world.network, stored, world.pods, unreadable, someOnlyCounted).keySet();
  }

  @Test
  void theCacheNamesThem() {
    unreadable.put(2, new Unseen("too large", "uid"));
    assertEquals(Set.of(2), unseen(3, false));
    world.pods.clear();
    unreadable.put(0, new Unseen("too large", "uid"));
    assertEquals(Set.of(0, 2), unseen(3, false));
  }

  /** Without that: pods that are just being replaced are gone for a moment, too. */
  @Test
  void whereTheCacheDoesNotKnowAllNamesTheStatefulSetsCountTells() {
    assertEquals(Set.of(), unseen(3, false));
    assertEquals(Set.of(1, 2), unseen(3, true));
    assertEquals(Set.of(), unseen(1, true));
  }

  @Test
  void whatAPodToldIsNotForgottenWhileItCantBeSeen() {
    var heights = new Heights();
    var nothing = World.yaml("{}");
    var pod = Map.of(0, World.pod(0, "10.0.0.0", true));
    var uid = "pod-10.0.0.0";
    heights.keepOnly(Set.of(uid), Map.of());
    heights.lastReported(pod, Map.of(), Map.of(0, World.node(List.of(), List.of(), 101)), nothing);
    var same = Map.of(0, new Unseen("too large", uid));
    var nameless = Map.of(0, new Unseen("too large", ""));
    for (var unseen : List.of(same, nameless)) {
      heights.keepOnly(Set.of(), unseen);
      assertEquals(Map.of(0, 101L), heights.lastReported(Map.of(), unseen, Map.of(), nothing));
    }
    var other = Map.of(0, new Unseen("too large", "another"));
    assertEquals(Map.of(), heights.lastReported(Map.of(), other, Map.of(), nothing));
    var status = World.yaml("{nodes: [{height: 7}]}");
    assertEquals(Map.of(0, 7L), new Heights().lastReported(Map.of(), same, Map.of(), status));
  }
}
