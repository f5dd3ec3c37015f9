package io.bitcoincontroller.mesh;

import java.util.List;
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

  /** Whether one of the two lists the other. */
  default boolean links(int one, int other, int nodes) {
    return listed(one, nodes).contains(other) || listed(other, nodes).contains(one);
  }
}
