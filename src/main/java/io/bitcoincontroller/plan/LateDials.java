package io.bitcoincontroller.plan;

import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.kube.Pod;
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
 * not look at the list again in between. It reads no clock.
 */
public final class LateDials {
  /** Of eight entries. An address that does not answer makes it longer: then later looks help. */
  private static final long ROUND = Duration.ofSeconds(5).toNanos();

  /** When a pod was last seen with an entry that is not connected; a ticker's nanoseconds. */
  private final Map<String, Long> dialling = new HashMap<>();

  /** Until when a pod may dial what the wiring forbids; a ticker's nanoseconds. */
  private final Map<String, Long> until = new HashMap<>();

  /**
   * Notes the lists of this pass.
   *
   * @param now a ticker's nanoseconds
   * @return ordinals of the nodes that may dial what the wiring forbids
   */
  public Set<Integer> look(
      Wiring wiring, Map<Integer, Pod> pods, Map<Integer, NodeView> views, long now) {
    var ordinals = new HashMap<PeerAddress, Integer>();
    var uids = new HashSet<String>();
    pods.forEach(
        (ordinal, pod) -> {
          uids.add(pod.metadata().uid());
          if (pod.live()) {
            ordinals.put(PeerAddress.ofPod(pod.status().podIP()), ordinal);
          }
        });
    dialling.keySet().retainAll(uids);
    until.keySet().retainAll(uids);
    if (wiring instanceof Topology) {
      until.clear(); // it forbids nothing
    }
    var late = new TreeSet<Integer>();
    views.forEach(
        (ordinal, view) -> {
          var pod = pods.get(ordinal);
          if (pod != null && view instanceof NodeView.Answered(NodeInfo info)) {
            var uid = pod.metadata().uid();
            var list = list(info);
            if (!dialled(info).containsAll(list)) {
              dialling.put(uid, now);
            }
            var forbidden =
                list.stream()
                    .flatMap(entry -> Optional.ofNullable(ordinals.get(entry)).stream())
                    .anyMatch(to -> wiring.forbids(ordinal, to));
            if (forbidden && now - dialling.getOrDefault(uid, now - ROUND) < ROUND) {
              until.put(uid, now + ROUND);
            }
            if (now - until.getOrDefault(uid, now) < 0) {
              late.add(ordinal);
            }
          }
        });
    return late;
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
