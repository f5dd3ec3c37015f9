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
 * Ends connections of a node that stays below the others, so that bitcoind asks other peers for
 * blocks. First those with nodes that know no more than itself: they are dialled again at once, and
 * then they are not the first any longer. If that does not help, those with taller nodes: bitcoind
 * asks a peer for headers when it meets it, and not again, even if it would accept now what it
 * refused then.
 */
final class Reconnect {
  private static final Optional<String> NOT_SAID = Optional.of("");

  private Reconnect() {}

  /**
   * Connections to end, by the node that this helps; a node may have none. It can't help a node
   * without a link to a taller one, or one that judged the taller chain invalid: these are left
   * out, and so is a node that has not said yet how it judged.
   *
   * @param up links that are up
   */
  static Map<Integer, List<Close>> of(Observation seen, Set<Link> up) {
    var heights = NodeView.heights(seen.views());
    var ended = new TreeMap<Integer, List<Close>>();
    for (var stalled : seen.stalled()) {
      if (!seen.judgements().getOrDefault(stalled, NOT_SAID).isEmpty()) {
        continue; // it refuses the taller chain, or may
      }
      var height = heights.getOrDefault(stalled, Long.MAX_VALUE);
      var knowsTaller =
          heights.entrySet().stream()
              .anyMatch(
                  other ->
                      other.getValue() > height && up.contains(Link.of(stalled, other.getKey())));
      if (knowsTaller) {
        var others = new TreeMap<>(heights);
        var taller = seen.leaveTaller().contains(stalled);
        others.values().removeIf(other -> other > height != taller);
        others.remove(stalled);
        ended.put(stalled, closes(seen, stalled, others.keySet()));
      }
    }
    return ended;
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
