package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.TrackRecord.Setback;
import io.bitcoincontroller.cache.TrackRecord.Setback.Weight;
import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.WatchState.InitialEvents;
import io.bitcoincontroller.cache.WatchState.Listing;
import io.bitcoincontroller.cache.WatchState.Probing;
import io.bitcoincontroller.cache.WatchState.Resuming;
import io.bitcoincontroller.cache.WatchState.Starting;
import io.bitcoincontroller.cache.WatchState.Watching;
import io.bitcoincontroller.kube.KubeObject;
import java.net.http.HttpTimeoutException;

/**
 * The rules of list and watch: from a state and an input to the next state, the effects, and what
 * to ask next. Pure; {@link Reflector} does what is decided here, and {@link WatchState} tells the
 * same as a story.
 *
 * <p>The rules are those of the Kubernetes documentation ("Efficient detection of changes"), and
 * what client-go and kube-rs learned beyond it. {@link FullSetStep} has those of the states in
 * which a full set comes in, {@link FollowStep} those of the states that follow it; each turn ends
 * in one of the ways of {@link TurnEnd}.
 */
final class WatchStep<T extends KubeObject> {
  private final TurnEnd<T> end;
  private final FullSetStep<T> fullSet;
  private final FollowStep<T> follow;

  WatchStep(Watched<T> watched, Limits limits) {
    this.end = new TurnEnd<>(watched, limits);
    this.fullSet = new FullSetStep<>(end);
    this.follow = new FollowStep<>(end, limits);
  }

  /**
   * One turn.
   *
   * @param input the answer to the {@link Turn.Next} of the last turn; Go at first
   */
  Turn<T> next(WatchState state, Input<T> input, Moment at) {
    if (input instanceof Input.Go<T>) {
      return end.send(state, at);
    }
    if (input instanceof Input.ListAgain<T>) {
      return end.send(Starting.of(state.track()), at);
    }
    if (input instanceof Input.Bug<T>(var what)) {
      return end.backOff(state.track(), Starting::of, Setback.broke(what, Weight.IN_STREAM), at);
    }
    return switch (state) {
      case Starting starting -> fullSet.starting(starting, input, at);
      case InitialEvents initial -> fullSet.initialEvents(initial, input, at);
      case Listing listing -> fullSet.listing(listing, input, at);
      case Probing probing -> follow.probing(probing, input, at);
      case Resuming resuming -> follow.resuming(resuming, input, at);
      case Watching watching -> follow.watching(watching, input, at);
    };
  }

  /**
   * Whether a request found nobody who could answer it: the next one may find another server. One
   * that is slow is there.
   *
   * @param answer to a request, not to what was read of its body
   */
  static boolean outOfReach(Input<?> answer) {
    return switch (answer) {
      case Input.Broke<?>(var kind, _) -> !kind.startsWith(HttpTimeoutException.class.getName());
      case Input.Refused<?>(var why) ->
          why.code() >= 502 && why.code() <= 504 && !FollowStep.lostHistory(why);
      default -> false;
    };
  }

  static IllegalStateException unexpected(WatchState state, Input<?> input) {
    return new IllegalStateException(input + " in " + state);
  }
}
