package io.bitcoincontroller.mesh;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The declared peers that each node has reached. A peer counts as reached by a node that dialled it
 * under the declared address or name, once the handshake is done.
 *
 * @param peers all that are declared, in their order
 * @param reached what is up
 * @param missing what is not, by node, in the order in which the peers are declared
 */
public record Declared(List<PeerAddress> peers, Set<Reach> reached, List<Reach> missing) {
  /** A node, by its ordinal, and a declared peer. */
  public record Reach(int from, PeerAddress to) {}

  /** Of the nodes that can be called. */
  public static Declared read(Links.Survey survey) {
    var reached = new HashSet<Reach>();
    var missing = new ArrayList<Reach>();
    new TreeMap<>(survey.peers())
        .headMap(survey.nodes())
        .forEach(
            (from, peers) -> {
              var dialled = new HashSet<PeerAddress>();
              peers.stream()
                  .filter(peer -> !peer.inbound() && peer.version() > 0)
                  .forEach(peer -> PeerAddress.parse(peer.address()).ifPresent(dialled::add));
              for (var to : survey.declared()) {
                if (dialled.contains(to)) {
                  reached.add(new Reach(from, to));
                } else {
                  missing.add(new Reach(from, to));
                }
              }
            });
    return new Declared(List.copyOf(survey.declared()), Set.copyOf(reached), List.copyOf(missing));
  }
}
