package io.bitcoincontroller.leader;

import java.util.Optional;

/**
 * The rules of an election: from a state and an input to the next state, and what to do next. Pure;
 * {@link LeaderElector} does what is decided here. {@code cache.WatchStep} is a machine of the same
 * kind, with the same words.
 */
final class Election {
  /**
   * Followers shorten their retries by up to this part, and so don't all come at once. client-go
   * stretches them by up to 1.2; with that, taking over after a release could take 4.4 s.
   */
  private static final double JITTER = 0.2;

  private final String me;
  private final LeaseTimes times;

  /**
   * A candidate's rules.
   *
   * @param me unique for this process, and for each of its starts
   */
  Election(String me, LeaseTimes times) {
    this.me = me;
    this.times = times;
  }

  sealed interface State {
    /**
     * Another one leads, or nobody.
     *
     * @param seen the Lease as last read, if it was read
     */
    record Following(Optional<Sighting> seen) implements State {}

    /**
     * We lead, until the renew deadline has passed since {@code renewedAt}. A conflict leads to a
     * read; a holder that is not us, or the deadline, to Following.
     *
     * @param lease as last stored by us
     * @param renewedAt when the last successful write was sent, not when it was answered
     */
    record Leading(Lease lease, long renewedAt) implements State {}
  }

  /**
   * A Lease and how long it has been as it is.
   *
   * @param since when this resourceVersion was first seen: any change is a sign of life
   */
  record Sighting(Lease lease, long since) {}

  /** The answers to {@link Next}: all that can happen to a candidate. */
  sealed interface Input {
    /** The first of all, and the end of a wait. */
    record Go() implements Input {}

    /** A read found this. */
    record Found(Lease lease) implements Input {}

    /**
     * A write of ours was stored.
     *
     * @param askedAt when it was sent
     */
    record Stored(Lease lease, long askedAt) implements Input {}

    /** There is no Lease. */
    record Absent() implements Input {}

    /** The Lease is no longer as our write supposed, or exists already. */
    record Conflict() implements Input {}

    /** Nobody knows whether the request was carried out. */
    record NoAnswer() implements Input {}
  }

  /** The one thing that the shell does to get the next {@link Input}. */
  sealed interface Next {
    record Read() implements Next {}

    /** Make the Lease, ours. */
    record Create() implements Next {}

    /** Make this Lease ours, or keep it so, if nobody changed it meanwhile. */
    record Write(Lease base) implements Next {}

    /** Answered by Go. */
    record Wait(long nanos) implements Next {}
  }

  record Turn(State state, Next next) {}

  /**
   * One turn.
   *
   * @param input the answer to the {@link Next} of the last turn; Go at first
   * @param random uniform in [0, 1)
   */
  Turn next(State state, Input input, long now, double random) {
    return switch (state) {
      case State.Following following -> follow(following, input, now, random);
      case State.Leading leading when isOver(leading, now) ->
          new Turn(lost(leading.lease(), now), wait(random));
      case State.Leading leading -> lead(leading, input, now, random);
    };
  }

  /** Whether the state's owner may act at this time. */
  boolean leads(State state, long now) {
    return state instanceof State.Leading leading && !isOver(leading, now);
  }

  private boolean isOver(State.Leading leading, long now) {
    return now - leading.renewedAt() >= times.renewDeadline().toNanos();
  }

  /**
   * How long an answer may take: one that is lost must leave a leader time for other tries, and a
   * leader must be back when its time ends.
   */
  long answerNanos(State state, long now) {
    var longest = times.renewDeadline().toNanos() / 3;
    return switch (state) {
      case State.Following _ -> longest;
      case State.Leading leading -> Math.min(longest, leftNanos(leading, now));
    };
  }

  private long leftNanos(State.Leading leading, long now) {
    return Math.max(1, leading.renewedAt() + times.renewDeadline().toNanos() - now);
  }

  private Turn follow(State.Following state, Input input, long now, double random) {
    return switch (input) {
      case Input.Go() -> new Turn(state, new Next.Read());
      case Input.Absent() -> new Turn(new State.Following(Optional.empty()), new Next.Create());
      case Input.Found(var lease) -> {
        var seen = sighting(state, lease, now);
        var next = isFree(seen, now) ? new Next.Write(lease) : waitFor(seen, now, random);
        yield new Turn(new State.Following(Optional.of(seen)), next);
      }
      case Input.Stored(var lease, var askedAt) -> {
        var leading = new State.Leading(lease, askedAt);
        yield new Turn(leading, waitWhileLeading(leading, now));
      }
      case Input.Conflict(), Input.NoAnswer() -> new Turn(state, wait(random));
    };
  }

  private static Sighting sighting(State.Following state, Lease lease, long now) {
    return state
        .seen()
        .filter(old -> old.lease().metadata().uid().equals(lease.metadata().uid()))
        .filter(
            old ->
                old.lease().metadata().resourceVersion().equals(lease.metadata().resourceVersion()))
        .orElseGet(() -> new Sighting(lease, now));
  }

  /** Ours is free for us: an earlier write of ours was carried out, and its answer lost. */
  private boolean isFree(Sighting seen, long now) {
    var spec = seen.lease().spec();
    return spec.holderIdentity().isEmpty()
        || spec.holderIdentity().equals(me)
        || leftNanos(seen, now) <= 0;
  }

  private static long leftNanos(Sighting seen, long now) {
    return seen.since() + seen.lease().spec().leaseDurationSeconds() * 1_000_000_000L - now;
  }

  /** Until the next look, which comes no later than the end of what is looked at. */
  private Next waitFor(Sighting seen, long now, double random) {
    return new Next.Wait(Math.min(retryNanos(random), leftNanos(seen, now)));
  }

  private Turn lead(State.Leading state, Input input, long now, double random) {
    return switch (input) {
      case Input.Go() -> new Turn(state, new Next.Write(state.lease()));
      case Input.Stored(var lease, var askedAt) -> {
        var renewed = new State.Leading(lease, askedAt);
        yield new Turn(renewed, waitWhileLeading(renewed, now));
      }
      // deleted by hand: nobody else holds it yet
      case Input.Absent() -> new Turn(state, new Next.Create());
      case Input.Conflict() -> new Turn(state, new Next.Read());
      case Input.Found(var lease) when lease.spec().holderIdentity().equals(me) -> {
        var rebased = new State.Leading(lease, state.renewedAt());
        yield new Turn(rebased, waitWhileLeading(rebased, now));
      }
      case Input.Found(var lease) -> new Turn(lost(lease, now), wait(random));
      case Input.NoAnswer() -> new Turn(state, waitWhileLeading(state, now));
    };
  }

  private static State.Following lost(Lease lease, long now) {
    return new State.Following(Optional.of(new Sighting(lease, now)));
  }

  private Next wait(double random) {
    return new Next.Wait(retryNanos(random));
  }

  private long retryNanos(double random) {
    return (long) (times.retry().toNanos() * (1 - JITTER * random));
  }

  private Next waitWhileLeading(State.Leading state, long now) {
    return new Next.Wait(Math.min(times.retry().toNanos(), leftNanos(state, now)));
  }
}
