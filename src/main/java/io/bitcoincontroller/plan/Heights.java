package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.timing.Backoff;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Remembers the height of each pod's chain, and since when it has been so: this shows the nodes
 * that have stalled. It reads no clock.
 *
 * <p>bitcoind asks one peer for headers while its own tip is old, and goes on asking that one. If
 * its first peer knew no more than itself, it learns nothing from a better peer that comes later,
 * for up to fifteen minutes.
 */
public final class Heights {
  /** Blocks come within a second of a connection. Each reconnect in vain makes the next rarer. */
  private static final Backoff WAIT =
      new Backoff(Duration.ofSeconds(3), Duration.ofMinutes(5), 0.0);

  /** In place of a UID, once a later pod was seen there. */
  private static final String LATER = "";

  /**
   * A pod below the tallest.
   *
   * @param since when it was first seen at this height, or last reconnected; a ticker's nanoseconds
   * @param reconnects how often, at this height
   */
  private record Mark(long height, long since, int reconnects) {
    long stalledAt() {
      return since + WAIT.nanos(reconnects + 1, 0);
    }
  }

  /** By the pod's UID. */
  private final Map<String, Mark> marks = new HashMap<>();

  /** By the pod's UID; kept while the pod is there, even if it does not answer or can't be seen. */
  private final Map<String, Long> reported = new HashMap<>();

  /**
   * UID of the first pod that this process saw at an ordinal. Only that one can be the pod of the
   * stored status: a later one may have got the same address.
   */
  private final Map<Integer, String> first = new HashMap<>();

  /** UID of the pod that was last seen at an ordinal. */
  private final Map<Integer, String> uids = new HashMap<>();

  /** Notes the heights of nodes that were asked with the credentials of before. */
  public void hear(Map<Integer, Pod> pods, Map<Integer, NodeView> views) {
    NodeView.heights(views)
        .forEach(
            (ordinal, height) -> {
              var pod = pods.get(ordinal);
              if (pod != null) {
                reported.put(pod.metadata().uid(), height);
              }
            });
  }

  /**
   * The height that each pod last reported, by ordinal; nothing for a pod that never did.
   *
   * @param stored the network's status: a process that has just begun knows nothing else
   */
  public Map<Integer, Long> lastReported(
      Map<Integer, Pod> pods,
      Map<Integer, Unseen> unseen,
      Map<Integer, NodeView> views,
      JsonNode stored) {
    var lastReported = new TreeMap<Integer, Long>();
    var now = NodeView.heights(views);
    unseen.forEach(
        (ordinal, pod) -> {
          var node = stored.path("nodes").path(ordinal);
          if (isLastSeen(ordinal, pod)) {
            Optional.ofNullable(reported.get(uids.getOrDefault(ordinal, pod.uid())))
                .or(() -> Optional.of(node.path("height").asLong()).filter(_ -> node.has("height")))
                .ifPresent(height -> lastReported.put(ordinal, height));
          }
        });
    pods.forEach(
        (ordinal, pod) -> {
          var uid = pod.metadata().uid();
          uids.put(ordinal, uid);
          if (!first.computeIfAbsent(ordinal, _ -> uid).equals(uid)) {
            first.put(ordinal, LATER);
          }
          if (now.containsKey(ordinal)) {
            reported.put(uid, now.getOrDefault(ordinal, 0L));
          }
          var node = stored.path("nodes").path(ordinal);
          if (first.getOrDefault(ordinal, LATER).equals(uid)
              && node.has("height")
              && !pod.status().podIP().isEmpty()
              && node.path("ip").asText().equals(pod.status().podIP())) {
            reported.putIfAbsent(uid, node.path("height").asLong());
          }
          Optional.ofNullable(reported.get(uid))
              .ifPresent(height -> lastReported.put(ordinal, height));
        });
    return lastReported;
  }

  /**
   * Notes the heights of this pass.
   *
   * @param now a ticker's nanoseconds
   * @return ordinals of the nodes that are below the tallest and have not grown for a while
   */
  public Set<Integer> stalled(Map<Integer, Pod> pods, Map<Integer, NodeView> views, long now) {
    var tallest = NodeView.heights(views).values().stream().mapToLong(h -> h).max().orElse(0);
    var stalled = new HashSet<Integer>();
    NodeView.heights(views)
        .forEach(
            (ordinal, height) -> {
              var pod = pods.get(ordinal);
              if (pod == null) {
                return;
              }
              var uid = pod.metadata().uid();
              var known = marks.get(uid);
              if (height == tallest) {
                marks.remove(uid);
              } else if (known == null || known.height() != height) {
                marks.put(uid, new Mark(height, now, 0));
              } else if (now - known.stalledAt() >= 0) {
                stalled.add(ordinal);
              }
            });
    return stalled;
  }

  /**
   * The pods that next lose their connections with taller nodes: the last time it was those with
   * the others. The two are tried in turns.
   */
  public Set<Integer> leaveTaller(Map<Integer, Pod> pods) {
    var next = new HashSet<Integer>();
    pods.forEach(
        (ordinal, pod) -> {
          var known = marks.get(pod.metadata().uid());
          if (known != null && known.reconnects() % 2 == 1) {
            next.add(ordinal);
          }
        });
    return next;
  }

  /** Connections of these pods were ended; that gets time to work. */
  public void reconnected(Collection<Pod> pods, long now) {
    for (var pod : pods) {
      marks.computeIfPresent(
          pod.metadata().uid(),
          (_, known) -> new Mark(known.height(), now, known.reconnects() + 1));
    }
  }

  /** False if another pod was last seen at this ordinal. */
  private boolean isLastSeen(int ordinal, Unseen pod) {
    var last = uids.getOrDefault(ordinal, "");
    return pod.uid().isEmpty() || last.isEmpty() || last.equals(pod.uid());
  }

  /** Forgets the other pods, which are gone. */
  public void keepOnly(Set<String> podUids, Map<Integer, Unseen> unseen) {
    marks.keySet().retainAll(podUids);
    uids.entrySet()
        .removeIf(each -> !podUids.contains(each.getValue()) && !unseen.containsKey(each.getKey()));
    reported.keySet().removeIf(uid -> !podUids.contains(uid) && !uids.containsValue(uid));
  }
}
