package io.bitcoincontroller.local.user;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Judges whether nodes are one network; pure. */
public final class Judge {
  private Judge() {}

  /**
   * Each list holds exactly the others' addresses, and each two nodes have a live connection.
   *
   * @param nodes all nodes of the network
   */
  public static Seen complete(List<Peers> nodes) {
    var faults = new ArrayList<String>();
    var all = nodes.stream().map(Peers::address).collect(Collectors.toCollection(TreeSet::new));
    for (var node : nodes) {
      var others = new TreeSet<>(all);
      others.remove(node.address());
      if (!node.listed().equals(others)) {
        faults.add(node.pod() + " lists " + text(node.listed()) + " instead of " + text(others));
      }
    }
    faults.addAll(unconnected(nodes));
    return seen(
        nodes,
        faults,
        "each list holds all the others and nothing else, each two nodes are connected");
  }

  /**
   * Each list holds at least the others' addresses, and each two nodes have a live connection.
   *
   * @param nodes some nodes of the network: the others are in trouble
   */
  public static Seen connected(List<Peers> nodes) {
    var faults = unconnected(nodes);
    for (var node : nodes) {
      for (var other : nodes) {
        if (!node.equals(other) && !node.listed().contains(other.address())) {
          faults.add(node.pod() + " does not list " + other.pod());
        }
      }
    }
    return seen(nodes, faults, "each list holds the others, each two nodes are connected");
  }

  private static List<String> unconnected(List<Peers> nodes) {
    var faults = new ArrayList<String>();
    for (var i = 0; i < nodes.size(); i++) {
      for (var j = i + 1; j < nodes.size(); j++) {
        if (!linked(nodes.get(i), nodes.get(j))) {
          faults.add("no live connection of " + nodes.get(i).pod() + " and " + nodes.get(j).pod());
        }
      }
    }
    return faults;
  }

  private static Seen seen(List<Peers> nodes, List<String> faults, String expected) {
    return faults.isEmpty()
        ? new Seen.Good("links: " + nodes.size() * (nodes.size() - 1) / 2)
        : new Seen.NotYet(expected, String.join("; ", faults));
  }

  private static boolean linked(Peers one, Peers other) {
    return one.dialled().contains(other.address()) || other.dialled().contains(one.address());
  }

  private static String text(Collection<String> addresses) {
    return addresses.isEmpty() ? "nothing" : String.join(", ", new TreeSet<>(addresses));
  }

  /** All nodes have this many blocks, and the same last one. */
  public static Seen synced(List<Chain> nodes, long height) {
    var good =
        nodes.stream().allMatch(node -> node.height() == height)
            && nodes.stream().map(Chain::bestBlock).distinct().count() <= 1;
    return good
        ? new Seen.Good("best block " + abbreviated(nodes.getFirst().bestBlock()))
        : new Seen.NotYet(
            height + " blocks, and the same best block, on each node",
            nodes.stream()
                .map(
                    node ->
                        node.pod()
                            + " has "
                            + node.height()
                            + " (best block "
                            + abbreviated(node.bestBlock())
                            + ")")
                .collect(Collectors.joining(", ")));
  }

  private static String abbreviated(String hash) {
    return hash.length() <= 8 ? hash : hash.substring(0, 8) + "...";
  }
}
