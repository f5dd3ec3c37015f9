package io.bitcoincontroller.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.mesh.CustomLinks.Named;
import io.bitcoincontroller.mesh.Links.Close;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.Links.Peer;
import io.bitcoincontroller.mesh.Links.Survey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WiringTest {
  private static final List<Set<Integer>> HALVES = List.of(Set.of(0, 1, 2), Set.of(3, 4));

  private static PeerAddress pod(int ordinal) {
    return PeerAddress.ofPod("10.0." + ordinal / 250 + "." + ordinal % 250);
  }

  private static Peer to(int ordinal, boolean manual) {
    return new Peer(100 + ordinal, pod(ordinal).text(), false, 70016, manual);
  }

  private static Survey survey(Wiring wiring, int nodes, Map<Integer, List<Peer>> peers) {
    var live = new HashMap<Integer, PeerAddress>();
    IntStream.range(0, nodes).forEach(i -> live.put(i, pod(i)));
    return new Survey(wiring, nodes, live, Set.of(), peers, Set.of());
  }

  private static CustomLinks custom(Named... links) {
    return CustomLinks.of(List.of(links));
  }

  private static Named link(int from, int to) {
    return new Named(from, to, false);
  }

  private static Set<Link> links(Wiring wiring, int nodes) {
    var links = new HashSet<Link>();
    for (var i = 0; i < nodes; i++) {
      for (var j : wiring.listed(i, nodes)) {
        links.add(Link.of(i, j));
      }
    }
    return links;
  }

  @Test
  void aPartListsItsOwnOnlyAndTheNodesInNoGroupFormOneMore() {
    var split = new Partitioned(Topology.FULL_MESH, List.of(Set.of(1, 3)));
    assertEquals(List.of(3), split.listed(1, 6));
    assertEquals(List.of(2, 4, 5), split.listed(0, 6));
    assertEquals(List.of(4, 5, 0), split.listed(2, 6));
    assertEquals(2, split.parts(6));
    assertEquals(1, split.parts(1));
    assertTrue(split.forbids(0, 1) && split.forbids(1, 0) && !split.forbids(0, 2));
  }

  @Test
  void withoutGroupsNothingIsSplit() {
    assertEquals(Topology.SPARSE, Partitioned.of(Topology.SPARSE, List.of()));
  }

  @Test
  void everyPartOfASparseNetworkIsConnectedWhateverTheGroups() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    for (var round = 0; round < 60; round++) {
      var nodes = 1 + random.nextInt(120);
      var groups = new ArrayList<Set<Integer>>();
      IntStream.range(0, 1 + random.nextInt(4)).forEach(_ -> groups.add(new TreeSet<>()));
      for (var ordinal = 0; ordinal < 130; ordinal++) {
        var group = random.nextInt(groups.size() + 1);
        if (group < groups.size()) {
          groups.get(group).add(ordinal);
        }
      }
      var split = new Partitioned(Topology.SPARSE, groups);
      var sides = Sides.of(split, nodes);
      var what = "seed " + seed + ", round " + round;
      assertEquals(split.parts(nodes), sides.all().size(), what);
      for (var from = 0; from < nodes; from++) {
        var listed = split.listed(from, nodes);
        assertTrue(listed.size() <= 8, what);
        assertTrue(sides.of(from).containsAll(listed), what);
        assertFalse(listed.contains(from), what);
      }
      assertEquals(nodes, sides.all().stream().mapToInt(Set::size).sum(), what);
    }
  }

  @Test
  void namedLinksAreThoseAndNoOthersAndWaitForNodesThatDoNotExist() {
    var wiring = custom(link(0, 1), link(1, 2), link(2, 7));
    assertEquals(Set.of(Link.of(0, 1), Link.of(1, 2)), links(wiring, 3));
    assertEquals(Set.of(7), wiring.missing(3));
    assertEquals(Set.of(Link.of(0, 1), Link.of(1, 2), Link.of(2, 7)), links(wiring, 8));
    assertEquals(Set.of(), wiring.missing(8));
  }

  @Test
  void ofALinkThatEitherSideMayDialTheOneDialsThatHasFewerToDial() {
    var hub = custom(link(0, 1), link(0, 2), link(0, 3), link(0, 4));
    assertEquals(List.of(1), hub.listed(0, 5));
    assertEquals(List.of(0), hub.listed(2, 5));
    assertEquals(List.of(0), hub.listed(4, 5));
  }

  @Test
  void theNamedSideDialsAndWhatTheOtherOneDialledIsClosedAtOnce() {
    var wiring = custom(new Named(2, 1, true));
    var peers = Map.of(0, List.<Peer>of(), 1, List.of(to(2, true)), 2, List.<Peer>of());
    var links = Links.read(survey(wiring, 3, peers));
    assertEquals(List.of(new Dial(2, 1)), links.dials());
    assertEquals(List.of(new Close(1, 102, pod(2).text())), links.closes());
  }

  @Test
  void connectionsAcrossAreClosedAtOnceWhoeverDialledThem() {
    var split = new Partitioned(Topology.FULL_MESH, HALVES);
    var peers =
        Map.of(
            0, List.of(to(1, true), to(3, false)),
            1, List.<Peer>of(),
            2, List.<Peer>of(),
            3, List.of(to(4, true), to(2, true)));
    var links = Links.read(survey(split, 5, peers));
    var across = Set.of(new Close(0, 103, pod(3).text()), new Close(3, 102, pod(2).text()));
    assertEquals(across, Set.copyOf(links.closes()));
    assertEquals(Set.of(Link.of(0, 1)), links.up());
    assertEquals(Set.of(new Dial(0, 2), new Dial(2, 1)), Set.copyOf(links.dials()));
  }

  /** What one look asks for is done, and the next look asks for nothing more. */
  @Test
  void fromAnyGraphTheDialsAndClosesOfTwoLooksMakeTheWantedOne() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    for (var round = 0; round < 200; round++) {
      var nodes = 2 + random.nextInt(9);
      var wiring = wiring(random, nodes);
      var dialled = new HashSet<Dial>();
      for (var n = random.nextInt(nodes * nodes); n > 0; n--) {
        var dial = new Dial(random.nextInt(nodes), random.nextInt(nodes));
        if (dial.from() != dial.to()) {
          dialled.add(dial);
        }
      }
      for (var look = 0; look < 2; look++) {
        var links = Links.read(survey(wiring, nodes, peers(dialled, nodes)));
        links.closes().forEach(each -> dialled.remove(dial(each, nodes)));
        dialled.addAll(links.dials());
      }
      var what = "seed " + seed + ", round " + round + ": " + wiring;
      var links = Links.read(survey(wiring, nodes, peers(dialled, nodes)));
      assertEquals(List.of(), links.dials(), what);
      assertEquals(List.of(), links.closes(), what);
      var up = new HashSet<Link>();
      dialled.forEach(dial -> up.add(dial.link()));
      assertEquals(links(wiring, nodes), up, what);
    }
  }

  private static Wiring wiring(Random random, int nodes) {
    var named = new HashMap<Link, Named>();
    for (var n = random.nextInt(2 * nodes); n > 0; n--) {
      var from = random.nextInt(nodes);
      var to = random.nextInt(nodes);
      if (from != to) {
        named.put(Link.of(from, to), new Named(from, to, random.nextBoolean()));
      }
    }
    var group = new TreeSet<Integer>();
    IntStream.range(0, nodes).filter(_ -> random.nextBoolean()).forEach(group::add);
    var within =
        switch (random.nextInt(3)) {
          case 0 -> Topology.FULL_MESH;
          case 1 -> Topology.SPARSE;
          default -> CustomLinks.of(List.copyOf(named.values()));
        };
    return Partitioned.of(within, group.isEmpty() ? List.of() : List.of(group));
  }

  private static Map<Integer, List<Peer>> peers(Set<Dial> dialled, int nodes) {
    var peers = new HashMap<Integer, List<Peer>>();
    for (var from = 0; from < nodes; from++) {
      var list = new ArrayList<Peer>();
      for (var dial : dialled) {
        if (dial.from() == from) {
          list.add(to(dial.to(), true));
        }
      }
      peers.put(from, list);
    }
    return peers;
  }

  private static Dial dial(Close close, int nodes) {
    var to =
        IntStream.range(0, nodes).filter(i -> pod(i).text().equals(close.address())).findFirst();
    return new Dial(close.from(), to.orElseThrow());
  }

  @Test
  void sidesAreTheComponentsOfTheGraph() {
    var wiring = custom(link(0, 1), link(3, 4), link(1, 5), link(2, 9));
    var sides = Sides.of(wiring, 6);
    assertEquals(List.of(Set.of(0, 1, 5), Set.of(2), Set.of(3, 4)), sides.all());
    assertEquals(Set.of(3, 4), sides.of(4));
    assertTrue(sides.several());
    assertFalse(Sides.of(Topology.SPARSE, 6).several());
    assertFalse(Sides.of(wiring, 0).several());
  }
}
