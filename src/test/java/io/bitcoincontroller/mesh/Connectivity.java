package io.bitcoincontroller.mesh;

import io.bitcoincontroller.mesh.Links.Link;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** How well a graph holds together. */
public final class Connectivity {
  private static final int ENOUGH = 8;

  private Connectivity() {}

  /** The longest of the shortest ways between two nodes, in hops. */
  public static int diameter(Set<Link> links, int nodes) {
    var near = new boolean[nodes][nodes];
    links.forEach(link -> near[link.low()][link.high()] = near[link.high()][link.low()] = true);
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

  /** How many nodes must go at least to cut two others apart, if fewer than eight. */
  public static int connectivity(Set<Link> links, int nodes) {
    var least = ENOUGH;
    // of any seven nodes that cut the graph, one of the first eight is on a side or among them
    for (var source = 0; source < Math.min(ENOUGH + 1, nodes); source++) {
      for (var target = source + 1; target < nodes; target++) {
        least = Math.min(least, disjointPaths(links, nodes, source, target));
      }
    }
    return least;
  }

  /**
   * Menger: as many paths without a common inner node as nodes must go to cut two nodes apart, at
   * most eight; nothing cuts neighbours apart. Max-flow with every node split into an in and an out
   * side with one unit between them.
   */
  static int disjointPaths(Set<Link> links, int nodes, int source, int target) {
    if (links.contains(Link.of(source, target))) {
      return ENOUGH;
    }
    var capacity = new int[2 * nodes][2 * nodes];
    for (var node = 0; node < nodes; node++) {
      capacity[node][node + nodes] = node == source || node == target ? nodes : 1;
    }
    for (var link : links) {
      capacity[link.low() + nodes][link.high()] = 1;
      capacity[link.high() + nodes][link.low()] = 1;
    }
    var flow = 0;
    while (flow < ENOUGH && augment(capacity, source, target + nodes)) {
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
}
