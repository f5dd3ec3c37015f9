package io.bitcoincontroller.mesh;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;

/** A wiring that follows from the number of nodes alone. */
public enum Topology implements Wiring {
  /**
   * Every node lists every other one, as the original controller does. Node i begins with i+1:
   * bitcoind keeps only the first eight entries alive by itself, and if all began with node 0,
   * eight nodes would hold the whole network together.
   */
  FULL_MESH("FullMesh") {
    @Override
    public List<Integer> listed(int ordinal, int nodes) {
      return IntStream.range(1, nodes).mapToObj(step -> (ordinal + step) % nodes).toList();
    }
  },

  /**
   * Every link is dialled from one side, nobody dials more than eight, adding a node changes nobody
   * else's list, and the network stays connected when any seven nodes are gone. Up to 17 nodes it
   * is a full mesh with one connection per pair.
   */
  SPARSE("Sparse") {
    @Override
    public List<Integer> listed(int ordinal, int nodes) {
      return ordinal < CORE ? coreListed(ordinal, nodes) : outerListed(ordinal);
    }
  };

  /** bitcoind's limit of outbound connections to added nodes: MAX_ADDNODE_CONNECTIONS. */
  public static final int KEPT_BY_BITCOIND = 8;

  /** Beyond it the mutual lists of a full mesh cost more than they give. */
  public static final int LARGEST_FULL_MESH = 100;

  /** The largest full mesh in which each of n nodes dials (n - 1) / 2 = 8 others. */
  private static final int CORE = 2 * KEPT_BY_BITCOIND + 1;

  private final String text;

  Topology(String text) {
    this.text = text;
  }

  @Override
  public abstract List<Integer> listed(int ordinal, int nodes);

  /** As in a network of just these: a part of a sparse network need not be connected by itself. */
  @Override
  public List<Integer> listedAmong(int ordinal, List<Integer> members) {
    return listed(members.indexOf(ordinal), members.size()).stream().map(members::get).toList();
  }

  @Override
  public boolean forbids(int from, int to) {
    return false;
  }

  /** A round-robin tournament: of each pair of the core, one dials the other. */
  private static List<Integer> coreListed(int ordinal, int nodes) {
    var others = new ArrayList<Integer>();
    for (var step = 1; step <= KEPT_BY_BITCOIND; step++) {
      var other = Math.floorMod(ordinal - step, CORE);
      if (other < nodes) {
        others.add(other);
      }
    }
    return List.copyOf(others);
  }

  /** Eight distinct lower ordinals, the same ones whatever the network's size. */
  private static List<Integer> outerListed(int ordinal) {
    var others = new LinkedHashSet<Integer>();
    for (var k = 0; others.size() < KEPT_BY_BITCOIND; k++) {
      others.add((int) Long.remainderUnsigned(hash(ordinal, k), ordinal));
    }
    return List.copyOf(others);
  }

  /** The finaliser of SplitMix64. Never to be changed: running networks would be rewired. */
  private static long hash(int ordinal, int k) {
    var z = ((long) ordinal << 32) + k + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** As the resource spells it. */
  @Override
  public String toString() {
    return text;
  }
}
