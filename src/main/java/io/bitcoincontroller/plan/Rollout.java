package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How a new template reaches the pods: one by one from the highest ordinal. A pod is replaced only
 * when the pods above it have all the blocks again, and another node has the tallest chain; where
 * the network is in several sides, those of its side. Without storage, the chain is lost with the
 * last node that has it. The StatefulSet's own rule only waits for readiness: it would replace that
 * node while the first one is still fetching.
 *
 * <p>The StatefulSet's partition holds the pods: those below it are not replaced. At rest it is
 * above all pods. If somebody changes the template (a restart by kubectl, a webhook, an edit), no
 * pod goes: the pods are of another revision then, and this begins a roll-out. Everything follows
 * from the observation; nothing is remembered.
 *
 * @param partition as it shall be now
 * @param waits why not all pods are of the present template; empty if all are
 */
public record Rollout(int partition, Optional<Trouble> waits) {
  /** Reason of the conditions that wait for a roll-out. */
  static final String REASON = "RollingOut";

  private static final String REVISION = "controller-revision-hash";

  /**
   * The next step.
   *
   * @param newTemplate the pass is about to apply another template than the last one
   */
  static Rollout of(Observation seen, boolean newTemplate) {
    if (!(seen.statefulSet() instanceof Child.Ours(StoredObject stored))) {
      return new Rollout(seen.nodes(), Optional.empty());
    }
    var status = stored.content().path("status");
    var free = seen.chain().free(seen.network(), stored);
    if (!seen.chain().unseen().isEmpty() && !free) {
      return new Rollout(seen.nodes(), waits(unseen(seen)));
    }
    if (seen.chain().lacksSome(stored) && !free) {
      var why = seen.chain().lacking(stored) + ": no pod is replaced before" + Chain.WAY_OUT;
      return newTemplate ? new Rollout(seen.nodes(), waits(why)) : noFurther(seen, stored, why);
    }
    if (Chain.behind(stored) && !(newTemplate && free)) {
      return newTemplate
          ? new Rollout(seen.nodes(), waits(Chain.BEHIND))
          : noFurther(seen, stored, "the new template is being taken up");
    }
    if (newTemplate) {
      var highest = existing(seen).max();
      var why = "the pods get a new template, one by one";
      return highest.isEmpty()
          ? new Rollout(0, Optional.empty())
          : step(highest.getAsInt(), seen, stored, why, OptionalInt.empty());
    }
    var revision = status.path("updateRevision").asText();
    var old = existing(seen).filter(ordinal -> !is(revision, ordinal, seen)).boxed().toList();
    if (old.isEmpty()) {
      return new Rollout(rest(seen, status), Optional.empty());
    }
    var next = old.getLast();
    var unfinished =
        IntStream.range(next + 1, seen.nodes())
            .filter(ordinal -> !done(ordinal, revision, seen))
            .max();
    var left = old.size() + " of " + seen.nodes() + " pods are still of the old template";
    return step(next, seen, stored, left, unfinished);
  }

  /**
   * Whether all pods are of the present template, and every pod that is made will be: below the
   * partition, the StatefulSet makes pods of its current revision.
   */
  public static boolean isOver(StoredObject statefulSet, Chain chain) {
    var status = statefulSet.content().path("status");
    var revision = status.path("updateRevision").asText();
    return !Chain.behind(statefulSet)
        && status.path("currentRevision").asText().equals(revision)
        && chain.unseen().isEmpty()
        && !chain.lacksSome(statefulSet)
        && chain.pods().values().stream().allMatch(pod -> revision(pod).equals(revision));
  }

  static String revision(Pod pod) {
    return pod.metadata().labels().getOrDefault(REVISION, "");
  }

  /** Neither its template nor its blocks are known: all pods are held. */
  private static String unseen(Observation seen) {
    var unseen = new TreeMap<>(seen.chain().unseen()).firstEntry();
    return name(unseen.getKey(), seen)
        + " is there and "
        + unseen.getValue().why()
        + ": until that is over, or somebody deletes it, no pod is replaced"
        + Chain.WAY_OUT;
  }

  /**
   * The StatefulSet makes a pod below the partition of the current revision. While that is not the
   * present one, missing pods are left above the partition: they have no blocks.
   */
  private static int rest(Observation seen, JsonNode status) {
    return status.path("currentRevision").equals(status.path("updateRevision"))
        ? seen.nodes()
        : IntStream.range(0, seen.nodes())
            .filter(ordinal -> !seen.chain().there(ordinal))
            .findFirst()
            .orElse(seen.nodes());
  }

  /**
   * Keeps the partition: the StatefulSet's controller has not taken up the last change, or counts
   * pods that can't be seen.
   */
  private static Rollout noFurther(Observation seen, StoredObject stored, String why) {
    var partition = Math.min(Children.partition(stored), seen.nodes());
    var reported = seen.network().status().path("conditions").findValuesAsText("reason");
    return new Rollout(
        partition,
        partition < seen.nodes() || reported.contains(REASON) ? waits(why) : Optional.empty());
  }

  /** Lets the highest pod of the old template go, or says why it has to wait. */
  private static Rollout step(
      int next, Observation seen, StoredObject stored, String why, OptionalInt unfinished) {
    if (seen.chain().free(seen.network(), stored)) {
      return new Rollout(0, waits(why));
    }
    var pod = Optional.ofNullable(seen.pods().get(next));
    if (pod.filter(p -> p.metadata().deleting()).isPresent()) {
      return new Rollout(next, waits(why)); // or it would be made again from the old template
    }
    return obstacle(next, seen, unfinished)
        .map(obstacle -> new Rollout(next + 1, waits(why + "; " + obstacle)))
        .orElseGet(() -> new Rollout(next, waits(why)));
  }

  private static Optional<String> obstacle(int next, Observation seen, OptionalInt unfinished) {
    var chain = seen.chain();
    if (unfinished.isPresent()) {
      return Optional.of(
          name(unfinished.getAsInt(), seen)
              + " has to be ready and to have "
              + Chain.blocks(chain.tallest(unfinished.getAsInt()))
              + " before the next one is replaced"
              + Chain.WAY_OUT);
    }
    if (chain.unheard(next)) {
      return Optional.of(
          name(next, seen)
              + " does not answer, and may have blocks that no other node has: it is replaced when"
              + " it has answered, or when somebody deletes it"
              + Chain.WAY_OUT);
    }
    var copied = existing(seen).anyMatch(other -> other != next && chain.hasBlocksOf(other, next));
    return copied || chain.tallest(next) == 0 ? Optional.empty() : lastCopy(next, seen);
  }

  /** No other node has the blocks of this one. A side below the tallest chain may lose its own. */
  private static Optional<String> lastCopy(int next, Observation seen) {
    var chain = seen.chain();
    var others =
        chain.sides().of(next).stream()
            .filter(other -> other < seen.nodes() && other != next)
            .toList();
    if (chain.sides().several() && others.isEmpty()) {
      return chain.tallest(next) < chain.tallest()
          ? Optional.empty()
          : Optional.of(
              name(next, seen)
                  + " is alone on its side, with a chain of "
                  + Chain.blocks(chain.tallest())
                  + " that no other node can have: link it with another one first"
                  + Chain.WAY_OUT);
    }
    if (others.stream().anyMatch(chain::keeps)) {
      return Optional.of(
          name(next, seen)
              + " has another chain of "
              + Chain.blocks(chain.tallest(next))
              + " than the others: mine a block on the one that shall stay"
              + Chain.WAY_OUT);
    }
    return Optional.of(
        "no other node is ready and has the blocks up to "
            + chain.tallest(next)
            + ": "
            + name(next, seen)
            + " is replaced when one has them"
            + (seen.nodes() == 1 ? ", such as a second node" : "")
            + Chain.WAY_OUT);
  }

  private static Optional<Trouble> waits(String why) {
    return Optional.of(new Trouble(REASON, why));
  }

  private static String name(int ordinal, Observation seen) {
    return Names.pod(seen.network().metadata().name(), ordinal);
  }

  /** From the lowest. Pods that are too many get no new template. */
  private static IntStream existing(Observation seen) {
    return IntStream.range(0, seen.nodes()).filter(seen.chain()::there);
  }

  private static boolean is(String revision, int ordinal, Observation seen) {
    return Optional.ofNullable(seen.pods().get(ordinal))
        .filter(pod -> revision(pod).equals(revision))
        .isPresent();
  }

  /** Whether this pod may be replaced at any moment. */
  boolean mayTake(int ordinal, Observation seen) {
    if (waits.isEmpty() || ordinal < partition) {
      return false;
    }
    return !(seen.statefulSet() instanceof Child.Ours(StoredObject stored))
        || Children.partition(stored) != partition
        || Chain.behind(stored)
        || !is(stored.content().at("/status/updateRevision").asText(), ordinal, seen);
  }

  /** Whether this pod is of the new template and has all the blocks again that it can have. */
  private static boolean done(int ordinal, String revision, Observation seen) {
    return seen.ready(ordinal)
        && is(revision, ordinal, seen)
        && seen.views().get(ordinal) instanceof NodeView.Answered(NodeInfo info)
        && info.height() >= seen.chain().tallest(ordinal);
  }
}
