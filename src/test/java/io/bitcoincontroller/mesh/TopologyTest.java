package io.bitcoincontroller.mesh;

import static io.bitcoincontroller.mesh.Topology.FULL_MESH;
import static io.bitcoincontroller.mesh.Topology.SPARSE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyTest {
  @Test
  void aFullMeshListsAllOthersBeginningWithTheNext() {
    assertEquals(List.of(1, 2, 3), FULL_MESH.listed(0, 4));
    assertEquals(List.of(3, 0, 1), FULL_MESH.listed(2, 4));
    assertEquals(List.of(), FULL_MESH.listed(0, 1));
    assertEquals(List.of(), FULL_MESH.listed(0, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 9, 16, 17})
  void upTo17NodesSparseIsAFullMeshWithOneDiallerForEachPair(int nodes) {
    var links = new HashSet<Links.Link>();
    var dials = 0;
    for (var i = 0; i < nodes; i++) {
      for (var j : SPARSE.listed(i, nodes)) {
        links.add(Links.Link.of(i, j));
        dials++;
      }
    }
    assertEquals(nodes * (nodes - 1) / 2, links.size());
    assertEquals(links.size(), dials);
  }

  @Test
  void nobodyDialsMoreThanEightOrItself() {
    for (var i = 0; i < 500; i++) {
      var listed = SPARSE.listed(i, 500);
      assertTrue(listed.size() <= 8 && !listed.contains(i), i + " " + listed);
      assertEquals(listed.size(), new HashSet<>(listed).size());
    }
  }

  @Test
  void addingANodeRemovesNoLinkAndAddsEight() {
    for (var nodes = 1; nodes < 500; nodes++) {
      var before = links(nodes);
      var after = links(nodes + 1);
      assertTrue(after.containsAll(before), "from " + nodes);
      if (nodes >= 17) {
        assertEquals(before.size() + 8, after.size(), "from " + nodes);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 17, 18, 19, 25, 40, 64, 100})
  void anySevenNodesMayGoAndTheRestIsStillConnected(int nodes) {
    var links = links(nodes);
    for (var target = 1; target < nodes; target++) {
      assertTrue(
          Connectivity.disjointPaths(links, nodes, 0, target) >= 8,
          nodes + " nodes, 0 to " + target);
    }
    for (var source = 1; source < 9; source++) {
      for (var target = source + 1; target < nodes; target++) {
        assertTrue(
            Connectivity.disjointPaths(links, nodes, source, target) >= 8,
            nodes + " nodes, " + source + " to " + target);
      }
    }
  }

  @Test
  void anyTwoNodesAreFewHopsApart() {
    assertTrue(
        Connectivity.diameter(links(100), 100) <= 3,
        "100 nodes: " + Connectivity.diameter(links(100), 100));
    assertTrue(
        Connectivity.diameter(links(500), 500) <= 4,
        "500 nodes: " + Connectivity.diameter(links(500), 500));
  }

  private static Set<Links.Link> links(int nodes) {
    var links = new HashSet<Links.Link>();
    for (var i = 0; i < nodes; i++) {
      for (var j : SPARSE.listed(i, nodes)) {
        links.add(Links.Link.of(i, j));
      }
    }
    return links;
  }

  /** A running network is rewired by whoever changes one of these. */
  @Test
  void theListsOfASparseNetworkAreTheseForEver() {
    assertEquals(List.of(2, 1, 0, 16, 15, 14, 13, 12), SPARSE.listed(3, 40));
    assertEquals(List.of(2, 3, 13, 11, 1, 10, 4, 6), SPARSE.listed(17, 40));
    assertEquals(List.of(1, 10, 6, 2, 4, 3, 9, 13), SPARSE.listed(18, 40));
    assertEquals(List.of(72, 31, 45, 79, 50, 11, 7, 41), SPARSE.listed(99, 100));
    assertEquals(List.of(92, 228, 165, 491, 356, 238, 198, 173), SPARSE.listed(499, 500));
  }

  @Test
  void aTopologyIsSpelledAsInTheResource() {
    assertEquals("FullMesh", FULL_MESH.toString());
    assertEquals("Sparse", SPARSE.toString());
  }
}
