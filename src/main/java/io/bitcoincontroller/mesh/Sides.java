package io.bitcoincontroller.mesh;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The parts of a network that no wanted link joins: a block that is mined on one side stays there.
 *
 * @param all ordinals of existing nodes; the side of the lowest ordinal comes first
 */
public record Sides(List<Set<Integer>> all) {
  /** Of a network of {@code nodes}: the connected components of the wanted links. */
  public static Sides of(Wiring wiring, int nodes) {
    if (wiring instanceof Topology) {
      var one = new TreeSet<>(IntStream.range(0, nodes).boxed().toList());
      return new Sides(one.isEmpty() ? List.of() : List.of(one));
    }
    var neighbours = new TreeMap<Integer, List<Integer>>();
    for (var from = 0; from < nodes; from++) {
      var own = neighbours.computeIfAbsent(from, _ -> new ArrayList<>());
      for (var to : wiring.listed(from, nodes)) {
        own.add(to);
        neighbours.computeIfAbsent(to, _ -> new ArrayList<>()).add(from);
      }
    }
    var sides = new ArrayList<Set<Integer>>();
    var found = new TreeSet<Integer>();
    for (var ordinal : neighbours.keySet()) {
      if (!found.contains(ordinal)) {
        var side = reached(ordinal, neighbours);
        found.addAll(side);
        sides.add(side);
      }
    }
    return new Sides(List.copyOf(sides));
  }

  private static Set<Integer> reached(int from, Map<Integer, List<Integer>> neighbours) {
    var reached = new TreeSet<Integer>(List.of(from));
    var next = new ArrayDeque<Integer>(reached);
    while (!next.isEmpty()) {
      for (var other : neighbours.getOrDefault(next.remove(), List.of())) {
        if (reached.add(other)) {
          next.add(other);
        }
      }
    }
    return reached;
  }

  /** Whether blocks can't get everywhere. */
  public boolean several() {
    return all.size() > 1;
  }

  /** The nodes that have a way to this one, with itself. */
  public Set<Integer> of(int ordinal) {
    return all.stream()
        .filter(side -> side.contains(ordinal))
        .findFirst()
        .orElseGet(() -> Set.of(ordinal));
  }

  /** The lowest ordinal of a node's side: it stands for the side. */
  public int number(int ordinal) {
    return Collections.min(of(ordinal));
  }

  /** The entries of each side apart; what belongs to no side is left out. */
  public <T> List<Map<Integer, T>> split(Map<Integer, T> byOrdinal) {
    var split = new ArrayList<Map<Integer, T>>();
    for (var side : all) {
      var part = new HashMap<>(byOrdinal);
      part.keySet().retainAll(side);
      split.add(part);
    }
    return List.copyOf(split);
  }
}
