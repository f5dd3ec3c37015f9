package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a pass does about what it saw: all of it, and nothing that is not needed; pure.
 *
 * @param makeSecret the credentials for the Secret that the controller makes, if it is missing
 * @param writes applies of the children that are not as rendered
 * @param mesh what to tell the nodes
 * @param rollout where the pods are on their way to the present template
 * @param status what was found
 * @param settling the mesh is not as wanted yet, and something can be done about it
 * @param report false while this pass changes the mesh: what came of it is reported by the next
 * @param lookAgain when, if nothing happens first; empty for the usual period
 */
public record Plan(
    Optional<Credentials> makeSecret,
    List<Write> writes,
    MeshPlan mesh,
    Rollout rollout,
    Status status,
    boolean settling,
    boolean report,
    Optional<Duration> lookAgain) {

  /**
   * One server-side apply, or a DELETE of what the spec wants no more.
   *
   * @param over what is there; empty if nothing is
   * @param rendered what it shall be
   * @param news what to tell of it; empty for a step on a way that was told of
   */
  public record Write(
      Resource<StoredObject> resource,
      ObjectKey key,
      Optional<StoredObject> over,
      ObjectNode rendered,
      ApiRequest request,
      Optional<Note> news) {
    public boolean creates() {
      return over.isEmpty();
    }

    public boolean removes() {
      return request.method().equals("DELETE");
    }
  }

  /** After this many passes in a row the status no longer waits for the mesh to come to rest. */
  private static final int ROUNDS_UNREPORTED = 4;

  private static final Duration FIRST_LOOK = Duration.ofMillis(10);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  /** A new block is on all nodes within this, or something is wrong. */
  private static final Duration UNTIL_SYNCED = Duration.ofSeconds(2);

  /** bitcoind's own dial may come through a moment after ours: then there is one to be closed. */
  private static final Duration AFTER_SETTLING = Duration.ofSeconds(1);

  private static final Duration UNTIL_COLLECTED = Duration.ofSeconds(1);

  /** What keeps pods from being made is told after some seconds, and may end unseen. */
  private static final Duration UNTIL_MADE = Duration.ofSeconds(5);

  /** Neither Secrets nor foreign objects are watched. */
  static final Duration UNTIL_HELPED = Duration.ofSeconds(10);

  public boolean createsAnything() {
    return makeSecret.isPresent() || writes.stream().anyMatch(Write::creates);
  }

  public static Plan of(Observation seen) {
    var trouble = trouble(seen);
    var mesh = MeshPlan.of(seen);
    var children = ChildPlan.of(seen);
    var status = StatusOf.of(seen, mesh, children.rollout(), trouble);
    if (seen.network().metadata().deleting()) {
      return onlyTold(children.rollout(), status);
    }
    var settling = mesh.changesAnything() || !mesh.links().dials().isEmpty();
    return new Plan(
        seen.secret() instanceof SecretState.ToBeMade(var credentials)
            ? Optional.of(credentials)
            : Optional.empty(),
        children.writes(),
        mesh,
        children.rollout(),
        status,
        settling,
        !settling || seen.round() >= ROUNDS_UNREPORTED,
        lookAgain(seen, trouble, children.rollout(), settling, status));
  }

  private static Plan onlyTold(Rollout rollout, Status status) {
    return new Plan(
        Optional.empty(), List.of(), MeshPlan.NONE, rollout, status, false, true, Optional.empty());
  }

  private static Optional<Duration> lookAgain(
      Observation seen,
      Optional<Trouble> trouble,
      Rollout rollout,
      boolean settling,
      Status status) {
    if (settling) {
      var look = FIRST_LOOK.multipliedBy(1L << Math.min(seen.round(), 20));
      return Optional.of(look.compareTo(LONGEST_LOOK) < 0 ? look : LONGEST_LOOK);
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
    if (behind) {
      return Optional.of(UNTIL_SYNCED);
    }
    if (!seen.missing().isEmpty()) {
      return Optional.of(UNTIL_MADE);
    }
    if (status.conditions().stream().anyMatch(c -> c.reason().equals(StatusOf.JUDGED_INVALID))) {
      return Optional.of(UNTIL_HELPED);
    }
    if (seen.round() > 0) {
      return Optional.of(AFTER_SETTLING);
    }
    return seen.secret() instanceof SecretState.Remembered
        ? Optional.of(SecretRules.ASKED_AGAIN_AFTER)
        : Optional.empty();
  }

  /** No event tells of blocks. */
  private static boolean waits(Observation seen, Rollout rollout) {
    return rollout.waits().isPresent() || seen.held().waits().isPresent();
  }

  /** Blocks alone won't end it: the last copy of a chain, or a node that says nothing. */
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
    var children = List.of(seen.service(), seen.configMap(), seen.statefulSet());
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
        case Child.Absent _, Child.Ours _, Child.Foreign _ -> {}
      }
    }
    if (seen.secret() instanceof SecretState.Trouble(String reason, String message)) {
      return Optional.of(new Trouble(reason, message));
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
