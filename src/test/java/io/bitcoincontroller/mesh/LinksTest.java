package io.bitcoincontroller.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Links.Close;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.Links.Peer;
import io.bitcoincontroller.mesh.Links.Survey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinksTest {
  private static PeerAddress pod(int ordinal) {
    return PeerAddress.ofPod("10.0.0." + ordinal);
  }

  private static Peer to(int ordinal) {
    return new Peer(100 + ordinal, "10.0.0." + ordinal + ":18444", false, 70016, true);
  }

  private static Map<Integer, PeerAddress> live(int nodes) {
    var live = new HashMap<Integer, PeerAddress>();
    for (var i = 0; i < nodes; i++) {
      live.put(i, pod(i));
    }
    return live;
  }

  private static Links fullMesh(int nodes, Map<Integer, List<Peer>> peers) {
    return Links.read(
        new Survey(Topology.FULL_MESH, nodes, live(nodes), Set.of(), peers, Set.of()));
  }

  @Test
  void aLinkDialledFromEitherSideIsUp() {
    var links = fullMesh(3, Map.of(0, List.of(to(1)), 1, List.of(), 2, List.of(to(0), to(1))));
    assertEquals(Set.of(new Link(0, 1), new Link(0, 2), new Link(1, 2)), links.up());
    assertEquals(List.of(), links.dials());
  }

  @Test
  void whoHasDialledIsToldButNotOfWhatTheWiringForbids() {
    var each = Map.of(0, List.of(to(1)), 1, List.of(to(0)));
    assertEquals(Set.of(new Dial(0, 1), new Dial(1, 0)), fullMesh(2, each).dialled());
    var oneWay = new CustomLinks(Map.of(0, List.of(1)), Set.of(new Dial(0, 1)));
    var links = Links.read(new Survey(oneWay, 2, live(2), Set.of(), each, Set.of()));
    assertEquals(Set.of(new Dial(0, 1)), links.dialled());
    assertEquals(List.of(new Close(1, 100, "10.0.0.0:18444")), links.closes());
  }

  @Test
  void aLinkThatIsDownIsDialledOnceByTheNodeThatListsTheOtherFurtherDown() {
    var links = fullMesh(3, Map.of(0, List.of(), 1, List.of(), 2, List.of(to(0))));
    assertEquals(Set.of(new Link(0, 2)), links.up());
    assertEquals(Set.of(new Dial(1, 0), new Dial(2, 1)), Set.copyOf(links.dials()));
    assertEquals(2, links.dials().size());
  }

  /** Those that bitcoind dials by itself are dialled by the other side. */
  @Test
  void theDialsOfALargeFullMeshAreSpreadEvenlyAndLeaveTheFirstEntriesToBitcoind() {
    var peers = new HashMap<Integer, List<Peer>>();
    IntStream.range(0, 50).forEach(i -> peers.put(i, List.of()));
    var each = new TreeMap<Integer, Integer>();
    for (var dial : fullMesh(50, peers).dials()) {
      each.merge(dial.from(), 1, Integer::sum);
      var place = Topology.FULL_MESH.listed(dial.from(), 50).indexOf(dial.to());
      assertTrue(place >= Topology.KEPT_BY_BITCOIND, dial::toString);
    }
    assertEquals(Set.of(24, 25), Set.copyOf(each.values()));
  }

  @Test
  void anInboundConnectionIdentifiesNobody() {
    var inbound = new Peer(7, "10.0.0.1:18444", true, 70016, true);
    var links = fullMesh(2, Map.of(0, List.of(inbound), 1, List.of()));
    assertEquals(Set.of(), links.up());
  }

  @Test
  void aPeerWhoseHandshakeIsNotDoneIsNotUp() {
    var frozen = new Peer(7, "10.0.0.1:18444", false, 0, true);
    var links = fullMesh(2, Map.of(0, List.of(frozen), 1, List.of()));
    assertEquals(Set.of(), links.up());
    assertEquals(List.of(), links.closes());
  }

  @Test
  void aNodeThatDoesNotAnswerTakesPartInNoLink() {
    var links = fullMesh(3, Map.of(0, List.of(to(1)), 1, List.of()));
    assertEquals(Set.of(new Link(0, 1)), links.wanted());
    assertEquals(List.of(), links.dials());
  }

  @Test
  void aConnectionToAnAddressOfNobodyIsClosed() {
    var gone = new Peer(7, "10.0.0.77:18444", false, 70016, true);
    var links = fullMesh(2, Map.of(0, List.of(gone, to(1)), 1, List.of()));
    assertEquals(List.of(new Close(0, 7, "10.0.0.77:18444")), links.closes());
  }

  @Test
  void whatBitcoindPickedItselfIsNotOursToClose() {
    var picked = new Peer(7, "10.0.0.77:18444", false, 70016, false);
    assertEquals(List.of(), fullMesh(1, Map.of(0, List.of(picked))).closes());
  }

  @Test
  void aNodeThatCantBeToldAnythingIsDialledByTheOthers() {
    var links =
        Links.read(
            new Survey(
                Topology.FULL_MESH, 3, live(3), Set.of(), Map.of(2, List.of(to(0))), Set.of(0, 1)));
    assertEquals(Set.of(Link.of(0, 2), Link.of(1, 2)), links.wanted());
    assertEquals(Set.of(Link.of(0, 2)), links.up());
    assertEquals(List.of(new Dial(2, 1)), links.dials());
  }

  @Test
  void aDeclaredPeersConnectionStays() {
    var declared = new Peer(7, "10.9.9.9:18444", false, 70016, true);
    var links =
        Links.read(
            new Survey(
                Topology.FULL_MESH,
                1,
                live(1),
                Set.of(PeerAddress.ofPod("10.9.9.9")),
                Map.of(0, List.of(declared)),
                Set.of()));
    assertEquals(List.of(), links.closes());
  }

  @Test
  void aPodThatIsNotReadyKeepsItsConnections() {
    // node 2 lives, but was not asked since it is not ready
    var links = fullMesh(3, Map.of(0, List.of(to(1), to(2)), 1, List.of(to(2))));
    assertEquals(List.of(), links.closes());
  }

  @Test
  void onTheWayToSparseNothingIsClosedBeforeAllIsThere() {
    var nodes = 20;
    var peers = new HashMap<Integer, List<Peer>>();
    for (var i = 0; i < nodes; i++) {
      var all = new ArrayList<Peer>();
      for (var j : Topology.FULL_MESH.listed(i, nodes)) {
        all.add(to(j));
      }
      peers.put(i, all);
    }
    var complete =
        Links.read(new Survey(Topology.SPARSE, nodes, live(nodes), Set.of(), peers, Set.of()));
    var kept = nodes * (nodes - 1) - complete.closes().size();
    assertEquals(complete.wanted().size(), kept, "one connection for each wanted link");
    assertEquals(complete.wanted(), complete.up());

    var without = new HashMap<>(peers);
    without.put(19, List.of());
    without.replaceAll(
        (i, list) -> list.stream().filter(p -> !p.address().startsWith("10.0.0.19:")).toList());
    var unfinished =
        Links.read(new Survey(Topology.SPARSE, nodes, live(nodes), Set.of(), without, Set.of()));
    assertEquals(8, unfinished.dials().size());
    assertEquals(List.of(), unfinished.closes());
  }

  private static Links sparse(int nodes, Map<Integer, List<Peer>> peers) {
    return Links.read(
        new Survey(Topology.SPARSE, nodes, live(nodes + 1), Set.of(), peers, Set.of()));
  }

  @Test
  void inASparseNetworkWhoListsTheOtherDials() {
    var links = sparse(3, Map.of(0, List.of(), 1, List.of(), 2, List.of()));
    assertEquals(Set.of(new Dial(1, 0), new Dial(2, 0), new Dial(2, 1)), Set.copyOf(links.dials()));
  }

  @Test
  void aLinkDialledFromTheWrongSideIsKeptUntilTheRightOneHasDialled() {
    var wrongSideOnly = Map.of(0, List.of(to(1)), 1, List.<Peer>of(), 2, List.of(to(0), to(1)));
    assertEquals(List.of(), sparse(3, wrongSideOnly).closes());
    var bothSides = Map.of(0, List.of(to(1)), 1, List.of(to(0)), 2, List.of(to(0), to(1)));
    assertEquals(List.of(new Close(0, 101, "10.0.0.1:18444")), sparse(3, bothSides).closes());
  }

  @Test
  void aPodAboveTheWantedSizeKeepsItsConnectionsUntilItIsGone() {
    var nodes = 18;
    var peers = new HashMap<Integer, List<Peer>>();
    for (var i = 0; i < nodes; i++) {
      peers.put(i, Topology.SPARSE.listed(i, nodes).stream().map(LinksTest::to).toList());
    }
    var more = new ArrayList<>(peers.getOrDefault(5, List.of()));
    more.add(to(nodes));
    peers.put(5, more);
    var links = sparse(nodes, peers);
    assertEquals(List.of(), links.dials());
    assertEquals(List.of(), links.closes());
  }

  private static Peer second(int ordinal) {
    return new Peer(200 + ordinal, "10.0.0." + ordinal, false, 70016, true);
  }

  private static Peer unanswered(long id, int ordinal) {
    return new Peer(id, "10.0.0." + ordinal, false, 0, true);
  }

  private static Survey survey(
      Topology topology, Map<Integer, List<Peer>> peers, Set<Integer> passive) {
    return new Survey(topology, 3, live(3), Set.of(pod(9)), peers, passive);
  }

  /** bitcoind's own dial and ours both came through. */
  @ParameterizedTest
  @EnumSource
  void ofTwoConnectionsToOneNodeTheOlderStays(Topology topology) {
    var peers = Map.of(0, List.<Peer>of(), 1, List.of(second(0), to(0)), 2, List.of(to(0), to(1)));
    assertEquals(
        List.of(new Close(1, 200, "10.0.0.0")),
        Links.read(survey(topology, peers, Set.of())).closes());
  }

  @Test
  void soItIsWhileLinksAreDownOrNodesAreSilentOrDeaf() {
    var twice = List.of(to(0), second(0), new Peer(300, "0xa.0", false, 70016, true));
    var closes = List.of(new Close(1, 200, "10.0.0.0"), new Close(1, 300, "0xa.0"));
    for (var topology : Topology.values()) {
      var down = Map.of(0, List.<Peer>of(), 1, twice, 2, List.<Peer>of());
      assertEquals(closes, Links.read(survey(topology, down, Set.of())).closes());
      var silent = Map.of(1, twice);
      assertEquals(closes, Links.read(survey(topology, silent, Set.of())).closes());
      assertEquals(closes, Links.read(survey(topology, silent, Set.of(0, 2))).closes());
    }
  }

  @Test
  void whatIsUpIsNeverClosedForWhatIsNot() {
    var cases =
        Map.of(
            List.of(unanswered(1, 0), to(0)), List.of(new Close(1, 1, "10.0.0.0")),
            List.of(to(0), unanswered(300, 0)), List.of(new Close(1, 300, "10.0.0.0")),
            List.of(unanswered(1, 0), unanswered(2, 0)), List.<Close>of());
    cases.forEach(
        (connections, closes) -> {
          var peers = Map.of(0, List.<Peer>of(), 1, connections, 2, List.of(to(0), to(1)));
          var survey = survey(Topology.FULL_MESH, peers, Set.of());
          assertEquals(closes, Links.read(survey).closes(), "" + connections);
        });
  }

  @Test
  void inAFullMeshOneConnectionInEachDirectionStays() {
    var links = fullMesh(2, Map.of(0, List.of(to(1)), 1, List.of(to(0))));
    assertEquals(List.of(), links.closes());
  }

  @Test
  void ofTwoConnectionsToADeclaredPeerOneStaysAndBitcoindsOwnIsNotCounted() {
    var picked = new Peer(1, "10.0.0.9:18444", false, 70016, false);
    for (var connections : List.of(List.of(to(9), second(9)), List.of(picked, second(9)))) {
      var survey = survey(Topology.FULL_MESH, Map.of(0, connections), Set.of());
      assertEquals(List.of(new Close(0, 209, "10.0.0.9")), Links.read(survey).closes());
    }
    var ours = List.of(to(9), new Peer(300, "10.0.0.9:18444", false, 70016, false));
    var survey = survey(Topology.FULL_MESH, Map.of(0, ours), Set.of());
    assertEquals(List.of(), Links.read(survey).closes());
  }

  @Test
  void whoHasReachedADeclaredPeerIsWhoDialledIt() {
    var inbound = new Peer(7, "10.0.0.9:18444", true, 70016, true);
    var other = PeerAddress.parse("seed.example.org").orElseThrow();
    var named = new Peer(8, "SEED.example.org:18444", false, 70016, true);
    var peers =
        Map.of(
            0, List.of(inbound, named),
            1, List.of(unanswered(5, 9)),
            2, List.of(new Peer(5, "0xa.9", false, 70016, true)),
            3, List.<Peer>of());
    var declared = new LinkedHashSet<>(List.of(pod(9), other));
    var read = Declared.read(new Survey(Topology.FULL_MESH, 3, live(4), declared, peers, Set.of()));
    assertEquals(Set.of(new Reach(0, other), new Reach(2, pod(9))), read.reached());
    assertEquals(
        List.of(
            new Reach(0, pod(9)), new Reach(1, pod(9)), new Reach(1, other), new Reach(2, other)),
        read.missing());
  }
}
