package io.bitcoincontroller.plan;

import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.mesh.Links.Close;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What helps a node that stays below the others: its connections with nodes that know no more than
 * itself are ended, so that bitcoind asks one that does. They are dialled again at once, and then
 * they are not the first any more. Where that does not help, it is those with nodes that know more:
 * bitcoind asks a peer for its headers when it meets it, and not again, even if it would take now
 * what it refused then. Pure.
 */
final class Cure {
  private static final Optional<String> UNHEARD = Optional.of("");

  private Cure() {}

  /**
   * Connections to end, which may be none, by the node that is helped; nothing for a node without a
   * link to a taller one, one that refuses the taller chain, which it would not help, or one that
   * has not said yet whether it does.
   *
   * @param up links that are up
   */
  static Map<Integer, List<Close>> of(Observation seen, Set<Link> up) {
    var heights = NodeView.heights(seen.views());
    var cures = new TreeMap<Integer, List<Close>>();
    for (var stalled : seen.stalled()) {
      if (!seen.judgements().getOrDefault(stalled, UNHEARD).isEmpty()) {
        continue; // it knows the taller chain and will not have it, or may
      }
      var height = heights.getOrDefault(stalled, Long.MAX_VALUE);
      var hasTeacher =
          heights.entrySet().stream()
              .anyMatch(
                  other ->
                      other.getValue() > height && up.contains(Link.of(stalled, other.getKey())));
      if (hasTeacher) {
        var others = new TreeMap<>(heights);
        var taller = seen.uncured().contains(stalled);
        others.values().removeIf(other -> other > height != taller);
        others.remove(stalled);
        cures.put(stalled, closes(seen, stalled, others.keySet()));
      }
    }
    return cures;
  }

  private static List<Close> closes(Observation seen, int stalled, Set<Integer> others) {
    var live = seen.live();
    var closes = new ArrayList<Close>();
    for (var other : others) {
      closes.addAll(dialled(seen, stalled, Optional.ofNullable(live.get(other))));
      closes.addAll(dialled(seen, other, Optional.ofNullable(live.get(stalled))));
    }
    return closes;
  }

  private static List<Close> dialled(Observation seen, int from, Optional<PeerAddress> to) {
    return seen.views().get(from) instanceof NodeView.Answered(NodeInfo info) && to.isPresent()
        ? info.peers().stream()
            .filter(peer -> !peer.inbound())
            .filter(peer -> PeerAddress.parse(peer.address()).equals(to))
            .map(peer -> new Close(from, peer.id(), peer.address()))
            .toList()
        : List.of();
  }
}
