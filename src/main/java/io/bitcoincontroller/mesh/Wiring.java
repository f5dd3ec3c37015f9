package io.bitcoincontroller.mesh;

import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.Links.Link;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The nodes in the added-node list of each node, by ordinal. */
public sealed interface Wiring permits Topology, CustomLinks, Partitioned {
  /**
   * The ordinals that node {@code ordinal} lists in a network of {@code nodes}, in the order in
   * which they are to be added.
   */
  default List<Integer> listed(int ordinal, int nodes) {
    return listedAmong(ordinal, IntStream.range(0, nodes).boxed().toList());
  }

  /**
   * The same, if only these nodes may be linked with each other.
   *
   * @param members ordinals of existing nodes, ascending; {@code ordinal} is one of them
   */
  List<Integer> listedAmong(int ordinal, List<Integer> members);

  /**
   * Whether a connection that {@code from} dialled has to end at once. Other connections that are
   * not wanted stay until all wanted links are up.
   */
  boolean forbids(int from, int to);

  /**
   * One dial for each wanted link between these nodes. Of a pair that list each other, the node
   * dials that has the other further down in its list: bitcoind dials the first entries by itself,
   * and no node dials many more than another.
   *
   * @param ordinals of existing nodes
   */
  default List<Dial> dials(Collection<Integer> ordinals, int nodes) {
    var dials = new LinkedHashMap<Link, Dial>();
    var places = new HashMap<Link, Integer>();
    for (var from : new TreeSet<>(ordinals)) {
      var listed = listed(from, nodes);
      for (var place = 0; place < listed.size(); place++) {
        var dial = new Dial(from, listed.get(place));
        var isFurther = places.getOrDefault(dial.link(), -1) < place;
        if (isFurther && ordinals.contains(dial.to())) {
          dials.put(dial.link(), dial);
          places.put(dial.link(), place);
        }
      }
    }
    return List.copyOf(dials.values());
  }

  /** Whether one of the two lists the other. */
  default boolean links(int one, int other, int nodes) {
    return listed(one, nodes).contains(other) || listed(other, nodes).contains(one);
  }
}
