package io.bitcoincontroller.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A network in parts, without a link between them. Each part is wired as if it were all.
 *
 * @param groups ordinals; no two share one. The nodes in none of them form one more part
 */
public record Partitioned(Wiring within, List<Set<Integer>> groups) implements Wiring {
  /** A network without groups is no network in parts. */
  public static Wiring of(Wiring within, List<Set<Integer>> groups) {
    return groups.isEmpty() ? within : new Partitioned(within, groups);
  }

  @Override
  public List<Integer> listedAmong(int ordinal, List<Integer> members) {
    var part = part(ordinal);
    return within.listedAmong(
        ordinal, members.stream().filter(other -> part(other) == part).toList());
  }

  @Override
  public boolean forbids(int from, int to) {
    return part(from) != part(to) || within.forbids(from, to);
  }

  private int part(int ordinal) {
    for (var part = 0; part < groups.size(); part++) {
      if (groups.get(part).contains(ordinal)) {
        return part;
      }
    }
    return groups.size();
  }

  /** How many parts have a node. */
  public int parts(int nodes) {
    var parts = new ArrayList<Integer>();
    for (var ordinal = 0; ordinal < nodes; ordinal++) {
      parts.add(part(ordinal));
    }
    return (int) parts.stream().distinct().count();
  }

  /** The ordinals in the groups for which there is no node. */
  public Set<Integer> missing(int nodes) {
    var missing = new TreeSet<Integer>();
    groups.forEach(missing::addAll);
    return missing.tailSet(nodes);
  }

  /** As the resource spells it. */
  @Override
  public String toString() {
    return within.toString();
  }
}
