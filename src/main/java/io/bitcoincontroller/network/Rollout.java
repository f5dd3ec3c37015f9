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
import java.util.stream.LongStream;

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

  private static final String REVISION = "controller-revision-hash";

  /**
   * The next step.
   *
   * @param newTemplate the pass is about to apply another template than the stored one
   */
  static Rollout of(Observation seen, MeshPlan mesh, boolean newTemplate) {
    if (!(seen.statefulSet() instanceof Child.Ours(StoredObject stored))) {
      return new Rollout(0, Optional.empty());
    }
    if (newTemplate) {
      return next(seen.nodes(), seen, "the pods get a new template, one by one");
    }
    var partition = Math.min(Children.partition(stored), seen.nodes());
    var status = stored.content().path("status");
    if (status.path("observedGeneration").asLong() < stored.metadata().generation()) {
      return new Rollout(partition, waits("the StatefulSet's last change is being carried out"));
    }
    var revision = status.path("updateRevision").asText();
    var old = withAnother(revision, seen);
    if (old.isEmpty()) {
      return new Rollout(0, Optional.empty());
    }
    var unfinished =
        IntStream.range(partition, seen.nodes())
            .filter(ordinal -> !done(ordinal, revision, seen, mesh))
            .max();
    var left = old.size() + " of " + seen.nodes() + " pods are still of the old template";
    return unfinished.isEmpty()
        ? next(partition, seen, left)
        : new Rollout(partition, waits(left + "; " + isToBeDone(unfinished.getAsInt(), seen)));
  }

  /** The pod below the partition may go, unless it alone has the chain and others are fetching. */
  private static Rollout next(int partition, Observation seen, String why) {
    var next = partition - 1;
    var heights = NodeView.heights(seen.views());
    var height = Optional.ofNullable(heights.remove(next)).orElse(0L);
    var alone = !heights.isEmpty() && heights.values().stream().allMatch(other -> other < height);
    return alone
        ? new Rollout(
            partition, waits(why + "; the others have to get the blocks of " + name(next, seen)))
        : new Rollout(Math.max(next, 0), waits(why));
  }

  private static String name(int ordinal, Observation seen) {
    return Names.pod(seen.network().metadata().name(), ordinal);
  }

  private static Optional<Trouble> waits(String why) {
    return Optional.of(new Trouble(REASON, why));
  }

  private static String isToBeDone(int ordinal, Observation seen) {
    return name(ordinal, seen)
        + " has to be ready, linked and at the tallest height before the next one is replaced";
  }

  private static List<Integer> withAnother(String revision, Observation seen) {
    var old = new ArrayList<Integer>();
    for (var ordinal = 0; ordinal < seen.nodes(); ordinal++) {
      var pod = seen.pods().get(ordinal);
      if (pod != null && !revisionOf(pod).equals(revision)) {
        old.add(ordinal);
      }
    }
    return old;
  }

  private static String revisionOf(Pod pod) {
    return pod.metadata().labels().getOrDefault(REVISION, "");
  }

  /** Whether the chain can do without the next pod, as far as this one is concerned. */
  private static boolean done(int ordinal, String revision, Observation seen, MeshPlan mesh) {
    var linked =
        mesh.links().dials().stream().noneMatch(d -> d.from() == ordinal || d.to() == ordinal);
    var pod = seen.pods().get(ordinal);
    return pod != null
        && seen.ready(ordinal)
        && revisionOf(pod).equals(revision)
        && linked
        && seen.views().values().stream().noneMatch(NodeView.Silent.class::isInstance)
        && seen.views().get(ordinal) instanceof NodeView.Answered(NodeInfo info)
        && info.height() >= tallest(seen);
  }

  /**
   * The old pods refuse new credentials, but they told their heights to the new ones when these
   * were connected with them.
   */
  private static long tallest(Observation seen) {
    return seen.views().values().stream()
        .filter(NodeView.Answered.class::isInstance)
        .map(view -> ((NodeView.Answered) view).info())
        .flatMapToLong(
            info ->
                LongStream.concat(
                    LongStream.of(info.height()),
                    info.peers().stream().mapToLong(NodeInfo.Peer::startingHeight)))
        .max()
        .orElse(0);
  }
}
