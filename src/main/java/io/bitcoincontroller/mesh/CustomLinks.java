package io.bitcoincontroller.mesh;

import io.bitcoincontroller.mesh.Links.Dial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Links as a person named them: exactly these. Those whose nodes do not exist wait.
 *
 * @param dials by ordinal, those that it lists
 * @param oneWay the dials that only the named side may make
 */
public record CustomLinks(Map<Integer, List<Integer>> dials, Set<Dial> oneWay) implements Wiring {
  /**
   * A named link.
   *
   * @param oneWay whether only {@code from} dials; else either side does
   */
  public record Named(int from, int to, boolean oneWay) {}

  /** Of a link that either side may dial, the one dials that has fewer links to dial so far. */
  public static CustomLinks of(List<Named> links) {
    var dials = new HashMap<Integer, List<Integer>>();
    var oneWay = new HashSet<Dial>();
    for (var link : links) {
      var here = dials.computeIfAbsent(link.from(), _ -> new ArrayList<>());
      var there = dials.computeIfAbsent(link.to(), _ -> new ArrayList<>());
      if (link.oneWay() || here.size() <= there.size()) {
        here.add(link.to());
      } else {
        there.add(link.from());
      }
      if (link.oneWay()) {
        oneWay.add(new Dial(link.from(), link.to()));
      }
    }
    dials.replaceAll((_, others) -> List.copyOf(others));
    return new CustomLinks(Map.copyOf(dials), Set.copyOf(oneWay));
  }

  @Override
  public List<Integer> listedAmong(int ordinal, List<Integer> members) {
    var known = new HashSet<>(members);
    return dialled(ordinal).stream().filter(known::contains).toList();
  }

  private List<Integer> dialled(int ordinal) {
    return dials.getOrDefault(ordinal, List.of());
  }

  @Override
  public boolean forbids(int from, int to) {
    var dials = dialled(from).contains(to);
    var takes = dialled(to).contains(from) && !oneWay.contains(new Dial(to, from));
    return !dials && !takes;
  }

  /** The ordinals in the links for which there is no node. */
  public Set<Integer> missing(int nodes) {
    return new TreeSet<>(dials.keySet()).tailSet(nodes);
  }

  /** As the resource spells it. */
  @Override
  public String toString() {
    return "Custom";
  }
}
