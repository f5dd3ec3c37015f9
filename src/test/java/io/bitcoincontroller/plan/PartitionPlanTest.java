package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.mesh.Links.Close;
import io.bitcoincontroller.mesh.PeerChange;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a pass does with a network in parts, and says of it. */
class PartitionPlanTest {
  private static final String HALVES = "partition: [[0, 1, 2], [3, 4]]";

  /** All lists and connections as wanted; each node has this height, and the hash of it. */
  private static World wired(String spec, long... heights) {
    var world = new World("nodes: " + heights.length + ", " + spec);
    var wiring = world.network.spec().wiring();
    for (var i = 0; i < heights.length; i++) {
      var listed = wiring.listed(i, heights.length).stream().map(to -> "10.0.0." + to).toList();
      world.views.put(i, World.node(listed, listed, heights[i]));
    }
    return world;
  }

  private static Condition condition(World world, String type) {
    return Plan.of(world.seen()).status().conditions().stream()
        .filter(each -> each.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void meshedCountsThePartsAndSyncedTellsTheTipOfEach() {
    var world = wired(HALVES, 106, 106, 105, 104, 104);
    var meshed = condition(world, Condition.MESHED);
    assertTrue(meshed.holds());
    assertEquals("2 partitions: 4 of 4 links are up", meshed.message());
    var synced = condition(world, Condition.SYNCED);
    assertFalse(synced.holds());
    assertEquals("Partitioned", synced.reason());
    assertEquals(
        "2 sides get no blocks from each other: nodes 0-2 (height 106, tip hash-106; not there yet:"
            + " net-sts-2), nodes 3-4 (height 104, tip hash-104)",
        synced.message());
    assertEquals(3, Plan.of(world.seen()).status().tips().orElseThrow());
  }

  @Test
  void aSplitNetworkIsLookedAtEveryTwoSecondsAndAPlainOneIsNot() {
    var look = Plan.of(wired(HALVES, 1, 1, 1, 1, 1).seen()).lookAgain().orElseThrow();
    assertEquals(2, look.toSeconds());
    var plain = Plan.of(wired("topology: FullMesh", 1, 1, 1).seen());
    assertEquals(Optional.empty(), plain.lookAgain());
  }

  @Test
  void entriesAcrossLeaveTheListsAndConnectionsAcrossAreClosedInOnePass() {
    var world = wired(HALVES, 1, 1, 1, 1, 1);
    var others = List.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
    world.views.put(0, World.node(others, others, 1));
    var plan = Plan.of(world.seen());
    assertEquals(
        List.of(new PeerChange.Remove("10.0.0.3"), new PeerChange.Remove("10.0.0.4")),
        plan.mesh().changes().get(0));
    assertEquals(
        Set.of("10.0.0.3:18444", "10.0.0.4:18444"),
        plan.mesh().closes().stream().map(Close::address).collect(Collectors.toSet()));
    assertFalse(condition(world, Condition.MESHED).holds());
  }

  @Test
  void ownNodesDeclaredAsPeersAreNotLinkedAcross() {
    var peers = "peers: [10.0.0.3, net-sts-4.net-svc], ";
    var world = wired(peers + HALVES, 1, 1, 1, 1, 1);
    assertTrue(condition(world, Condition.MESHED).holds(), "no list has them");
  }

  @Test
  void whileANodeMayStillDialAcrossTheMeshIsNotAsDeclared() {
    var world = wired(HALVES, 1, 1, 1, 1, 1);
    world.late.add(3);
    var meshed = condition(world, Condition.MESHED);
    assertFalse(meshed.holds());
    assertTrue(meshed.message().contains("node 3 may still dial"), meshed.message());
    var look = Plan.of(world.seen()).lookAgain().orElseThrow();
    assertEquals(250, look.toMillis());
  }

  @Test
  void whatTheSpecNamesInVainIsSaidAndSoAreLinksThatLeaveNodesApart() {
    var split = wired("partition: [[0, 7], [1, 2]]", 1, 1, 1, 1);
    assertTrue(
        condition(split, Condition.MESHED)
            .message()
            .endsWith("; spec.partition also names node 7, which the network does not have"));
    var custom = wired("topology: Custom, links: ['0-1', '2-9']", 1, 1, 1);
    var meshed = condition(custom, Condition.MESHED);
    assertTrue(meshed.holds());
    assertEquals(
        "1 of 1 links are up; spec.links also names node 9, which the network does not have; the"
            + " links do not connect all nodes: there is no way between nodes 0-1 and node 2",
        meshed.message());
    assertEquals("Partitioned", condition(custom, Condition.SYNCED).reason());
  }

  @Test
  void aPeerFromOutsideThatBothSidesHaveDialledIsNamed() {
    var world = wired("peers: [10.9.9.9], partition: [[0], [1]]", 1, 1);
    world.views.put(0, World.node(List.of("10.9.9.9"), List.of("10.9.9.9"), 1));
    world.views.put(1, World.node(List.of("10.9.9.9"), List.of("10.9.9.9"), 1));
    var message = condition(world, Condition.MESHED).message();
    assertTrue(message.contains("may hand on blocks between them: 10.9.9.9"), message);
  }

  private static World rolling(String spec, long... heights) {
    var world = wired(spec, heights);
    world.secret = new SecretState.Usable(World.CREDENTIALS);
    return world;
  }

  /** Whether the next pod may go: the partition is at it then, else above it. */
  private static int partition(World world) {
    return Rollout.of(world.seen(), true).partition();
  }

  @Test
  void aPodIsReplacedWhenAnotherOneOfItsSideHasTheBlocksOfThatSide() {
    assertEquals(4, partition(rolling(HALVES, 106, 106, 106, 104, 104)));
    assertEquals(5, partition(rolling(HALVES, 106, 106, 106, 103, 104)), "only node 4 has 104");
    assertEquals(4, partition(rolling(HALVES, 106, 106, 106, 104, 103)));
  }

  @Test
  void aLoneNodeBelowTheTallestChainIsReplacedAndOneThatHasItAloneIsNot() {
    var lone = "partition: [[4]]";
    assertEquals(4, partition(rolling(lone, 106, 106, 106, 106, 104)));
    assertEquals(5, partition(rolling(lone, 104, 104, 104, 104, 106)));
    assertEquals(4, partition(rolling(lone, 106, 106, 106, 106, 106)), "others have this tip");
    var why = Rollout.of(rolling(lone, 104, 104, 104, 104, 106).seen(), true).waits().orElseThrow();
    assertTrue(why.message().contains("net-sts-4 is alone on its side"), why.message());
  }

  private static Held shrinking(int wanted, String spec, long... heights) {
    var world = wired(spec, heights);
    world.network = World.network("nodes: " + wanted + ", " + spec);
    return world.seen().held();
  }

  @Test
  void aSideThatGoesIsKeptOnlyForATallestChain() {
    assertEquals(3, shrinking(3, HALVES, 106, 106, 106, 104, 104).nodes());
    var kept = shrinking(3, HALVES, 104, 104, 104, 106, 106);
    assertEquals(4, kept.nodes(), "node 4 goes: node 3 has the chain too");
    var why = kept.waits().orElseThrow().message();
    assertTrue(why.contains("no node that stays can have its chain of 106 blocks"), why);
    assertEquals(3, shrinking(3, HALVES, 106, 106, 106, 106, 106).nodes(), "others have this tip");
  }

  @Test
  void aSideThatStaysInPartGetsTheBlocksFirst() {
    assertEquals(5, shrinking(4, HALVES, 106, 106, 106, 103, 104).nodes());
    assertEquals(4, shrinking(4, HALVES, 106, 106, 106, 104, 104).nodes());
  }

  @Test
  void aReorgIsNews() {
    var world = wired("topology: FullMesh", 106, 106, 106);
    var moved =
        new Forks.Moved(
            Set.of(1, 2), new Forks.Tip(104, "old-tip"), new Forks.Tip(106, "hash-106"));
    world.reorgs.add(new Reorg(moved, 3));
    assertEquals(
        List.of(
            new Note(
                false,
                "Reorganised",
                "a reorg of 3 blocks on nodes 1-2: their chain of 104 blocks with the tip old-tip"
                    + " gave way to one of 106 blocks")),
        Plan.of(world.seen()).news());
  }

  private static Optional<List<Forks.Moved>> look(Forks forks, World world) {
    var seen = world.seen();
    return forks.look(seen.sides(), seen.pods(), seen.views(), seen.network().status());
  }

  @Test
  void theNodesThatLeftTheirChainAreKnownOnceAllAgree() {
    var forks = new Forks();
    assertEquals(Optional.empty(), look(forks, wired(HALVES, 106, 106, 106, 104, 104)));
    var joined = "topology: FullMesh";
    assertEquals(Optional.empty(), look(forks, wired(joined, 106, 106, 106, 105, 105)));
    assertEquals(Optional.empty(), look(forks, wired(joined, 106, 106, 106, 106, 105)));
    var moved =
        new Forks.Moved(
            Set.of(3, 4), new Forks.Tip(105, "hash-105"), new Forks.Tip(106, "hash-106"));
    var agreed = wired(joined, 106, 106, 106, 106, 106);
    assertEquals(Optional.of(List.of(moved)), look(forks, agreed));
    assertEquals(Optional.of(List.of(moved)), look(forks, agreed), "until it is told");
    forks.told(agreed.seen().sides());
    assertEquals(Optional.empty(), look(forks, agreed));
  }

  @Test
  void aProcessThatBeginsAfterTheSplitKnowsTheTipsFromTheStatus() {
    var world = wired("topology: FullMesh", 106, 106);
    var status =
        World.yaml(
            "{nodes: [{ip: 10.0.0.0, height: 106, bestBlockHash: hash-106}, {ip: 10.0.0.1, height:"
                + " 104, bestBlockHash: hash-104}], conditions: [{type: Synced, reason:"
                + " Partitioned}]}");
    var seen = world.seen();
    var moved =
        new Forks().look(seen.sides(), seen.pods(), seen.views(), status).orElseThrow().getFirst();
    assertEquals(Set.of(1), moved.nodes());
    assertEquals("hash-104", moved.from().hash());
  }

  @Test
  void aPlainNetworkIsNeverAsked() {
    var forks = new Forks();
    for (var height = 1; height < 4; height++) {
      assertEquals(
          Optional.empty(), look(forks, wired("topology: FullMesh", height, height, height - 1)));
    }
  }

  private static final long SECOND = 1_000_000_000L;

  private static Set<Integer> late(Rounds rounds, World world, long seconds) {
    var wiring = world.network.spec().wiring();
    return rounds.look(wiring, world.pods, world.views, seconds * SECOND).late();
  }

  private static Set<Integer> begun(Rounds rounds, World world, long seconds) {
    var wiring = world.network.spec().wiring();
    return rounds.look(wiring, world.pods, world.views, seconds * SECOND).begun();
  }

  @Test
  void aNodeMayDialAcrossHalfASecondForEachEntryThatIsNotConnected() {
    var world = wired(HALVES, 1, 1, 1, 1, 1);
    var list = List.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
    world.views.put(0, World.node(list, List.of(), 1));
    var rounds = new Rounds();
    assertEquals(Set.of(0), late(rounds, world, 100));
    world.views.put(0, World.node(list.subList(0, 2), list.subList(0, 2), 1));
    assertEquals(Set.of(0), late(rounds, world, 102), "bitcoind does not look at the list again");
    assertEquals(Set.of(), late(rounds, world, 103), "two seconds, and one for a slow machine");
  }

  /**
   * It dials what it can in two rounds, a minute apart; what is left after that, it never dials.
   */
  @Test
  void whatANodeHasListedForLongItDoesNotDialAnyMore() {
    var world = wired("topology: FullMesh", 1, 1, 1, 1, 1);
    world.views.put(0, World.node(List.of("10.0.0.3"), List.of(), 1));
    var rounds = new Rounds();
    assertEquals(Set.of(), late(rounds, world, 100), "nothing is forbidden");
    world.network = World.network("nodes: 5, " + HALVES);
    assertEquals(Set.of(0), late(rounds, world, 160));
    assertEquals(Set.of(), late(rounds, world, 170));
  }

  @Test
  void aRoundHasBegunThreeSecondsAfterAnEntryWithoutAConnectionWasSeen() {
    var world = wired("topology: FullMesh", 1, 1, 1, 1, 1);
    var rounds = new Rounds();
    assertEquals(Set.of(), begun(rounds, world, 100));
    world.views.put(0, World.node(List.of("10.0.0.3"), List.of(), 1));
    assertEquals(Set.of(), begun(rounds, world, 200));
    assertEquals(Set.of(), begun(rounds, world, 202));
    assertEquals(Set.of(0), begun(rounds, world, 203));
    world.views.put(0, World.node(List.of("10.0.0.3"), List.of("10.0.0.3"), 1));
    assertEquals(Set.of(), begun(rounds, world, 204));
    world.views.put(0, World.node(List.of("10.0.0.3"), List.of(), 1));
    assertEquals(Set.of(), begun(rounds, world, 205), "it is another one");
    world.views.put(0, World.node(List.of("10.9.9.9"), List.of(), 1));
    assertEquals(Set.of(), begun(rounds, world, 209), "nobody knows when that will be there");
  }

  @Test
  void inAJoinedNetworkNoDialIsTooLate() {
    var world = wired(HALVES, 1, 1, 1, 1, 1);
    world.views.put(0, World.node(List.of("10.0.0.3"), List.of(), 1));
    var rounds = new Rounds();
    assertEquals(Set.of(0), late(rounds, world, 100));
    world.network = World.network("nodes: 5");
    assertEquals(Set.of(), late(rounds, world, 101));
  }

  @Test
  void aNodeWhoseEntriesAreAllConnectedDialsNobody() {
    var world = wired(HALVES, 1, 1, 1, 1, 1);
    var list = List.of("10.0.0.1", "10.0.0.2", "10.0.0.3");
    world.views.put(0, World.node(list, list, 1));
    assertEquals(Set.of(), late(new Rounds(), world, 100));
    var connectedJustNow = new Rounds();
    world.views.put(0, World.node(list, List.of(), 1));
    world.network = World.network("nodes: 5");
    assertEquals(Set.of(), late(connectedJustNow, world, 100), "nothing is forbidden");
    world.network = World.network("nodes: 5, " + HALVES);
    world.views.put(0, World.node(list, list, 1));
    assertEquals(Set.of(0), late(connectedJustNow, world, 102), "an earlier dial may be under way");
  }

  @Test
  void nodesAreCountedInRuns() {
    assertEquals("nodes 0-2, 5, 7-8", WiringWords.nodes(List.of(8, 7, 5, 2, 1, 0)));
    assertEquals("node 3", WiringWords.nodes(Set.of(3)));
    assertEquals("nodes 0, 2, 4, 6, 8 and more", WiringWords.nodes(List.of(0, 2, 4, 6, 8, 10)));
  }

  @Test
  void nodesOfEachSideAreStalledByThatSidesTallest() {
    var seen = wired(HALVES, 106, 106, 106, 104, 104).seen();
    var heights = new Heights();
    for (var now : List.of(0L, 10 * SECOND)) {
      for (var side : seen.chain().sides().split(seen.views())) {
        assertEquals(Set.of(), heights.stalled(seen.pods(), side, now));
      }
    }
    assertTrue(
        seen.views().get(3) instanceof NodeView.Answered(NodeInfo info) && info.height() > 0);
  }
}
