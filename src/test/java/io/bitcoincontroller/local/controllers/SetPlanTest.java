package io.bitcoincontroller.local.controllers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.local.controllers.SetPlan.Revisions;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SetPlanTest {
  private static final Revisions STILL = new Revisions("a", "a");
  private static final Revisions ROLLING = new Revisions("a", "b");
  private static final SetSpec PARALLEL = new SetSpec(3, false, true, 0);
  private static final SetSpec ORDERED = new SetSpec(3, true, true, 0);

  @Test
  void parallelCreatesAllAtOnce() {
    assertEquals(Map.of(0, "a", 1, "a", 2, "a"), plan(PARALLEL, STILL).create());
  }

  @Test
  void orderedCreatesTheNextWhenThoseBelowAreReady() {
    assertEquals(Map.of(0, "a"), plan(ORDERED, STILL).create());
    assertEquals(Map.of(), plan(ORDERED, STILL, unready(0, "a")).create());
    assertEquals(Map.of(1, "a"), plan(ORDERED, STILL, ready(0, "a")).create());
  }

  @Test
  void aTerminatingPodIsAwaitedBeforeItsNamesakeIsMade() {
    var plan = plan(PARALLEL, STILL, terminating(0, "a"), ready(1, "a"), ready(2, "a"));
    assertEquals(Map.of(), plan.create());
    assertEquals(List.of(), plan.delete());
  }

  @Test
  void scalingDownTakesTheHighestFirst() {
    var one = new SetSpec(1, false, true, 0);
    assertEquals(
        List.of(2, 1), plan(one, STILL, ready(0, "a"), ready(1, "a"), ready(2, "a")).delete());
    var oneOrdered = new SetSpec(1, true, true, 0);
    assertEquals(
        List.of(2), plan(oneOrdered, STILL, ready(0, "a"), ready(1, "a"), ready(2, "a")).delete());
    assertEquals(
        List.of(),
        plan(oneOrdered, STILL, ready(0, "a"), ready(1, "a"), terminating(2, "a")).delete());
  }

  @Test
  void anEndedPodIsReplaced() {
    var ended = new SetPod(1, "a", false, false, true);
    assertEquals(List.of(1), plan(PARALLEL, STILL, ready(0, "a"), ended, ready(2, "a")).delete());
  }

  @Test
  void aRollTakesOnePodAtATimeFromTheHighestWaitingForReady() {
    assertEquals(
        List.of(2), plan(PARALLEL, ROLLING, ready(0, "a"), ready(1, "a"), ready(2, "a")).delete());
    assertEquals(
        List.of(),
        plan(PARALLEL, ROLLING, ready(0, "a"), ready(1, "a"), terminating(2, "a")).delete());
    assertEquals(
        List.of(), plan(PARALLEL, ROLLING, ready(0, "a"), ready(1, "a"), unready(2, "b")).delete());
    assertEquals(
        List.of(1), plan(PARALLEL, ROLLING, ready(0, "a"), ready(1, "a"), ready(2, "b")).delete());
  }

  @Test
  void onDeleteRollsNothingButMakesNewPodsFromTheNewTemplate() {
    var onDelete = new SetSpec(3, false, false, 0);
    var plan = plan(onDelete, ROLLING, ready(0, "a"), ready(1, "a"));
    assertEquals(List.of(), plan.delete());
    assertEquals(Map.of(2, "b"), plan.create());
  }

  @Test
  void belowThePartitionThePresentRevisionStays() {
    var partition = new SetSpec(3, false, true, 2);
    var plan = plan(partition, ROLLING, ready(1, "a"), ready(2, "b"));
    assertEquals(List.of(), plan.delete());
    assertEquals(Map.of(0, "a"), plan.create());
  }

  @Test
  void theUpdateIsCurrentWhenEveryPodIsOfItAndReady() {
    var half = SetPlan.status(PARALLEL, ROLLING, 2, pods(ready(0, "a"), ready(1, "b")));
    assertEquals("a", half.path("currentRevision").asText());
    assertEquals(1, half.path("updatedReplicas").asInt());
    assertEquals(1, half.path("currentReplicas").asInt());
    var whole =
        SetPlan.status(PARALLEL, ROLLING, 2, pods(ready(0, "b"), ready(1, "b"), ready(2, "b")));
    assertEquals("b", whole.path("currentRevision").asText());
    assertEquals(3, whole.path("currentReplicas").asInt());
    assertEquals(2, whole.path("observedGeneration").asInt());
  }

  private static SetPlan plan(SetSpec spec, Revisions revisions, SetPod... pods) {
    return SetPlan.of(spec, revisions, pods(pods));
  }

  private static SortedMap<Integer, SetPod> pods(SetPod... pods) {
    var byOrdinal = new TreeMap<Integer, SetPod>();
    for (var pod : pods) {
      byOrdinal.put(pod.ordinal(), pod);
    }
    return byOrdinal;
  }

  private static SetPod ready(int ordinal, String revision) {
    return new SetPod(ordinal, revision, false, true, false);
  }

  private static SetPod unready(int ordinal, String revision) {
    return new SetPod(ordinal, revision, false, false, false);
  }

  private static SetPod terminating(int ordinal, String revision) {
    return new SetPod(ordinal, revision, true, true, false);
  }
}
