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
 * Remembers since when nodes list others without having dialled them: bitcoind dials these by
 * itself, in rounds. It looks for them every two seconds. Then it dials those that it found, half a
 * second apart, whatever becomes of the list meanwhile, and sleeps for a minute. After the second
 * round it has the eight connections that it keeps alive, or the others do not answer. It reads no
 * clock.
 */
public final class Rounds {
  /** By then a round has begun, also on a busy machine. */
  private static final long BEGUN = Duration.ofSeconds(3).toNanos();

  /** By then the second round is over. */
  private static final long OVER = Duration.ofSeconds(70).toNanos();

  /** Between two entries. One that does not answer takes longer: then later looks help. */
  private static final long EACH = Duration.ofMillis(500).toNanos();

  /** Until a node on a busy machine has gone through its entries. */
  private static final long MARGIN = Duration.ofSeconds(1).toNanos();

  /**
   * The rounds of the nodes that answered, by ordinal.
   *
   * @param begun nodes whose bitcoind has begun a round: it sees what is listed now a minute later
   * @param late nodes that may still dial what the wiring forbids, although no list has it now
   */
  public record Seen(Set<Integer> begun, Set<Integer> late) {}

  /**
   * One node. Times are a ticker's nanoseconds.
   *
   * @param since when such entries were first seen; empty: there are none
   * @param until when the round that may be on is over; empty: none is
   * @param across whether that round may have an entry that the wiring forbids
   */
  private record Node(Optional<Long> since, Optional<Long> until, boolean across) {}

  private static final Node IDLE = new Node(Optional.empty(), Optional.empty(), false);

  /** By the UID of the pod. */
  private final Map<String, Node> nodes = new HashMap<>();

  /**
   * Notes the lists of this pass.
   *
   * @param now a ticker's nanoseconds
   */
  public Seen look(Wiring wiring, Map<Integer, Pod> pods, Map<Integer, NodeView> views, long now) {
    var uids = new HashSet<String>();
    pods.values().forEach(pod -> uids.add(pod.metadata().uid()));
    nodes.keySet().retainAll(uids);
    var ordinals = ordinals(pods);
    var begun = new TreeSet<Integer>();
    var late = new TreeSet<Integer>();
    views.forEach(
        (ordinal, view) -> {
          var pod = pods.get(ordinal);
          if (pod != null && view instanceof NodeView.Answered(NodeInfo info)) {
            var uid = pod.metadata().uid();
            var before = nodes.getOrDefault(uid, IDLE);
            var busy = busy(before, undialled(info, ordinals), now);
            var across =
                busy.until().isPresent()
                    && (before.across() || forbidden(wiring, ordinal, info, ordinals))
                    && !(wiring instanceof Topology); // it forbids nothing
            nodes.put(uid, new Node(busy.since(), busy.until(), across));
            if (busy.since().filter(since -> now - since >= BEGUN).isPresent()) {
              begun.add(ordinal);
            }
            if (across) {
              late.add(ordinal);
            }
          }
        });
    return new Seen(begun, late);
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

  private static Node busy(Node before, long undialled, long now) {
    var until = before.until().filter(end -> now - end < 0);
    if (undialled == 0) {
      return new Node(Optional.empty(), until, false);
    }
    var since = before.since().orElse(now);
    var end = now + undialled * EACH + MARGIN;
    var mayDial = now - since < OVER && until.filter(known -> known - end > 0).isEmpty();
    return new Node(Optional.of(since), mayDial ? Optional.of(end) : until, false);
  }

  private static boolean forbidden(
      Wiring wiring, int from, NodeInfo info, Map<PeerAddress, Integer> ordinals) {
    return list(info).stream()
        .flatMap(entry -> Optional.ofNullable(ordinals.get(entry)).stream())
        .anyMatch(to -> wiring.forbids(from, to));
  }

  /**
   * How many of the network's nodes it lists and has not dialled: what they dial does not count. A
   * declared peer may be down for long.
   */
  private static long undialled(NodeInfo info, Map<PeerAddress, Integer> ordinals) {
    var undialled = list(info);
    undialled.retainAll(ordinals.keySet());
    undialled.removeAll(dialled(info));
    return undialled.size();
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
