package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.NodeStatus;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What people read of a network. */
class StatusOfTest {
  private static Status status(World world) {
    return Plan.of(world.seen()).status();
  }

  private static Condition condition(World world, String type) {
    return status(world).conditions().stream()
        .filter(c -> c.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static String meshed(World world) {
    return condition(world, Condition.MESHED).message();
  }

  private static List<Integer> meshedNodes(World world) {
    return status(world).nodes().stream()
        .filter(NodeStatus::meshed)
        .map(NodeStatus::ordinal)
        .toList();
  }

  private static String address(int ordinal) {
    return "10.0.0." + ordinal;
  }

  /** Every list as the topology wants it, in its order, and everything in it dialled. */
  private static World linked(Topology topology, int nodes) {
    var world = new World("topology: " + topology + ", nodes: " + nodes);
    for (var ordinal = 0; ordinal < nodes; ordinal++) {
      var listed = topology.listed(ordinal, nodes).stream().map(StatusOfTest::address).toList();
      world.views.put(ordinal, World.node(listed, listed, 101));
    }
    return world;
  }

  private static World noneReady(int nodes) {
    var world = new World("nodes: " + nodes);
    world.pods.replaceAll((ordinal, _) -> World.pod(ordinal, address(ordinal), false));
    world.views.clear();
    return world;
  }

  @Test
  void aNodeHasItsAddressReadyOrNot() {
    var world = new World("nodes: 3").meshed();
    world.pods.put(1, World.pod(1, "10.0.0.7", false));
    world.views.remove(1);
    assertEquals(
        List.of("10.0.0.0", "10.0.0.7", "10.0.0.2"),
        status(world).nodes().stream().map(NodeStatus::ip).toList());
  }

  @Test
  void whereAllIsAsWantedEveryNodeIsMeshed() {
    assertEquals(List.of(0, 1, 2), meshedNodes(new World("nodes: 3").meshed()));
  }

  @Test
  void aLinkThatIsDownConcernsItsTwoEndsAndNobodyElse() {
    var world = new World("nodes: 3").meshed();
    world.views.put(0, World.node(List.of(address(1), address(2)), List.of(address(1)), 101));
    world.views.put(2, World.node(List.of(address(0), address(1)), List.of(address(1)), 101));
    assertEquals(List.of(1), meshedNodes(world));
    assertEquals("2 of 3 links are up; down: net-sts-0 to net-sts-2", meshed(world));
  }

  @Test
  void aListThatIsNotAsWantedConcernsItsNodeAlone() {
    var world = new World("nodes: 3").meshed();
    world.views.put(0, World.node(List.of(address(1)), List.of(address(1), address(2)), 101));
    assertEquals(List.of(1, 2), meshedNodes(world));
    assertEquals("3 of 3 links are up; lists not as wanted yet: net-sts-0", meshed(world));
  }

  @Test
  void inASparseNetworkASilentNodeConcernsThoseLinkedWithItOnly() {
    var nodes = 40;
    var world = linked(Topology.SPARSE, nodes);
    assertEquals(nodes, meshedNodes(world).size());
    world.views.put(20, new NodeView.Silent("no answer in time"));
    var others =
        IntStream.range(0, nodes)
            .filter(one -> one != 20)
            .filter(one -> !Topology.SPARSE.listed(one, nodes).contains(20))
            .filter(one -> !Topology.SPARSE.listed(20, nodes).contains(one))
            .boxed()
            .toList();
    assertTrue(others.size() > 20, others.toString());
    assertEquals(others, meshedNodes(world));
  }

  @Test
  void aLinkIsKeptByBitcoindIfEitherSideHasItAmongItsFirstEight() {
    // each node lists the nine others, beginning with the next: the ninth is the one before it
    assertEquals("45 of 45 links are up", meshed(linked(Topology.FULL_MESH, 10)));
  }

  @Test
  void aHundredNodesMayBeAFullMesh() {
    var world = new World("nodes: 100");
    world.pods.clear();
    world.views.clear();
    assertEquals("NodesNotReady", condition(world, Condition.MESHED).reason());
  }

  @Test
  void aNetworkOfNoNodesIsReadyAndNeedsNoLinks() {
    var world = new World("nodes: 0");
    for (var type : List.of(Condition.READY, Condition.MESHED, Condition.SYNCED)) {
      assertTrue(condition(world, type).holds(), type);
    }
    assertEquals("no links are needed", meshed(world));
  }

  @Test
  void whereNobodyIsReadyNothingIsSynced() {
    assertEquals("NodesNotReady", condition(noneReady(3), Condition.SYNCED).reason());
  }

  @Test
  void theTallestChainIsTheMeasureWhoeverHasIt() {
    for (var tallest : List.of(0, 1, 2)) {
      var world = new World("nodes: 3").meshed();
      var others = new ArrayList<String>();
      for (var ordinal : List.of(0, 1, 2)) {
        if (!ordinal.equals(tallest)) {
          others.add("net-sts-" + ordinal);
          world.views.put(ordinal, World.node(List.of(), List.of(), 7));
        }
      }
      assertEquals(
          "not on the tallest chain's best block: " + String.join(", ", others),
          condition(world, Condition.SYNCED).message());
    }
  }

  @Test
  void whatKeepsAPodFromRunningIsNamed() {
    var world = noneReady(4);
    world.pods.put(0, World.waiting(0, "ErrImagePull"));
    world.pods.put(1, World.waiting(1, "ContainerCreating"));
    world.pods.put(
        2,
        Json.convert(
            World.yaml(
                "metadata: {name: net-sts-2}\nstatus: {phase: Pending, conditions: ["
                    + "{type: PodScheduled, status: 'False', reason: Unschedulable}]}"),
            Pod.class));
    world.pods.remove(3);
    assertEquals(
        "waiting for net-sts-0 (ImagePullBackOff: check spec.image, and who may pull it), net-sts-1,"
            + " net-sts-2 (Unschedulable), net-sts-3",
        condition(world, Condition.READY).message());
  }

  @Test
  void aMessageNamesFiveNodesAndCountsTheRest() {
    var five = "waiting for net-sts-0, net-sts-1, net-sts-2, net-sts-3, net-sts-4";
    for (var more : List.of(0, 2)) {
      var world = noneReady(5 + more);
      world.pods.clear();
      assertEquals(
          five + (more == 0 ? "" : " and 2 more"), condition(world, Condition.READY).message());
    }
  }

  @Test
  void aNodeInInitialBlockDownloadIsNotSynced() {
    var world = new World("nodes: 3").meshed();
    assertTrue(condition(world, Condition.SYNCED).holds());
    world.views.computeIfPresent(
        1, (_, view) -> World.downloading(((NodeView.Answered) view).info()));
    var synced = condition(world, Condition.SYNCED);
    assertEquals("InitialBlockDownload", synced.reason());
    assertTrue(synced.message().contains("relays no transactions: net-sts-1;"), synced.message());
    assertTrue(condition(world, Condition.MESHED).holds());
  }

  private static World withPeers(String peers, String... reachedByNode0) {
    var world = new World("nodes: 3, peers: [" + peers + "]");
    var declared = List.of(peers.split(", "));
    for (var ordinal = 0; ordinal < 3; ordinal++) {
      var others = new ArrayList<>(List.of(address(0), address(1), address(2)));
      others.remove(address(ordinal));
      var dialled = new ArrayList<>(others);
      if (ordinal == 0) {
        dialled.addAll(List.of(reachedByNode0));
      }
      others.addAll(declared);
      world.views.put(ordinal, World.node(others, dialled, 101));
    }
    return world;
  }

  @Test
  void declaredPeersThatAreNotReachedAreNamedAndTheMeshIsCompleteWithoutThem() {
    var world = withPeers("10.9.9.9, seed.example.org, 10.9.9.7", "10.9.9.9");
    assertEquals(
        "3 of 3 links are up; 3 of 3 declared peers are not reached: 10.9.9.9 (by 2 nodes),"
            + " seed.example.org (by 3 nodes), 10.9.9.7 (by 3 nodes)",
        meshed(world));
    assertTrue(condition(world, Condition.MESHED).holds());
    assertEquals(List.of(0, 1, 2), meshedNodes(world));
    var one = new World("nodes: 1, peers: [10.9.9.9, 10.9.9.8]");
    one.views.put(0, World.node(List.of("10.9.9.9", "10.9.9.8"), List.of("10.9.9.8"), 0));
    assertEquals(
        "no links are needed; 1 of 2 declared peers are not reached: 10.9.9.9 (by net-sts-0)",
        meshed(one));
  }

  @Test
  void aMeshThatIsNotCompleteNamesThemToo() {
    var world = withPeers("10.9.9.9", "10.9.9.9");
    world.views.put(2, World.node(List.of(), List.of(), 101));
    var condition = condition(world, Condition.MESHED);
    assertEquals("Linking", condition.reason());
    assertTrue(condition.message().endsWith("not reached: 10.9.9.9 (by 2 nodes)"), meshed(world));
  }

  private static World disagreeing() {
    var world = new World("nodes: 3").meshed();
    world.views.put(1, World.node(List.of(address(0), address(2)), List.of(address(0)), 50));
    world.views.put(2, World.node(List.of(address(0), address(1)), List.of(address(0)), 50));
    return world;
  }

  @Test
  void aNodeThatJudgedTheTallestChainInvalidIsNamedWithWhatTakesItBack() {
    var world = disagreeing();
    world.judged.put(1, "00ff");
    var some = condition(world, Condition.SYNCED);
    assertEquals("BestBlocksDiffer", some.reason(), "node 2 may still get there");
    assertTrue(some.message().contains("net-sts-2; net-sts-1 judged the tallest"), some.message());
    world.judged.put(2, "00ff");
    var all = condition(world, Condition.SYNCED);
    assertEquals("ChainJudgedInvalid", all.reason());
    assertEquals(
        "net-sts-1, net-sts-2 judged the tallest chain invalid (invalidateblock?) and are let"
            + " alone: bitcoin-cli reconsiderblock 00ff takes it back there",
        all.message());
  }

  @Test
  void nodesThatNobodyHasHeardAreNotSynced() {
    var world = new World("nodes: 3");
    world.views.clear();
    var synced = Plan.of(world.seen()).status().conditions().get(2);
    assertEquals("NodesNotAnswering", synced.reason());
    assertEquals(false, synced.holds());
  }

  @Test
  void nobodyIsToldToDeleteTheOnlyBlocks() {
    var world = new World("nodes: 1");
    world.views.put(0, new NodeView.Unauthorized());
    var message = Plan.of(world.seen()).status().conditions().get(2).message();
    assertTrue(message.contains("when another node has its blocks: they go with it"), message);
  }
}
