package io.bitcoincontroller.network;

import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How a new template reaches the pods: one by one from the highest ordinal, each only when the one
 * before it has all the blocks again. Without storage the chain lives as long as one node that has
 * it: the StatefulSet's own rule, to wait for readiness, would replace the last such node while the
 * first is still fetching.
 *
 * <p>The means is the StatefulSet's partition: pods below it keep their revision. Pure.
 *
 * @param partition what it shall be now
 * @param waits why not all pods are of the present template; empty when all are
 */
record Rollout(int partition, Optional<Trouble> waits) {
  /** Of the conditions that wait for it. */
  static final String REASON = "RollingOut";

  /** The user's way out where a chain is not worth the wait, or can't be had again. */
  private static final String AT_ONCE = Names.annotation("roll-out");

  private static final String WAY_OUT =
      " (to wait for no blocks: annotation " + AT_ONCE + "=at-once)";

  private static final String REVISION = "controller-revision-hash";

  /**
   * The next step.
   *
   * @param newTemplate the pass is about to apply another template than the stored one
   */
  static Rollout of(Observation seen, boolean newTemplate) {
    if (!(seen.statefulSet() instanceof Child.Ours(StoredObject stored))) {
      return new Rollout(0, Optional.empty());
    }
    if (newTemplate) {
      return next(seen.nodes(), seen, "the pods get a new template, one by one");
    }
    var partition = Math.min(Children.partition(stored), seen.nodes());
    var status = stored.content().path("status");
    if (status.path("observedGeneration").asLong() < stored.metadata().generation()) {
      // a change of the size alone leaves the partition open
      var template = partition > 0 || seen.nodes() == 1;
      return new Rollout(
          partition, template ? waits("the new template is being taken up") : Optional.empty());
    }
    var revision = status.path("updateRevision").asText();
    var old = podsOfAnother(revision, seen);
    if (old.isEmpty()) {
      return new Rollout(0, Optional.empty());
    }
    var left = old.size() + " of " + seen.nodes() + " pods are still of the old template";
    var unfinished =
        IntStream.range(partition, seen.nodes())
            .filter(ordinal -> !done(ordinal, revision, seen))
            .max();
    return unfinished.isEmpty() || atOnce(seen)
        ? next(partition, seen, left)
        : new Rollout(
            partition,
            waits(
                left
                    + "; "
                    + name(unfinished.getAsInt(), seen)
                    + " has to be ready and to have "
                    + tallest(seen)
                    + " blocks before the next one is replaced"
                    + WAY_OUT));
  }

  /** The pod below the partition may go, unless it alone has the chain. */
  private static Rollout next(int partition, Observation seen, String why) {
    if (atOnce(seen)) {
      return new Rollout(0, waits(why));
    }
    var next = partition - 1;
    var tallest = tallest(seen);
    var elsewhere =
        seen.heights().entrySet().stream()
            .anyMatch(
                other ->
                    other.getKey() != next
                        && seen.ready(other.getKey())
                        && other.getValue() >= tallest);
    return elsewhere || tallest == 0 || seen.nodes() <= 1
        ? new Rollout(Math.max(next, 0), waits(why))
        : new Rollout(
            partition,
            waits(why + "; no other node has the blocks of " + name(next, seen) + WAY_OUT));
  }

  /** What lies in volumes is not lost with a pod. */
  private static boolean atOnce(Observation seen) {
    var network = seen.network();
    return network.spec().storage().isPresent()
        || network.metadata().annotations().getOrDefault(AT_ONCE, "").equals("at-once");
  }

  private static Optional<Trouble> waits(String why) {
    return Optional.of(new Trouble(REASON, why));
  }

  private static String name(int ordinal, Observation seen) {
    return Names.pod(seen.network().metadata().name(), ordinal);
  }

  private static List<Integer> podsOfAnother(String revision, Observation seen) {
    var others = new ArrayList<Integer>();
    for (var ordinal = 0; ordinal < seen.nodes(); ordinal++) {
      var pod = seen.pods().get(ordinal);
      if (pod != null && !revisionOf(pod).equals(revision)) {
        others.add(ordinal);
      }
    }
    return others;
  }

  private static String revisionOf(Pod pod) {
    return pod.metadata().labels().getOrDefault(REVISION, "");
  }

  /** Whether the chain can do without the next pod, as far as this one is concerned. */
  private static boolean done(int ordinal, String revision, Observation seen) {
    var pod = seen.pods().get(ordinal);
    return pod != null
        && seen.ready(ordinal)
        && revisionOf(pod).equals(revision)
        && seen.views().get(ordinal) instanceof NodeView.Answered(NodeInfo info)
        && info.height() >= tallest(seen);
  }

  /** Of all pods that are there, also of those that say nothing now, or refuse new credentials. */
  private static long tallest(Observation seen) {
    return seen.heights().values().stream().mapToLong(height -> height).max().orElse(0);
  }
}
