package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Sides;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Remembers the tips that the nodes had when sides of a network were joined: once they are on one
 * best block, this shows the nodes that have left their chain. A network on one side, as most are,
 * costs nothing.
 */
public final class Forks {
  /** The last block of a chain. */
  public record Tip(long height, String hash) {}

  /**
   * Nodes that had one tip, and have another one now. They may have left that chain, or have got
   * longer on it: only a node knows.
   *
   * @param nodes ordinals; not empty
   */
  public record Moved(Set<Integer> nodes, Tip from, Tip to) {}

  /** The sides of the last pass that saw no others being joined; empty: one side. */
  private Optional<Sides> sides = Optional.empty();

  /** By the pod's UID. */
  private final Map<String, Tip> tips = new HashMap<>();

  private boolean joining;
  private boolean begun;

  /**
   * Notes the tips of this pass.
   *
   * @param stored the network's status: a process that has just begun knows nothing else
   * @return once the nodes of joined sides agree, those that have another tip since; empty before,
   *     and where nothing was joined
   */
  public Optional<List<Moved>> look(
      Sides now, Map<Integer, Pod> pods, Map<Integer, NodeView> views, JsonNode stored) {
    if (!begun) {
      begun = true;
      readStored(pods, stored);
    }
    if (!now.several() && sides.isEmpty() && !joining) {
      return Optional.empty();
    }
    if (joining) {
      return agreed(now, views) ? Optional.of(moved(pods, views)) : Optional.empty();
    }
    // the pass that first sees other sides is also the first to link them: these tips are the last
    note(pods, views);
    joining = sides.filter(before -> !before.equals(now)).isPresent();
    sides = Optional.of(now);
    return Optional.empty();
  }

  /** What was returned has been looked into. */
  public void told(Sides now) {
    joining = false;
    tips.clear();
    sides = Optional.of(now).filter(Sides::several);
  }

  private void readStored(Map<Integer, Pod> pods, JsonNode stored) {
    var reason = Status.condition(stored, Condition.SYNCED).path("reason").asText();
    if (!reason.equals(StatusOf.PARTITIONED)) {
      return;
    }
    joining = true;
    pods.forEach(
        (ordinal, pod) -> {
          var node = stored.path("nodes").path(ordinal);
          if (node.has("bestBlockHash") && node.path("ip").asText().equals(pod.status().podIP())) {
            var tip = new Tip(node.path("height").asLong(), node.path("bestBlockHash").asText());
            tips.put(pod.metadata().uid(), tip);
          }
        });
  }

  private void note(Map<Integer, Pod> pods, Map<Integer, NodeView> views) {
    views.forEach(
        (ordinal, view) -> {
          var pod = pods.get(ordinal);
          if (pod != null && view instanceof NodeView.Answered(NodeInfo info)) {
            tips.put(pod.metadata().uid(), tip(info));
          }
        });
    var uids = new HashSet<String>();
    pods.values().forEach(pod -> uids.add(pod.metadata().uid()));
    tips.keySet().retainAll(uids);
  }

  private static Tip tip(NodeInfo info) {
    return new Tip(info.height(), info.bestBlockHash());
  }

  /** Whether the nodes of each side that answer have one tip. */
  private static boolean agreed(Sides now, Map<Integer, NodeView> views) {
    for (var side : now.split(views)) {
      var hashes = new HashSet<String>();
      for (var view : side.values()) {
        if (view instanceof NodeView.Answered(NodeInfo info)) {
          hashes.add(info.bestBlockHash());
        }
      }
      if (hashes.size() > 1) {
        return false;
      }
    }
    return true;
  }

  private List<Moved> moved(Map<Integer, Pod> pods, Map<Integer, NodeView> views) {
    var moved = new LinkedHashMap<List<Tip>, Set<Integer>>();
    views.forEach(
        (ordinal, view) -> {
          var pod = pods.get(ordinal);
          var before = pod == null ? null : tips.get(pod.metadata().uid());
          if (before != null
              && view instanceof NodeView.Answered(NodeInfo info)
              && !before.hash().equals(info.bestBlockHash())) {
            moved.computeIfAbsent(List.of(before, tip(info)), _ -> new TreeSet<>()).add(ordinal);
          }
        });
    var all = new ArrayList<Moved>();
    moved.forEach((tip, nodes) -> all.add(new Moved(nodes, tip.getFirst(), tip.getLast())));
    return List.copyOf(all);
  }
}
