package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.TrackRecord.Setback;
import io.bitcoincontroller.cache.TrackRecord.Setback.Weight;
import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.Turn.Next;
import io.bitcoincontroller.cache.WatchState.InitialEvents;
import io.bitcoincontroller.cache.WatchState.Listing;
import io.bitcoincontroller.cache.WatchState.Probing;
import io.bitcoincontroller.cache.WatchState.Resuming;
import io.bitcoincontroller.cache.WatchState.Starting;
import io.bitcoincontroller.cache.WatchState.Watching;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Reply.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The three ways in which a turn can end: it sends a request, reads on, or backs off. */
final class TurnEnd<T extends KubeObject> {
  /** client-go lists again after this many very short watches, too. */
  private static final int FRUITLESS_WATCHES = 3;

  /** A server that wants more time is asked again all the same. */
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

  private static final Next READ = new Next.Read();

  private final Watched<T> watched;
  private final Limits limits;

  TurnEnd(Watched<T> watched, Limits limits) {
    this.watched = watched;
    this.limits = limits;
  }

  /** Sends what this state is there to send, or asks for a list if one is due by now. */
  Turn<T> send(WatchState state, Moment at) {
    return switch (state) {
      case Starting(var track, _) when track.paged() -> send(Listing.firstPage(track), at);
      case Starting(var track, _) -> {
        var seconds = limits.watchSeconds(at);
        yield new Turn<>(
            new Starting(track, seconds),
            List.of(new Effect.BeginStaging<>()),
            new Next.Send(watched.streamedList(seconds), Next.Body.WATCH));
      }
      case Listing first when first.continueToken().isEmpty() ->
          new Turn<>(
              first.askedAt(at.now()),
              List.of(new Effect.BeginStaging<>()),
              new Next.Send(page(first), Next.Body.LIST));
      case Listing later ->
          new Turn<>(later, List.of(), new Next.Send(page(later), Next.Body.LIST));
      case Probing(var track, _, _, _) when listIsDue(track, at) -> send(Starting.of(track), at);
      case Probing(var track, _, _, var trusted) when at.wasAwaySince(trusted) ->
          listsAfterOutage(track, at);
      case Probing _ ->
          new Turn<>(state, List.of(), new Next.Send(watched.probe(), Next.Body.LIST));
      case Resuming(var track, var span, _) -> {
        var seconds = limits.watchSeconds(track, at);
        yield new Turn<>(
            new Resuming(track, span, seconds),
            List.of(),
            new Next.Send(watched.watch(span.begin(), seconds), Next.Body.WATCH));
      }
      case InitialEvents _, Watching _ ->
          throw new IllegalStateException("nothing to send in " + state);
    };
  }

  /** No number is believed: it may be of another history, which has overtaken ours. */
  Turn<T> listsAfterOutage(TrackRecord track, Moment at) {
    var why = new Effect.Note<T>("the server was out of reach since: all is listed");
    return told(why, send(Starting.of(track), at));
  }

  private boolean listIsDue(TrackRecord track, Moment at) {
    return track.fruitless() >= FRUITLESS_WATCHES
        || at.now() - track.provedNanos() > limits.resumable().toNanos();
  }

  private ApiRequest page(Listing listing) {
    return listing.whole() ? watched.whole() : watched.page(listing.continueToken());
  }

  /** Sends, after the effects of a turn that has come so far. */
  Turn<T> thenSend(Turn<T> turn, Moment at) {
    var sent = send(turn.state(), at);
    var effects = new ArrayList<>(turn.effects());
    effects.addAll(sent.effects());
    return new Turn<>(sent.state(), effects, sent.next());
  }

  /** With one more effect, which comes first. */
  Turn<T> told(Effect<T> effect, Turn<T> turn) {
    var effects = new ArrayList<Effect<T>>(List.of(effect));
    effects.addAll(turn.effects());
    return new Turn<>(turn.state(), effects, turn.next());
  }

  Turn<T> read(WatchState state) {
    return new Turn<>(state, List.of(), READ);
  }

  Turn<T> read(WatchState state, Effect<T> effect) {
    return new Turn<>(state, List.of(effect), READ);
  }

  /** Reads on. A setback up to this weight is over: the last input shows it. */
  Turn<T> read(
      TrackRecord track,
      Weight sign,
      Function<TrackRecord, WatchState> then,
      List<Effect<T>> effects) {
    if (track.setback().filter(setback -> setback.weight().compareTo(sign) <= 0).isEmpty()) {
      return new Turn<>(then.apply(track), effects, READ);
    }
    var withAllClear = new ArrayList<>(effects);
    withAllClear.add(new Effect.AllClear<>());
    return new Turn<>(then.apply(track.setback(Optional.empty())), withAllClear, READ);
  }

  Turn<T> backOff(
      TrackRecord track,
      Function<TrackRecord, WatchState> then,
      Failure why,
      Weight weight,
      Moment at) {
    var atLeast = why.retryAfter().orElse(Duration.ZERO);
    return backOff(track, then, refused(why, weight), atLeast, at);
  }

  Setback refused(Failure why, Weight weight) {
    return Setback.refused(why, watched.refusal(why), weight);
  }

  Turn<T> backOff(
      TrackRecord track, Function<TrackRecord, WatchState> then, Setback setback, Moment at) {
    return backOff(track, then, setback, Duration.ZERO, at);
  }

  /**
   * Waits, and then goes on in another state. People are warned, unless the setback is an ordinary
   * one, or they know of it.
   */
  Turn<T> backOff(
      TrackRecord track,
      Function<TrackRecord, WatchState> then,
      Setback setback,
      Duration atLeast,
      Moment at) {
    var failed = track.failed(at.now(), limits.backoffReset().toNanos());
    var wait = limits.backoff().nanos(failed.failures(), at.random());
    var bounded = atLeast.compareTo(LONGEST_RETRY_AFTER) < 0 ? atLeast : LONGEST_RETRY_AFTER;
    var next = new Next.Wait(Math.max(wait, bounded.toNanos()));
    if (setback.weight() == Weight.ORDINARY) {
      return new Turn<>(then.apply(failed), List.of(new Effect.Note<>(setback.text())), next);
    }
    var known = track.setback().filter(now -> now.kind().equals(setback.kind())).isPresent();
    return new Turn<>(
        then.apply(failed.setback(Optional.of(setback))),
        known ? List.of() : List.of(new Effect.Warn<>(setback.text())),
        next);
  }
}
