package io.bitcoincontroller.plan;

import io.bitcoincontroller.mesh.CustomLinks;
import io.bitcoincontroller.mesh.Partitioned;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What people have to know of a partition, or of links of their own, in the words of Meshed. */
record WiringWords(Observation seen, MeshPlan mesh) {
  /** So many parts of a list are shown. */
  private static final int MOST = 5;

  /** How many parts a declared partition makes; empty without one. */
  String partitions() {
    if (!(seen.wiring() instanceof Partitioned partitioned)) {
      return "";
    }
    var parts = partitioned.parts(seen.nodes());
    return parts + (parts == 1 ? " partition: " : " partitions: ");
  }

  /** Whether no connection is there, or may come, that is not wanted. */
  boolean isAsDeclared() {
    return unwanted() == 0 && seen.rounds().late().isEmpty();
  }

  /** How many connections are too many; what a plain topology can do without may stay. */
  private int unwanted() {
    return seen.wiring() instanceof Topology ? 0 : mesh.links().closes().size();
  }

  /** What the spec names in vain, and whether the links leave nodes apart, or peers join them. */
  String remarks() {
    var remarks = new ArrayList<String>();
    if (unwanted() > 0) {
      remarks.add(unwanted() + " connections that are not wanted are to be closed");
    }
    if (!seen.rounds().late().isEmpty()) {
      remarks.add(
          nodes(seen.rounds().late())
              + " may still dial an address that has left the list; that is closed at once, until"
              + " bitcoind has gone through the list that it had");
    }
    if (seen.network().spec().topology() instanceof CustomLinks links) {
      missing("spec.links", links.missing(seen.nodes())).ifPresent(remarks::add);
    }
    if (seen.wiring() instanceof Partitioned partitioned) {
      missing("spec.partition", partitioned.missing(seen.nodes())).ifPresent(remarks::add);
    }
    apart().ifPresent(remarks::add);
    joiners().ifPresent(remarks::add);
    return remarks.stream().map(remark -> "; " + remark).collect(Collectors.joining());
  }

  /** Where the links leave more sides than the partition has. */
  private Optional<String> apart() {
    var sides = seen.sides().all();
    var wanted = seen.wiring() instanceof Partitioned parts ? parts.parts(seen.nodes()) : 1;
    if (sides.size() <= wanted) {
      return Optional.empty();
    }
    var shown = sides.stream().limit(MOST).map(WiringWords::nodes).toList();
    return Optional.of(
        "the links do not connect all nodes: there is no way between "
            + String.join(" and ", shown)
            + (sides.size() > MOST ? " and others" : ""));
  }

  private static Optional<String> missing(String field, Set<Integer> ordinals) {
    return ordinals.isEmpty()
        ? Optional.empty()
        : Optional.of(
            field + " also names " + nodes(ordinals) + ", which the network does not have");
  }

  /** A declared peer hands on blocks to whoever is linked with it. */
  private Optional<String> joiners() {
    var sides = seen.sides();
    if (!sides.several()) {
      return Optional.empty();
    }
    var linked = new HashMap<PeerAddress, Set<Set<Integer>>>();
    for (var reach : mesh.declared().reached()) {
      linked.computeIfAbsent(reach.to(), _ -> new HashSet<>()).add(sides.of(reach.from()));
    }
    var joining =
        mesh.declared().peers().stream()
            .filter(peer -> linked.getOrDefault(peer, Set.of()).size() > 1)
            .map(PeerAddress::text)
            .toList();
    return joining.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "declared peers are linked with several sides, and may hand on blocks between them: "
                + String.join(", ", joining.subList(0, Math.min(MOST, joining.size()))));
  }

  /** Ordinals as people count them: {@code nodes 0-2, 5}. */
  static String nodes(Collection<Integer> ordinals) {
    var sorted = new TreeSet<>(ordinals);
    var runs = new ArrayList<String>();
    for (var first : sorted) {
      if (!sorted.contains(first - 1)) {
        var last = first;
        while (sorted.contains(last + 1)) {
          last++;
        }
        runs.add(last.equals(first) ? "" + first : first + "-" + last);
      }
    }
    var shown = String.join(", ", runs.subList(0, Math.min(MOST, runs.size())));
    return (sorted.size() == 1 ? "node " : "nodes ")
        + shown
        + (runs.size() > MOST ? " and more" : "");
  }
}
