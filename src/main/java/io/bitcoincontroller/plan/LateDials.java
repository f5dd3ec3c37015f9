package io.bitcoincontroller.plan;

import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.Topology;
import io.bitcoincontroller.mesh.Wiring;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Remembers the nodes that may still dial an address that has left their list. bitcoind takes the
 * entries that are not connected, and dials them one after the other, half a second apart: it does
 * not look at the list again in between. Of the connections that come of it, it keeps eight alive;
 * then the round ends. One that is closed makes room for the next entry: so a round across a
 * partition may go through the whole list. It reads no clock.
 */
public final class LateDials {
  /** Between two entries. One that does not answer takes longer: then later looks help. */
  private static final long EACH = Duration.ofMillis(500).toNanos();

  /** Until a node on a busy machine has gone through its list. */
  private static final long MARGIN = Duration.ofSeconds(1).toNanos();

  /** Until when a pod's round may last that can have begun; a ticker's nanoseconds. */
  private final Map<String, Long> rounds = new HashMap<>();

  /** Until when a pod may dial what the wiring forbids; a ticker's nanoseconds. */
  private final Map<String, Long> until = new HashMap<>();

  /** That of the look before: by it the connections were made. */
  private Optional<Wiring> before = Optional.empty();

  /**
   * Notes the lists of this pass.
   *
   * @param nodes how many the network has now
   * @param now a ticker's nanoseconds
   * @return ordinals of the nodes that may dial what the wiring forbids
   */
  public Set<Integer> look(
      Wiring wiring, int nodes, Map<Integer, Pod> pods, Map<Integer, NodeView> views, long now) {
    var ordinals = ordinals(pods);
    keepOnly(pods);
    if (wiring instanceof Topology) {
      until.clear(); // it forbids nothing
    }
    var members = new TreeSet<>(pods.keySet()).headSet(nodes);
    var ours = new HashSet<>(before.orElse(wiring).dials(members, nodes));
    before = Optional.of(wiring);
    var late = new TreeSet<Integer>();
    views.forEach(
        (ordinal, view) -> {
          var pod = pods.get(ordinal);
          if (pod != null && view instanceof NodeView.Answered(NodeInfo info)) {
            var uid = pod.metadata().uid();
            var list = list(info);
            note(uid, new Entries(ordinal, list, dialled(info), ordinals), ours, now);
            var forbidden =
                list.stream()
                    .flatMap(entry -> Optional.ofNullable(ordinals.get(entry)).stream())
                    .anyMatch(to -> wiring.forbids(ordinal, to));
            var end = rounds.getOrDefault(uid, now);
            if (forbidden && now - end < 0) {
              until.put(uid, end);
            }
            if (now - until.getOrDefault(uid, now) < 0) {
              late.add(ordinal);
            }
          }
        });
    return late;
  }

  private static Map<PeerAddress, Integer> ordinals(Map<Integer, Pod> pods) {
    var ordinals = new HashMap<PeerAddress, Integer>();
    pods.forEach(
        (ordinal, pod) -> {
          if (pod.live()) {
            ordinals.put(PeerAddress.ofPod(pod.status().podIP()), ordinal);
          }
        });
    return ordinals;
  }

  private void keepOnly(Map<Integer, Pod> pods) {
    var uids = new HashSet<String>();
    pods.values().forEach(pod -> uids.add(pod.metadata().uid()));
    rounds.keySet().retainAll(uids);
    until.keySet().retainAll(uids);
  }

  /** One node's list, and what it has dialled. */
  private record Entries(
      int from,
      Set<PeerAddress> list,
      Set<PeerAddress> dialled,
      Map<PeerAddress, Integer> ordinals) {
    int unconnected() {
      return (int) list.stream().filter(entry -> !dialled.contains(entry)).count();
    }

    /** Those that the controller leaves to the other side. */
    long dialledByBitcoind(Set<Dial> ours) {
      return list.stream()
          .filter(dialled::contains)
          .flatMap(entry -> Optional.ofNullable(ordinals.get(entry)).stream())
          .filter(to -> !ours.contains(new Dial(from, to)))
          .count();
    }
  }

  /** A round goes on as long as entries are left, and connections to be kept alive. */
  private void note(String uid, Entries entries, Set<Dial> ours, long now) {
    var left = entries.unconnected();
    if (left > 0 && entries.dialledByBitcoind(ours) >= Topology.KEPT_BY_BITCOIND) {
      rounds.remove(uid);
    } else if (left > 0) {
      var end = now + left * EACH + MARGIN;
      rounds.merge(uid, end, (known, other) -> other - known > 0 ? other : known);
    }
  }

  private static Set<PeerAddress> list(NodeInfo info) {
    var list = new HashSet<PeerAddress>();
    info.addedNodes().forEach(entry -> PeerAddress.parse(entry).ifPresent(list::add));
    return list;
  }

  private static Set<PeerAddress> dialled(NodeInfo info) {
    var dialled = new HashSet<PeerAddress>();
    info.peers().stream()
        .filter(peer -> !peer.inbound())
        .forEach(peer -> PeerAddress.parse(peer.address()).ifPresent(dialled::add));
    return dialled;
  }
}
