package io.bitcoincontroller.network;

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
 * How high each pod's chain was when it last told, and since when it has been so, to find those
 * that don't go on.
 *
 * <p>bitcoind asks one peer for headers while its own tip is old, and goes on asking that one: a
 * node whose first peer knew no more than itself learns nothing from a better one that comes later,
 * for up to fifteen minutes.
 */
final class Heights {
  /** Blocks come in within a second of a connection; each cure in vain makes the next one rarer. */
  private static final Backoff WAIT =
      new Backoff(Duration.ofSeconds(3), Duration.ofMinutes(5), 0.0);

  /** In place of a UID: another pod was seen first. */
  private static final String LATER = "";

  private record Held(long height, long since, int cures) {
    long stalledAt() {
      return since + WAIT.nanos(cures + 1, 0);
    }
  }

  private final Map<String, Held> held = new HashMap<>();

  /** By the pod's UID; kept while the pod is there, whether it answers or can be seen or not. */
  private final Map<String, Long> told = new HashMap<>();

  /**
   * UID of the pod that was seen first at an ordinal: of that one the status may tell, and not of a
   * later one, even if the cluster gives it the same address.
   */
  private final Map<Integer, String> first = new HashMap<>();

  /** UID of the pod that was last seen at an ordinal. */
  private final Map<Integer, String> uids = new HashMap<>();

  /** Takes down what nodes said that were asked apart from the others. */
  void hear(Map<Integer, Pod> pods, Map<Integer, NodeView> views) {
    NodeView.heights(views)
        .forEach(
            (ordinal, height) -> {
              var pod = pods.get(ordinal);
              if (pod != null) {
                told.put(pod.metadata().uid(), height);
              }
            });
  }

  /**
   * How high each pod's chain was when it last told; nothing of one that was never heard of.
   *
   * @param stored the network's status, which is all that a process knows that has just begun
   */
  Map<Integer, Long> lastTold(
      Map<Integer, Pod> pods,
      Map<Integer, Unseen> unseen,
      Map<Integer, NodeView> views,
      JsonNode stored) {
    var lastTold = new TreeMap<Integer, Long>();
    var now = NodeView.heights(views);
    unseen.forEach(
        (ordinal, pod) -> {
          var node = stored.path("nodes").path(ordinal);
          if (isLastSeen(ordinal, pod)) {
            Optional.ofNullable(told.get(uids.getOrDefault(ordinal, pod.uid())))
                .or(() -> Optional.of(node.path("height").asLong()).filter(_ -> node.has("height")))
                .ifPresent(height -> lastTold.put(ordinal, height));
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
            told.put(uid, now.getOrDefault(ordinal, 0L));
          }
          var node = stored.path("nodes").path(ordinal);
          if (first.getOrDefault(ordinal, LATER).equals(uid)
              && node.has("height")
              && node.path("ip").asText().equals(pod.status().podIP())) {
            told.putIfAbsent(uid, node.path("height").asLong());
          }
          Optional.ofNullable(told.get(uid)).ifPresent(height -> lastTold.put(ordinal, height));
        });
    return lastTold;
  }

  /**
   * Takes down what the nodes said.
   *
   * @return ordinals of those that are below the tallest and have not grown for a while
   */
  Set<Integer> stalled(Map<Integer, Pod> pods, Map<Integer, NodeView> views, long now) {
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
              var known = held.get(uid);
              if (height == tallest) {
                held.remove(uid);
              } else if (known == null || known.height() != height) {
                held.put(uid, new Held(height, now, 0));
              } else if (now - known.stalledAt() >= 0) {
                stalled.add(ordinal);
              }
            });
    return stalled;
  }

  /**
   * Those whom the last cure did not help, if it was of the first kind: the two are tried in turns.
   */
  Set<Integer> uncured(Map<Integer, Pod> pods) {
    var uncured = new HashSet<Integer>();
    pods.forEach(
        (ordinal, pod) -> {
          var known = held.get(pod.metadata().uid());
          if (known != null && known.cures() % 2 == 1) {
            uncured.add(ordinal);
          }
        });
    return uncured;
  }

  /** A cure was tried: it gets time to work. */
  void cured(Collection<Pod> pods, long now) {
    for (var pod : pods) {
      held.computeIfPresent(
          pod.metadata().uid(), (_, known) -> new Held(known.height(), now, known.cures() + 1));
    }
  }

  /** As far as is known, it is the pod that was last seen at this ordinal. */
  boolean isLastSeen(int ordinal, Unseen pod) {
    var last = uids.getOrDefault(ordinal, "");
    return pod.uid().isEmpty() || last.isEmpty() || last.equals(pod.uid());
  }

  void keepOnly(Set<String> podUids, Map<Integer, Unseen> unseen) {
    held.keySet().retainAll(podUids);
    uids.entrySet()
        .removeIf(each -> !podUids.contains(each.getValue()) && !unseen.containsKey(each.getKey()));
    told.keySet().removeIf(uid -> !podUids.contains(uid) && !uids.containsValue(uid));
  }
}
