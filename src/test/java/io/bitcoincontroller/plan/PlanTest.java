package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.PeerChange;
import io.bitcoincontroller.mesh.PeerChange.Add;
import io.bitcoincontroller.mesh.PeerChange.Remove;
import io.bitcoincontroller.mesh.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
  private static Plan plan(World world) {
    return Plan.of(world.seen());
  }

  private static Condition condition(Plan plan, String type) {
    return plan.status().conditions().stream()
        .filter(c -> c.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> targets(Plan plan) {
    return plan.writes().stream().map(write -> write.request().target()).toList();
  }

  @Test
  void anUnchangedWorldNeedsNothing() {
    var plan = plan(new World("nodes: 3").meshed());
    assertEquals(List.of(), plan.writes());
    assertFalse(plan.mesh().changesAnything());
    assertEquals(Optional.empty(), plan.makeSecret());
    assertTrue(plan.report());
    assertEquals(Optional.empty(), plan.lookAgain());
    for (var type : List.of(Condition.READY, Condition.MESHED, Condition.SYNCED)) {
      assertTrue(condition(plan, type).holds(), type);
    }
    assertEquals("3 of 3 links are up", condition(plan, Condition.MESHED).message());
    assertEquals(101, plan.status().height().orElseThrow());
  }

  @Test
  void whatIsAbsentIsCreatedByPost() {
    var world = new World("nodes: 0");
    world.service = world.statefulSet = new Child.Absent();
    assertEquals(
        List.of(
            "/api/v1/namespaces/default/services?fieldManager=bitcoin-controller",
            "/apis/apps/v1/namespaces/default/statefulsets?fieldManager=bitcoin-controller"),
        targets(plan(world)));
  }

  @Test
  void whatWasChangedByOthersIsSetBackByUid() throws Exception {
    var world = new World("nodes: 0");
    var stored = ((Child.Ours) world.statefulSet).object().content().deepCopy();
    ((ObjectNode) stored.at("/spec/template/spec/containers/0")).put("image", "evil");
    world.statefulSet = new Child.Ours(Json.convert(stored, StoredObject.class));
    var write = plan(world).writes().getFirst();
    assertTrue(write.request().target().endsWith("&force=true"), write.request().target());
    var body = Json.MAPPER.readTree(write.request().body().orElseThrow());
    assertEquals("uid-sts", body.at("/metadata/uid").asText());
    assertEquals("bitcoin/bitcoin:29", body.at("/spec/template/spec/containers/0/image").asText());
  }

  @Test
  void anObjectOfSomebodyElseIsNeverTouched() {
    var world = new World("nodes: 0");
    world.service = new Child.Foreign("Service net-svc", "Deployment web");
    var plan = plan(world);
    assertEquals(List.of(), plan.writes());
    var ready = condition(plan, Condition.READY);
    assertEquals("ObjectInTheWay", ready.reason());
    assertTrue(
        ready.message().contains("Service net-svc") && ready.message().contains("Deployment web"));
    assertEquals(Optional.of(Duration.ofSeconds(10)), plan.lookAgain());
  }

  @Test
  void whatIsLeftOfADeletedNetworkOfTheSameNameIsWaitedForWithoutAlarm() {
    var world = new World("nodes: 0");
    world.service = new Child.Leftover("Service net-svc");
    var plan = plan(world);
    assertEquals(List.of(), plan.writes());
    var ready = condition(plan, Condition.READY);
    assertEquals("PredecessorGoing", ready.reason());
    assertEquals(Optional.of(Duration.ofSeconds(1)), plan.lookAgain());
    assertEquals(List.of(), Note.ofTransitions(MissingNode.getInstance(), List.of(ready)));
  }

  @Test
  void whatCantBeReadIsNotWrittenAndHoldsUpNothingElse() {
    var world = new World("nodes: 3");
    world.service = new Child.Unreadable("Service net-svc can't be read: HTTP 500");
    var plan = plan(world);
    assertEquals(List.of(), plan.writes());
    assertEquals("Unreadable", condition(plan, Condition.READY).reason());
    assertEquals(3, plan.mesh().changes().size());
  }

  /** The world's network is net, in the namespace default. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "0xa.0.0.1:18444",
        "012.1",
        "::ffff:10.0.0.1",
        "net-sts-0.net-svc",
        "NET-STS-1.Net-Svc:18444",
        "net-sts-1.net-svc.",
        "net-sts-1.net-svc.default",
        "net-sts-1.net-svc.default.",
        "net-sts-1.net-svc.default.svc",
        "net-sts-1.net-svc.default.svc.cluster.local",
        "net-sts-1.net-svc.default.svc.Other.Domain.example.",
        "net-svc",
        "net-svc.default.svc.cluster.local",
        "10-0-0-1.net-svc.default.svc.cluster.local",
        "10-0-0-1.default.pod.cluster.local"
      })
  void aNodeThatIsDeclaredAsAPeerIsLinkedAsTheTopologySays(String own) {
    for (var topology : Topology.values()) {
      var world =
          new World("nodes: 2, topology: " + topology + ", peers: ['" + own + "', 10.9.9.9]");
      var plan = plan(world).mesh();
      var declared = List.of(PeerAddress.ofPod("10.9.9.9"));
      assertEquals(declared, plan.declared().peers(), "" + topology);
      assertTrue(plan.changes().getOrDefault(0, List.of()).contains(new Add("10.9.9.9")));
      assertFalse(plan.changes().getOrDefault(0, List.of()).contains(new Add("10.0.0.0")));
      assertEquals(List.of(new Add("10.9.9.9"), new Add("10.0.0.0")), plan.changes().get(1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1:9",
        "10.0.0.11",
        "net-sts-0",
        "net-svc2",
        "x-net-svc",
        "other-sts-0.other-svc",
        "net-sts-0.net-svc.other",
        "net-sts-0.net-svc.default.example.org",
        "net-sts-0.net-svc.other.svc.cluster.local",
        "a.net-sts-0.net-svc",
        "10-0-0-9.default.pod.cluster.local",
        "10-0-0-1.other.pod.cluster.local",
        "default.pod"
      })
  void whoIsOfAnotherNetworkIsADeclaredPeer(String other) {
    var declared = plan(new World("nodes: 2, peers: ['" + other + "']")).mesh().declared();
    assertEquals(List.of(PeerAddress.parse(other).orElseThrow()), declared.peers());
    assertEquals(2, declared.missing().size());
  }

  /** A spelling that bitcoind reads and we don't: told once, it is not told again and again. */
  @Test
  void whatBitcoindCallsListedIsNotAddedAgain() {
    var world = new World("nodes: 2, peers: [seed.example.org]").meshed();
    assertEquals(List.of(new Add("seed.example.org")), plan(world).mesh().changes().get(0));
    world.listedAnyway.put(0, Set.of("seed.example.org"));
    world.listedAnyway.put(1, Set.of("other.example.org"));
    assertEquals(Set.of(1), plan(world).mesh().changes().keySet());
    world.listedAnyway.put(1, Set.of("seed.example.org"));
    assertFalse(plan(world).settling());
  }

  @Test
  void aDeclaredPeerIsDialledByEachNodeThatHasNotReachedIt() {
    var world = new World("nodes: 3, peers: [10.9.9.9, 10.9.9.8]").meshed();
    world.views.put(
        1,
        World.node(
            List.of("10.9.9.9", "10.9.9.8", "10.0.0.0", "10.0.0.2"),
            List.of("10.0.0.0", "10.0.0.2", "10.9.9.9"),
            101));
    var plan = plan(world);
    var nine = PeerAddress.ofPod("10.9.9.9");
    var eight = PeerAddress.ofPod("10.9.9.8");
    assertEquals(
        List.of(
            new Reach(0, nine),
            new Reach(0, eight),
            new Reach(1, eight),
            new Reach(2, nine),
            new Reach(2, eight)),
        plan.mesh().reaches());
    assertEquals(Set.of(new Reach(1, nine)), plan.mesh().declared().reached());
  }

  /** Both dials may come through: what came second is closed at the look after the last change. */
  @Test
  void aMeshThatHasJustComeToRestIsLookedAtOnceMore() {
    var world = new World("nodes: 3").meshed();
    world.round = 1;
    assertTrue(plan(world).report());
    assertEquals(Optional.of(Duration.ofSeconds(5)), plan(world).lookAgain());
  }

  @Test
  void nodesThatAreNotReadyDontMakeTheOthersUnsynced() {
    var world = new World("nodes: 3").meshed();
    world.pods.remove(2);
    world.views.remove(2);
    assertTrue(condition(plan(world), Condition.SYNCED).holds());
    assertFalse(condition(plan(world), Condition.MESHED).holds());
  }

  @Test
  void aNewcomerIsLinkedWithoutALookAndReadInTheNextPass() {
    var world = new World("nodes: 3");
    world.views.replaceAll((_, _) -> new NodeView.New());
    var plan = plan(world);
    assertEquals(
        List.of(new PeerChange.Add("10.0.0.1"), new PeerChange.Add("10.0.0.2")),
        plan.mesh().changes().get(0));
    assertEquals(
        List.of(new Dial(0, 2)), plan.mesh().dials().stream().filter(d -> d.from() == 0).toList());
    assertTrue(plan.settling());
    assertFalse(plan.report());
    assertEquals(Optional.of(Duration.ofMillis(10)), plan.lookAgain());
  }

  @Test
  void aNewcomerIsNoNodeThatDoesNotAnswer() {
    var world = new World("nodes: 3").meshed();
    world.views.put(2, new NodeView.New());
    world.round = 4;
    var plan = plan(world);
    assertTrue(plan.report());
    assertTrue(
        plan.status().conditions().stream().noneMatch(c -> c.reason().equals("NodesNotAnswering")),
        () -> plan.status().conditions().toString());
  }

  @Test
  void noNodeIsMeshedThatIsLinkedWithOneThatDoesNotAnswer() {
    var world = new World("nodes: 3").meshed();
    world.views.put(1, new NodeView.Silent("no answer in time"));
    assertTrue(plan(world).status().nodes().stream().noneMatch(node -> node.meshed()));
  }

  @Test
  void onlyAPlanThatCreatesHasToKnowThatTheNetworkIsStillThere() {
    var world = new World("nodes: 1");
    assertFalse(plan(world).createsAnything());
    world.secret = new SecretState.ToBeMade(World.CREDENTIALS);
    assertTrue(plan(world).createsAnything());
    world = new World("nodes: 1");
    world.service = new Child.Absent();
    assertTrue(plan(world).createsAnything());
  }

  @Test
  void withoutCredentialsTheStatefulSetIsLeftAsItIs() {
    var world = new World("nodes: 2, secret: rpc");
    world.secret = new SecretState.Unavailable(new Trouble("SecretMissing", "make it"));
    world.views.clear();
    world.service = world.statefulSet = new Child.Absent();
    var plan = plan(world);
    assertEquals(1, plan.writes().size(), "the Service needs no secret");
    for (var type : List.of(Condition.READY, Condition.MESHED, Condition.SYNCED)) {
      assertEquals("SecretMissing", condition(plan, type).reason());
    }
  }

  @Test
  void theSecretIsMadeBeforeTheStatefulSet() {
    var world = new World("nodes: 2");
    world.secret = new SecretState.ToBeMade(World.CREDENTIALS);
    world.views.clear();
    world.statefulSet = new Child.Absent();
    var plan = plan(world);
    assertEquals(Optional.of(World.CREDENTIALS), plan.makeSecret());
    assertEquals(1, plan.writes().size());
    assertTrue(plan.writes().getFirst().request().body().orElseThrow().contains("-rpcauth=user:"));
  }

  @Test
  void emptyListsAreFilledAndEachEntryIsDialledFirst() {
    var plan = plan(new World("nodes: 3"));
    assertEquals(
        Map.<Integer, List<PeerChange>>of(
            0, List.of(new Add("10.0.0.1"), new Add("10.0.0.2")),
            1, List.of(new Add("10.0.0.2"), new Add("10.0.0.0")),
            2, List.of(new Add("10.0.0.0"), new Add("10.0.0.1"))),
        plan.mesh().changes());
    assertEquals(3, plan.mesh().dials().size(), "one side of each pair");
    assertEquals(plan.mesh().first(), Set.copyOf(plan.mesh().dials()));
    assertFalse(plan.report(), "what comes of it is reported by the next pass");
    assertEquals(Optional.of(Duration.ofMillis(10)), plan.lookAgain());
  }

  /** bitcoind would dial the other half back, one each half second. */
  @Test
  void wherePartsOfListsAreLongEachNodeDialsAllThatItLists() {
    assertEquals(21, plan(new World("nodes: 7")).mesh().dials().size());
    assertEquals(9 * 8, plan(new World("nodes: 9")).mesh().dials().size());
    assertEquals(17 * 16, plan(new World("nodes: 17")).mesh().dials().size());
    assertEquals(18 * 17 / 2, plan(new World("nodes: 18")).mesh().dials().size());
  }

  @Test
  void aLinkThatRestsIsNotDialled() {
    var world = new World("nodes: 3");
    world.resting.add(2);
    var dials = plan(world).mesh().dials();
    assertEquals(Set.of(new Dial(1, 0), new Dial(2, 1)), Set.copyOf(dials));
    assertEquals(
        2,
        plan(world).mesh().changes().getOrDefault(0, List.of()).size(),
        "what was dialled in vain is listed all the same");
  }

  /** How many entries the lists get. */
  private static Set<Integer> sizes(Plan plan) {
    return plan.mesh().changes().values().stream().map(List::size).collect(Collectors.toSet());
  }

  /** As bitcoind would do by itself: it dials eight of the entries that are left to it. */
  @Test
  void inAFullMeshOfSeventeenEachNodeDialsAllOthersAndInALargerOneItsShare() {
    var all = plan(new World("nodes: 17"));
    assertEquals(17 * 16, all.mesh().dials().size());
    assertEquals(Set.of(16), sizes(all));
    assertEquals(Set.of(), all.mesh().later());
    var larger = plan(new World("nodes: 50"));
    assertEquals(50 * 49 / 2, larger.mesh().dials().size());
    assertEquals(Set.of(24 + 3, 25 + 3), sizes(larger), "its share, and three");
    assertEquals(50, larger.mesh().later().size());
  }

  @Test
  void theRestOfAListComesWhenBitcoindHasBegunItsRound() {
    var world = new World("nodes: 50");
    for (var i = 0; i < 50; i++) {
      var list = new ArrayList<String>();
      for (var step = 1; step < 50; step++) {
        if (step <= 3 || step >= 25) {
          list.add("10.0.0." + (i + step) % 50);
        }
      }
      world.views.put(i, World.node(list, list.subList(3, list.size()), 0));
    }
    var waiting = plan(world);
    assertEquals(Map.of(), waiting.mesh().changes());
    assertFalse(waiting.settling());
    assertEquals(Optional.of(Duration.ofSeconds(1)), waiting.lookAgain());
    var meshed = condition(waiting, Condition.MESHED);
    assertFalse(meshed.holds());
    assertTrue(meshed.message().contains("lists not as wanted yet: net-sts-0"), meshed.message());
    world.begun.addAll(world.views.keySet());
    assertEquals(Set.of(21), sizes(plan(world)));
    assertEquals(Set.of(), plan(world).mesh().later());
  }

  @Test
  void aMeshThatDoesNotComeIsReportedAfterAWhileAndLookedAtLessOften() {
    var world = new World("nodes: 3");
    world.round = 4;
    assertTrue(plan(world).report());
    assertEquals(Optional.of(Duration.ofMillis(160)), plan(world).lookAgain());
    world.round = 1000;
    assertEquals(Optional.of(Duration.ofSeconds(5)), plan(world).lookAgain());
    var meshed = condition(plan(world), Condition.MESHED);
    assertEquals("Linking", meshed.reason());
    assertTrue(meshed.message().startsWith("0 of 3 links are up; down: net-sts-1 to net-sts-0"));
  }

  @Test
  void aReplacedPodsOldAddressLeavesEveryListAndItsConnectionIsClosed() {
    var world = new World("nodes: 3").meshed();
    world.pods.put(0, World.pod(0, "10.0.0.99", true));
    world.views.put(0, World.node(List.of(), List.of(), 0));
    var plan = plan(world);
    assertEquals(
        List.of(new Remove("10.0.0.0"), new Add("10.0.0.99")), plan.mesh().changes().get(1));
    assertEquals(
        Set.of("10.0.0.0:18444"),
        Set.copyOf(plan.mesh().closes().stream().map(close -> close.address()).toList()));
    assertEquals(Set.of(new Dial(1, 0), new Dial(0, 2)), Set.copyOf(plan.mesh().dials()));
  }

  @Test
  void aPodThatIsNotReadyLeavesTheListsButKeepsItsConnections() {
    var world = new World("nodes: 3").meshed();
    world.pods.put(2, World.pod(2, "10.0.0.2", false));
    world.views.remove(2);
    var plan = plan(world);
    assertEquals(List.of(new Remove("10.0.0.2")), plan.mesh().changes().get(0));
    assertEquals(List.of(), plan.mesh().closes());
    assertEquals("NodesNotReady", condition(plan, Condition.MESHED).reason());
  }

  @Test
  void aNodeThatDoesNotAnswerDoesNotKeepTheOthersFromBeingLinked() {
    var world = new World("nodes: 3");
    world.views.put(1, new NodeView.Silent("no answer in time"));
    var plan = plan(world);
    assertEquals(Set.of(0, 2), plan.mesh().changes().keySet());
    assertEquals(List.of(new Dial(0, 2)), plan.mesh().dials());
    var meshed = condition(plan, Condition.MESHED);
    assertEquals("NodesNotAnswering", meshed.reason());
    assertTrue(meshed.message().contains("net-sts-1 (no answer in time)"), meshed.message());
  }

  @Test
  void podsAboveTheWantedSizeLeaveTheLists() {
    var world = new World("nodes: 2").meshed();
    world.pods.put(2, World.pod(2, "10.0.0.2", true));
    world.views.put(0, World.node(List.of("10.0.0.1", "10.0.0.2"), List.of("10.0.0.1"), 5));
    assertEquals(List.of(new Remove("10.0.0.2")), plan(world).mesh().changes().get(0));
  }

  @Test
  void aFullMeshOfMoreThanAHundredIsRefusedByACondition() {
    var plan = plan(new World("nodes: 101"));
    assertEquals("TooManyNodes", condition(plan, Condition.MESHED).reason());
    assertFalse(plan.mesh().changesAnything());
  }

  @Test
  void aFullMeshThatBitcoindDoesNotKeepAliveSaysSo() {
    var nine = condition(plan(new World("nodes: 9").meshed()), Condition.MESHED);
    assertEquals("36 of 36 links are up", nine.message());
    var message = condition(plan(new World("nodes: 20").meshed()), Condition.MESHED).message();
    assertTrue(message.startsWith("190 of 190 links are up, 66 of them re-dialled"), message);
    assertTrue(message.contains("Sparse"), message);
  }

  @Test
  void nodesThatLagBehindAreNamedAndLookedAtSoon() {
    var world = new World("nodes: 3").meshed();
    world.views.put(1, World.node(List.of("10.0.0.2", "10.0.0.0"), List.of("10.0.0.2"), 3));
    var plan = plan(world);
    assertEquals("BestBlocksDiffer", condition(plan, Condition.SYNCED).reason());
    assertTrue(condition(plan, Condition.SYNCED).message().endsWith("net-sts-1"));
    assertEquals(Optional.of(Duration.ofSeconds(2)), plan.lookAgain());
    assertEquals(3, plan.status().height().orElseThrow());
  }

  @Test
  void storageThatChangedIsAConditionAndTheRestIsApplied() {
    var world = new World("nodes: 0, image: other");
    world.statefulSet = new World("nodes: 0, storage: {size: 1Gi}").statefulSet;
    var plan = plan(world);
    assertEquals("StorageImmutable", condition(plan, Condition.READY).reason());
    assertEquals(1, plan.writes().size());
    assertTrue(plan.writes().getFirst().request().body().orElseThrow().contains("1Gi"));
  }

  @Test
  void theStatusHasOneEntryForEachWantedNodeInOrder() {
    var world = new World("nodes: 3").meshed();
    world.pods.remove(1);
    world.views.remove(1);
    var nodes = plan(world).status().nodes();
    assertEquals(List.of(0, 1, 2), nodes.stream().map(node -> node.ordinal()).toList());
    assertEquals("", nodes.get(1).ip());
    assertEquals("net-sts-1.net-svc", nodes.get(1).dnsName());
    assertFalse(nodes.get(1).ready());
  }

  @Test
  void aSecretThatIsRememberedChangesNothingButWhatIsTold() {
    var world = new World("nodes: 3, secret: mine").meshed();
    world.secret =
        new SecretState.Remembered(
            World.CREDENTIALS, new Trouble("SecretForbidden", "may not read mine"));
    var plan = plan(world);
    assertEquals(List.of(), plan.writes());
    var ready = condition(plan, Condition.READY);
    assertTrue(ready.holds());
    assertEquals("SecretForbidden", ready.reason());
    assertTrue(ready.message().contains("may not read mine"), ready.message());
    assertTrue(condition(plan, Condition.MESHED).holds());
    assertTrue(condition(plan, Condition.SYNCED).holds());
    assertEquals(Optional.of(Duration.ofSeconds(30)), plan.lookAgain());
    var told = Note.ofTransitions(MissingNode.getInstance(), plan.status().conditions());
    assertTrue(told.contains(new Note(true, "SecretForbidden", ready.message())), told::toString);
    world.pods.remove(2);
    world.views.remove(2);
    var waiting = condition(plan(world), Condition.READY);
    assertEquals(Condition.WAITING, waiting.reason());
    assertTrue(waiting.message().contains("may not read mine"), waiting.message());
  }

  @Test
  void nodesThatAreTalkedToWithTheOldSecretAreMeshedWhileTheNewOneIsMissing() {
    var world = new World("nodes: 3, secret: other").meshed();
    world.views.put(0, World.node(List.of(), List.of("10.0.0.1", "10.0.0.2"), 101));
    world.secret = new SecretState.Unavailable(new Trouble("SecretMissing", "make it"));
    var plan = plan(world);
    assertEquals("SecretMissing", condition(plan, Condition.READY).reason());
    assertEquals("Linking", condition(plan, Condition.MESHED).reason());
    assertTrue(condition(plan, Condition.SYNCED).holds());
    assertTrue(plan.mesh().changesAnything());
  }

  @Test
  void ofANetworkThatIsBeingDeletedTheTruthIsToldAndNothingElseDone() {
    var world = new World("nodes: 3").meshed().deleting();
    world.views.put(0, World.node(List.of(), List.of("10.0.0.1", "10.0.0.2"), 101));
    world.service = new Child.Absent();
    world.statefulSet = new Child.Absent();
    world.pods.remove(2);
    world.views.remove(2);
    world.secret = new SecretState.ToBeMade(World.CREDENTIALS);
    var plan = plan(world);
    assertEquals(List.of(), plan.writes());
    assertEquals(Optional.empty(), plan.makeSecret());
    assertFalse(plan.createsAnything());
    assertFalse(plan.mesh().changesAnything());
    assertEquals(List.of(), plan.mesh().dials());
    assertEquals(List.of(), plan.mesh().closes());
    assertTrue(plan.report());
    assertEquals(Optional.empty(), plan.lookAgain());
    assertEquals("Deleting", condition(plan, Condition.READY).reason());
    assertFalse(condition(plan, Condition.MESHED).holds());
    assertEquals(2, plan.status().readyReplicas());
    assertEquals(101, plan.status().height().orElseThrow());
    assertEquals("", plan.status().nodes().get(2).ip());
  }
}
