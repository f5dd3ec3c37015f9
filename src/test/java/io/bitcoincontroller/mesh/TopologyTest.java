package io.bitcoincontroller.mesh;

import static io.bitcoincontroller.mesh.Topology.FULL_MESH;
import static io.bitcoincontroller.mesh.Topology.SPARSE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
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
          links.contains(new Links.Link(0, target)) || disjointPaths(links, nodes, 0, target) >= 8,
          nodes + " nodes, 0 to " + target);
    }
    for (var source = 1; source < 9; source++) {
      for (var target = source + 1; target < nodes; target++) {
        assertTrue(
            links.contains(new Links.Link(source, target))
                || disjointPaths(links, nodes, source, target) >= 8,
            nodes + " nodes, " + source + " to " + target);
      }
    }
  }

  @Test
  void anyTwoNodesAreFewHopsApart() {
    assertTrue(diameter(100) <= 3, "100 nodes: " + diameter(100));
    assertTrue(diameter(500) <= 4, "500 nodes: " + diameter(500));
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

  private static int diameter(int nodes) {
    var near = new boolean[nodes][nodes];
    links(nodes)
        .forEach(link -> near[link.low()][link.high()] = near[link.high()][link.low()] = true);
    var longest = 0;
    for (var start = 0; start < nodes; start++) {
      var hops = new int[nodes];
      Arrays.fill(hops, -1);
      hops[start] = 0;
      var queue = new ArrayDeque<Integer>(List.of(start));
      while (!queue.isEmpty()) {
        int at = queue.remove();
        longest = Math.max(longest, hops[at]);
        for (var next = 0; next < nodes; next++) {
          if (near[at][next] && hops[next] < 0) {
            hops[next] = hops[at] + 1;
            queue.add(next);
          }
        }
      }
    }
    return longest;
  }

  /**
   * Menger: as many paths without a common inner node as nodes must go to cut two nodes apart.
   * Max-flow with every node split into an in and an out side with one unit between them.
   */
  private static int disjointPaths(Set<Links.Link> links, int nodes, int source, int target) {
    var capacity = new int[2 * nodes][2 * nodes];
    for (var node = 0; node < nodes; node++) {
      capacity[node][node + nodes] = node == source || node == target ? nodes : 1;
    }
    for (var link : links) {
      capacity[link.low() + nodes][link.high()] = 1;
      capacity[link.high() + nodes][link.low()] = 1;
    }
    var flow = 0;
    while (flow < 8 && augment(capacity, source, target + nodes)) {
      flow++;
    }
    return flow;
  }

  private static boolean augment(int[][] capacity, int source, int target) {
    var from = new int[capacity.length];
    Arrays.fill(from, -1);
    from[source] = source;
    var queue = new ArrayDeque<Integer>(List.of(source));
    while (!queue.isEmpty() && from[target] < 0) {
      int at = queue.remove();
      for (var next = 0; next < capacity.length; next++) {
        if (from[next] < 0 && capacity[at][next] > 0) {
          from[next] = at;
          queue.add(next);
        }
      }
    }
    if (from[target] < 0) {
      return false;
    }
    for (var at = target; at != source; at = from[at]) {
      capacity[from[at]][at]--;
      capacity[at][from[at]]++;
    }
    return true;
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
