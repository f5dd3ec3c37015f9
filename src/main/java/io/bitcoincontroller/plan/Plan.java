package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.Spec;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.bitcoind.Credentials;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that one pass does. It depends on the observation alone: the same observation gives the same
 * plan.
 *
 * @param makeSecret the credentials for the Secret that the controller makes, if it is missing
 * @param writes of the children that are not as rendered
 * @param mesh what to change at the nodes
 * @param rollout how the pods get the present template
 * @param status as this pass found it
 * @param news to be reported as events
 * @param settling the mesh is not as wanted yet, and something can be done about it
 * @param report false while this pass changes the mesh, for a later one reports the effect; but not
 *     if that takes many passes, or if a roll-out begins
 * @param asRendered for the next observation
 * @param lookAgain when the next pass is due if nothing happens first; empty for the usual period
 */
public record Plan(
    Optional<Credentials> makeSecret,
    List<Write> writes,
    MeshPlan mesh,
    Rollout rollout,
    Status status,
    List<Note> news,
    boolean settling,
    boolean report,
    Optional<AsRendered> asRendered,
    Optional<Duration> lookAgain) {

  /** After so many passes in a row that changed the mesh, the status is reported all the same. */
  private static final int ROUNDS_UNREPORTED = 4;

  private static final Duration FIRST_LOOK = Duration.ofMillis(10);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  /** All nodes have a new block by then, or something is wrong. */
  private static final Duration UNTIL_SYNCED = Duration.ofSeconds(2);

  /** What a node dials although it is forbidden now is to be closed soon. */
  private static final Duration UNTIL_DIALLED = Duration.ofMillis(250);

  /** The rest of a list waits for a round of bitcoind's, which begins within two seconds. */
  private static final Duration UNTIL_BEGUN = Duration.ofSeconds(1);

  /**
   * By then, dials of bitcoind's own may have made second connections, which are to be closed: it
   * looks at its list every two seconds, and dials half a second apart.
   */
  private static final Duration AFTER_SETTLING = Duration.ofSeconds(5);

  /** The garbage collector is about to delete what is in the way. */
  private static final Duration UNTIL_COLLECTED = Duration.ofSeconds(1);

  /**
   * The StatefulSet's controller says after some seconds why it makes no pods; no event says more.
   */
  private static final Duration UNTIL_MADE = Duration.ofSeconds(5);

  /** No watch shows how a person helps: Secrets and foreign objects are not watched. */
  private static final Duration UNTIL_HELPED = Duration.ofSeconds(10);

  public static Plan of(Observation seen) {
    var trouble = trouble(seen);
    var mesh = MeshPlan.of(seen);
    var children = ChildPlan.of(seen);
    var status = StatusOf.of(seen, mesh, children.rollout(), trouble);
    if (seen.network().metadata().deleting()) {
      return onlyReported(children.rollout(), status);
    }
    var settling =
        mesh.changesAnything()
            || !mesh.links().dials().isEmpty()
            || seen.views().values().stream().anyMatch(NodeView.New.class::isInstance);
    return new Plan(
        seen.secret() instanceof SecretState.ToBeMade(var credentials)
            ? Optional.of(credentials)
            : Optional.empty(),
        children.writes(),
        mesh,
        children.rollout(),
        status,
        seen.reorgs().stream().map(Reorg::note).toList(),
        settling,
        // until the StatefulSet's controller has taken the template up, only the status knows of it
        !settling || seen.round() >= ROUNDS_UNREPORTED || children.newTemplate(),
        children.asRendered(seen),
        lookAgain(seen, mesh, trouble, children.rollout(), settling, status));
  }

  /** Whether the pass has nothing to do but to compare the stored status with what it found. */
  public boolean onlyReports() {
    return report
        && makeSecret.isEmpty()
        && writes.isEmpty()
        && news.isEmpty()
        && !mesh.changesAnything()
        && mesh.reaches().isEmpty();
  }

  /** Whether it writes an object that is not there yet. */
  public boolean createsAnything() {
    return makeSecret.isPresent() || writes.stream().anyMatch(Write::creates);
  }

  /** Whether pods of an older template wait for their turn. */
  public boolean rolloutWaits() {
    return rollout.waits().isPresent();
  }

  /**
   * The status to be reported once the writes were tried.
   *
   * @param failed why not all of them succeeded
   * @param remark for people, after what Ready says; it changes neither status nor reason
   */
  public Status statusAfter(Observation seen, Optional<Trouble> failed, Optional<String> remark) {
    var found = failed.isPresent() ? StatusOf.of(seen, mesh, rollout, failed) : status;
    return remark.map(words -> StatusOf.remarked(found, words)).orElse(found);
  }

  /** Nothing is done for a network that is being deleted. */
  private static Plan onlyReported(Rollout rollout, Status status) {
    return new Plan(
        Optional.empty(),
        List.of(),
        MeshPlan.NONE,
        rollout,
        status,
        List.of(),
        false,
        true,
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<Duration> lookAgain(
      Observation seen,
      MeshPlan mesh,
      Optional<Trouble> trouble,
      Rollout rollout,
      boolean settling,
      Status status) {
    if (settling) {
      var look = FIRST_LOOK.multipliedBy(1L << Math.min(seen.round(), 20));
      var longest = seen.rounds().late().isEmpty() ? LONGEST_LOOK : UNTIL_DIALLED;
      return Optional.of(look.compareTo(longest) < 0 ? look : longest);
    }
    if (!seen.rounds().late().isEmpty()) {
      return Optional.of(UNTIL_DIALLED);
    }
    if (!mesh.later().isEmpty()) {
      return Optional.of(UNTIL_BEGUN);
    }
    if (trouble.isPresent() && !waits(seen, rollout)) {
      var soon = trouble.get().reason().equals(Trouble.PREDECESSOR);
      return Optional.of(soon ? UNTIL_COLLECTED : UNTIL_HELPED);
    }
    if (waits(seen, rollout)) {
      return Optional.of(waitsForAPerson(seen, rollout) ? UNTIL_HELPED : UNTIL_SYNCED);
    }
    var behind =
        status.conditions().stream()
            .anyMatch(c -> c.type().equals(Condition.SYNCED) && c.reason().equals(StatusOf.BEHIND));
    if (behind || seen.sides().several()) {
      return Optional.of(UNTIL_SYNCED);
    }
    if (!seen.missing().isEmpty()) {
      return Optional.of(UNTIL_MADE);
    }
    if (status.conditions().stream().anyMatch(c -> c.reason().equals(StatusOf.JUDGED_INVALID))) {
      return Optional.of(UNTIL_HELPED);
    }
    if (seen.oldConfigMap().isPresent()) {
      return Optional.of(UNTIL_HELPED); // it is not watched
    }
    if (seen.round() > 0) {
      return Optional.of(AFTER_SETTLING);
    }
    return seen.secret() instanceof SecretState.Remembered
        ? Optional.of(SecretRules.ASKED_AGAIN_AFTER)
        : Optional.empty();
  }

  /** Whether pods wait for blocks, of which no watch knows. */
  private static boolean waits(Observation seen, Rollout rollout) {
    return rollout.waits().isPresent() || seen.held().waits().isPresent();
  }

  /** Whether blocks alone can't end the wait: the last copy of a chain, or a silent node. */
  private static boolean waitsForAPerson(Observation seen, Rollout rollout) {
    var chain = seen.chain();
    if (!chain.unseen().isEmpty()) {
      return true;
    }
    return rollout.waits().isPresent()
        ? seen.nodes() == 1 || chain.unheard(rollout.partition() - 1)
        : seen.network().spec().nodes() == 0 || chain.unheard(seen.nodes() - 1);
  }

  private static Optional<Trouble> trouble(Observation seen) {
    if (seen.network().metadata().deleting()) {
      return Optional.of(Trouble.DELETING);
    }
    var children = List.of(seen.service(), seen.statefulSet());
    for (var child : children) {
      if (child instanceof Child.Foreign(String what, String owner)) {
        return Optional.of(
            new Trouble(
                "ObjectInTheWay",
                what
                    + " is there already and belongs to "
                    + owner
                    + "; it is left alone: rename or delete it, or name the network otherwise"));
      }
    }
    for (var child : children) {
      switch (child) {
        case Child.Unreadable(String why) -> {
          return Optional.of(new Trouble("Unreadable", why));
        }
        case Child.Leftover(String what) -> {
          return Optional.of(Trouble.predecessor(what));
        }
        case Child.Orphaned(String pod, int nodes) -> {
          return Optional.of(
              new Trouble(
                  "PodsOrphaned",
                  "the StatefulSet is gone without its pods, and a new one would delete "
                      + pod
                      + " with its blocks: "
                      + (nodes <= Spec.MOST_NODES
                          ? "set spec.nodes to " + nodes + " first, to keep it"
                          : "no network has so many nodes; delete the pod, if nobody needs it")
                      + Chain.WAY_OUT));
        }
        case Child.Absent _, Child.Ours _, Child.Foreign _ -> {}
      }
    }
    if (seen.secret() instanceof SecretState.Unavailable(Trouble why)) {
      return Optional.of(why);
    }
    if (MeshPlan.tooLarge(seen)) {
      return Optional.of(MeshPlan.TOO_MANY_NODES);
    }
    return ChildPlan.storageChanged(seen)
        ? Optional.of(
            new Trouble(
                "StorageImmutable",
                "spec.storage can't change once the StatefulSet is there; set it back, or create"
                    + " the network anew. Everything else is applied."))
        : Optional.empty();
  }
}
