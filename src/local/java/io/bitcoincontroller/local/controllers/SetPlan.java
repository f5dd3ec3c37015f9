package io.bitcoincontroller.local.controllers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The next step of a StatefulSet's controller: the pods to create and to delete now. Steps that
 * have to wait for these belong to a later plan.
 *
 * @param create ordinals, each with the revision of its template
 * @param delete ordinals
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/">StatefulSets
 *     </a>
 */
public record SetPlan(SortedMap<Integer, String> create, List<Integer> delete) {
  /** The revision that most pods have, and the one that all shall have. */
  public record Revisions(String current, String update) {}

  /**
   * @param pods all pods of the set, by ordinal
   */
  public static SetPlan of(SetSpec spec, Revisions revisions, SortedMap<Integer, SetPod> pods) {
    var plan = new SetPlan(new TreeMap<>(), new ArrayList<>());
    if (plan.fill(spec, revisions, pods) && plan.shrink(spec, pods) && spec.rolling()) {
      plan.roll(spec, revisions, pods);
    }
    return plan;
  }

  /** Every wanted ordinal has its pod. Returns whether the rest of the plan may go on. */
  private boolean fill(SetSpec spec, Revisions revisions, SortedMap<Integer, SetPod> pods) {
    for (var ordinal = 0; ordinal < spec.replicas(); ordinal++) {
      var pod = pods.get(ordinal);
      if (pod == null) {
        var old = spec.rolling() && ordinal < spec.partition();
        create.put(ordinal, old ? revisions.current() : revisions.update());
      } else if (pod.ended() && !pod.terminating()) {
        delete.add(ordinal);
      }
      if (spec.ordered() && (pod == null || !pod.healthy())) {
        return false;
      }
    }
    return true;
  }

  /** Ordinals that are too many go, the highest first. */
  private boolean shrink(SetSpec spec, SortedMap<Integer, SetPod> pods) {
    var tooMany = new TreeMap<>(pods.tailMap(spec.replicas())).descendingMap().values();
    for (var pod : tooMany) {
      if (!pod.terminating()) {
        delete.add(pod.ordinal());
      }
      if (spec.ordered()) {
        return false;
      }
    }
    return true;
  }

  /** One pod of another revision goes, the highest first, when all above it are healthy. */
  private void roll(SetSpec spec, Revisions revisions, SortedMap<Integer, SetPod> pods) {
    for (var ordinal = spec.replicas() - 1; ordinal >= spec.partition(); ordinal--) {
      var pod = pods.get(ordinal);
      if (pod != null && !pod.terminating() && !pod.revision().equals(revisions.update())) {
        if (!delete.contains(ordinal)) {
          delete.add(ordinal);
        }
        return;
      }
      if (pod == null || !pod.healthy()) {
        return;
      }
    }
  }

  /** The set's {@code status} as of these pods. A finished roll makes the update current. */
  public static ObjectNode status(
      SetSpec spec, Revisions revisions, long generation, Map<Integer, SetPod> pods) {
    var updated =
        count(pods, pod -> pod.revision().equals(revisions.update()) && !pod.terminating());
    var ready = count(pods, SetPod::ready);
    var rolled = updated == spec.replicas() && ready == updated && pods.size() == updated;
    var current = rolled ? revisions.update() : revisions.current();
    var status = JsonNodeFactory.instance.objectNode();
    status.put("observedGeneration", generation);
    status.put("replicas", pods.size());
    status.put("readyReplicas", ready);
    status.put("availableReplicas", ready);
    status.put(
        "currentReplicas",
        count(pods, pod -> pod.revision().equals(current) && !pod.terminating()));
    status.put("updatedReplicas", updated);
    status.put("currentRevision", current);
    status.put("updateRevision", revisions.update());
    return status.put("collisionCount", 0);
  }

  private static int count(Map<Integer, SetPod> pods, Predicate<SetPod> which) {
    return Math.toIntExact(pods.values().stream().filter(which).count());
  }
}
