package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Links.Close;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nodes that don't go on, and what helps them. */
class HeightsTest {
  private static final List<String> NONE = List.of();

  private final Heights heights = new Heights();
  private final Map<Integer, Pod> pods = new HashMap<>();
  private long now = 1_000_000_000L;

  private Set<Integer> stalled(long... blocks) {
    var views = new HashMap<Integer, NodeView>();
    for (var i = 0; i < blocks.length; i++) {
      pods.computeIfAbsent(i, n -> World.pod(n, "10.0.0." + n, true));
      views.put(i, World.node(NONE, NONE, blocks[i]));
    }
    return heights.stalled(pods, views, now);
  }

  private void later(double seconds) {
    now += (long) (seconds * 1e9);
  }

  @Test
  void aNodeIsStalledThatStaysBelowTheTallestForThreeSeconds() {
    assertEquals(Set.of(), stalled(101, 0, 101));
    later(2.9);
    assertEquals(Set.of(), stalled(101, 0, 101));
    later(0.1);
    assertEquals(Set.of(1), stalled(101, 0, 101));
  }

  @Test
  void aNodeThatGrowsIsNotStalled() {
    for (var height = 0; height < 20; height++) {
      assertEquals(Set.of(), stalled(101, height));
      later(2);
    }
  }

  @Test
  void aNewBlockFindsNobodyStalledHoweverLongNothingHappened() {
    assertEquals(Set.of(), stalled(100, 99));
    assertEquals(Set.of(), stalled(100, 100));
    later(1000);
    assertEquals(Set.of(), stalled(101, 100));
  }

  @Test
  void eachCureInVainMakesTheNextOneRarer() {
    assertEquals(Set.of(), stalled(101, 0));
    later(3);
    assertEquals(Set.of(1), stalled(101, 0));
    heights.reconnected(List.of(World.pod(1, "10.0.0.1", true)), now);
    later(5.9);
    assertEquals(Set.of(), stalled(101, 0));
    later(0.1);
    assertEquals(Set.of(1), stalled(101, 0));
  }

  @Test
  void aReplacedPodBeginsAnew() {
    assertEquals(Set.of(), stalled(101, 0));
    later(60);
    heights.keepOnly(Set.of("pod-10.0.0.0"), Map.of());
    assertEquals(Set.of(), stalled(101, 0));
  }

  /** Node 0 has the chain; 1 and 2 came together, and 1 was dialled by 2 before it knew node 0. */
  private static World threeWithTwoNewOnes() {
    var world = new World("nodes: 3").meshed();
    world.views.put(1, World.node(List.of("10.0.0.2", "10.0.0.0"), List.of("10.0.0.0"), 0));
    world.views.put(
        2, World.node(List.of("10.0.0.0", "10.0.0.1"), List.of("10.0.0.0", "10.0.0.1"), 0));
    return world;
  }

  @Test
  void aStalledNodeIsFreedOfThoseWhoKnowNoMoreThanItself() {
    var world = threeWithTwoNewOnes();
    assertEquals(List.of(), MeshPlan.of(world.seen()).closes());
    world.stalled.add(1);
    var plan = MeshPlan.of(world.seen());
    assertEquals(List.of(new Close(2, "10.0.0.1".hashCode(), "10.0.0.1:18444")), plan.closes());
    assertEquals(Set.of(1), plan.reconnected());
    assertEquals(Map.of(), plan.changes(), "the entries stay, so that they are dialled again");
  }

  @Test
  void aStalledNodeWithNobodyToLearnFromKeepsItsConnections() {
    var world = threeWithTwoNewOnes();
    world.views.put(0, World.node(List.of("10.0.0.1", "10.0.0.2"), NONE, 101));
    world.views.put(1, World.node(List.of("10.0.0.2", "10.0.0.0"), NONE, 0));
    world.stalled.add(1);
    var plan = MeshPlan.of(world.seen());
    assertEquals(List.of(), plan.closes());
    assertEquals(Set.of(), plan.reconnected());
  }

  /** An inbound connection is another node's to end; its address says nothing of who it is. */
  @Test
  void aStalledNodeEndsNoConnectionThatItDidNotDial() {
    var world = threeWithTwoNewOnes();
    var inbound = new NodeInfo.Peer(77, "10.0.0.2:18444", true, 70016, true);
    var dialled = new NodeInfo.Peer(78, "10.0.0.0:18444", false, 70016, true);
    world.views.put(
        1,
        new NodeView.Answered(
            new NodeInfo(
                List.of("10.0.0.2", "10.0.0.0"), List.of(inbound, dialled), 0, "hash-0", false)));
    world.stalled.add(1);
    assertEquals(
        List.of(new Close(2, "10.0.0.1".hashCode(), "10.0.0.1:18444")),
        MeshPlan.of(world.seen()).closes());
  }

  @Test
  void aNodeThatJudgedTheTallestChainInvalidKeepsItsConnections() {
    var world = threeWithTwoNewOnes();
    world.stalled.add(1);
    world.judged.put(1, "00ff");
    var plan = MeshPlan.of(world.seen());
    assertEquals(List.of(), plan.closes());
    assertEquals(Set.of(), plan.reconnected());
  }

  @Test
  void aNodeThatHasNotSaidYetWhatItJudgedKeepsItsConnections() {
    var world = threeWithTwoNewOnes();
    world.stalled.add(1);
    assertEquals(Set.of(1), MeshPlan.of(world.seen()).reconnected());
    world.unheard.add(1);
    assertEquals(List.of(), MeshPlan.of(world.seen()).closes());
    assertEquals(Set.of(), MeshPlan.of(world.seen()).reconnected());
  }

  /** It had refused what it was told, and will not ask the same peer again. */
  @Test
  void aNodeThatTheFirstCureDidNotHelpMeetsThoseWhoKnowMoreAnew() {
    var world = threeWithTwoNewOnes();
    world.stalled.add(1);
    world.leaveTaller.add(1);
    assertEquals(
        Set.of(
            new Close(0, "10.0.0.1".hashCode(), "10.0.0.1:18444"),
            new Close(1, "10.0.0.0".hashCode(), "10.0.0.0:18444")),
        Set.copyOf(MeshPlan.of(world.seen()).closes()));
  }

  @Test
  void theTwoCuresAreTriedInTurns() {
    var pod = Map.of(1, World.pod(1, "10.0.0.1", true));
    assertEquals(Set.of(), stalled(101, 0));
    for (var cure = 1; cure <= 4; cure++) {
      heights.reconnected(pod.values(), now);
      assertEquals(cure % 2 == 1 ? Set.of(1) : Set.of(), heights.leaveTaller(pod));
    }
    heights.reconnected(pod.values(), now);
    assertEquals(Set.of(), stalled(101, 1));
    assertEquals(Set.of(), heights.leaveTaller(pod), "it has grown");
  }

  /** With nobody to be freed of, it is still tried: the next cure is another one. */
  @Test
  void aStalledNodeWithNobodyShorterIsCuredByTheNextOne() {
    var world = new World("nodes: 2").meshed();
    world.views.put(1, World.node(List.of("10.0.0.0"), List.of("10.0.0.0"), 0));
    world.stalled.add(1);
    assertEquals(List.of(), MeshPlan.of(world.seen()).closes());
    assertEquals(Set.of(1), MeshPlan.of(world.seen()).reconnected());
    world.leaveTaller.add(1);
    assertEquals(2, MeshPlan.of(world.seen()).closes().size());
  }
}
