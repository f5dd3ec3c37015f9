package io.bitcoincontroller.cache;

import static io.bitcoincontroller.cache.WatchStep.unexpected;

import io.bitcoincontroller.cache.TrackRecord.Setback;
import io.bitcoincontroller.cache.TrackRecord.Setback.Weight;
import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.WatchState.Probing;
import io.bitcoincontroller.cache.WatchState.Resuming;
import io.bitcoincontroller.cache.WatchState.Starting;
import io.bitcoincontroller.cache.WatchState.Watching;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Reply.Failure;
import io.bitcoincontroller.kube.WatchEvent;
import java.time.Duration;
import java.util.List;

/**
 * The rules of {@link WatchStep} by which a store that has a full set follows the server: watch
 * after watch, and between two of them perhaps a look at the server's own version.
 */
final class FollowStep<T extends KubeObject> {
  private final TurnEnd<T> end;
  private final Limits limits;

  FollowStep(TurnEnd<T> end, Limits limits) {
    this.end = end;
    this.limits = limits;
  }

  Turn<T> probing(Probing state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Opened<T> _, Input.Item<T> _, Input.Unreadable<T> _ -> end.read(state);
      case Input.PageEnd<T>(var version, _) -> probed(state, version, at);
      case Input.Refused<T>(var why) -> refused(state.track(), state.span(), why, at);
      case Input.Broke<T>(var kind, var what) ->
          end.backOff(state.track(), Starting::of, new Setback(kind, what, Weight.AT_OPENING), at);
      case Input.Silent<T> _ ->
          end.backOff(
              state.track(),
              Starting::of,
              Setback.broke("the server's version did not come in time", Weight.AT_OPENING),
              at);
      default -> throw unexpected(state, input);
    };
  }

  private Turn<T> probed(Probing state, String version, Moment at) {
    var span = state.span();
    if (ResourceVersion.older(version, span.version())) {
      var what =
          "the API server is at version %s, and was at %s before: was it put back from a backup?"
              .formatted(version, span.version());
      var setback = new Setback("another history", what, Weight.IN_STREAM);
      return end.told(
          new Effect.AnotherHistory<>(), end.backOff(state.track(), Starting::of, setback, at));
    }
    if (at.wasAwaySince(state.trustedNanos())) {
      return end.listsAfterOutage(state.track(), at);
    }
    if (!state.livedOut()) {
      return end.send(Resuming.at(state.track(), span), at);
    }
    var proved =
        end.read(
            state.track().proved(at.now()),
            Weight.IN_STREAM,
            track -> Resuming.at(track, span.proved(span.version())),
            List.of());
    return end.thenSend(proved, at);
  }

  Turn<T> resuming(Resuming state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Opened<T> _ when at.wasAwaySince(state.track().provedNanos()) ->
          end.listsAfterOutage(state.track(), at);
      case Input.Opened<T> _ ->
          end.read(
              state.track(),
              Weight.AT_OPENING,
              track ->
                  new Watching(track, state.span().watchOpened(), state.timeoutSeconds(), at.now()),
              List.of(new Effect.Forget<>(state.span().begin())));
      case Input.Refused<T>(var why) -> refused(state.track(), state.span(), why, at);
      case Input.Broke<T>(var kind, var what) ->
          end.backOff(state.track(), Starting::of, new Setback(kind, what, Weight.AT_OPENING), at);
      default -> throw unexpected(state, input);
    };
  }

  /** Before its first byte. If the refusal is about us, a list would be refused as well. */
  private Turn<T> refused(TrackRecord track, Span span, Failure why, Moment at) {
    return switch (why.code()) {
      case 401, 403, 429 ->
          end.backOff(track, then -> Probing.after(then, span), why, Weight.AT_OPENING, at);
      default -> {
        var weight = lostHistory(why) ? Weight.ORDINARY : Weight.AT_OPENING;
        yield end.backOff(track, Starting::of, why, weight, at);
      }
    };
  }

  static boolean lostHistory(Failure why) {
    return why.code() == 410 || why.causes().contains("ResourceVersionTooLarge");
  }

  Turn<T> watching(Watching state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Event<T>(var event) -> event(state, event, at);
      case Input.Ended<T> _ when wasShort(state, at) || wasEarlyAndMute(state, at) ->
          fruitless(
              state,
              Setback.broke("the server ended a watch before its time", Weight.ORDINARY),
              Duration.ZERO,
              at);
      case Input.Ended<T> _ -> ended(state, at);
      case Input.Silent<T> _ -> {
        var note = new Effect.Note<T>("a silent watch was ended");
        yield end.thenSend(end.read(Probing.after(state.track(), state.span()), note), at);
      }
      case Input.Broke<T>(var kind, var what) -> {
        var weight = wasShort(state, at) ? Weight.IN_STREAM : Weight.ORDINARY;
        yield fruitless(state, new Setback(kind, what, weight), Duration.ZERO, at);
      }
      default -> throw unexpected(state, input);
    };
  }

  private Turn<T> event(Watching state, WatchEvent<T> event, Moment at) {
    return switch (event) {
      case WatchEvent.Added<T>(var object) -> put(state, object, at);
      case WatchEvent.Modified<T>(var object) -> put(state, object, at);
      case WatchEvent.Deleted<T>(var object) -> {
        var version = object.metadata().resourceVersion();
        yield happened(state, version, new Effect.Remove<>(object, version), at);
      }
      case WatchEvent.Unreadable<T>(var object, var deleted) -> {
        var version = object.version();
        yield happened(state, version, new Effect.Skip<>(object, deleted, version), at);
      }
      case WatchEvent.Bookmark<T>(var version, _) -> bookmark(state, version, at);
      case WatchEvent.Failed<T>(var why) when lostHistory(why) ->
          end.backOff(state.track(), Starting::of, why, Weight.ORDINARY, at);
      case WatchEvent.Failed<T>(var why) ->
          fruitless(
              state,
              end.refused(why, Weight.IN_STREAM),
              why.retryAfter().orElse(Duration.ZERO),
              at);
    };
  }

  private Turn<T> put(Watching state, T object, Moment at) {
    var version = object.metadata().resourceVersion();
    return happened(state, version, new Effect.Put<>(object, version), at);
  }

  /**
   * {@link Shard} knows a repetition, object by object; it is no proof. Nor is an event without a
   * version, of which not even the key is known.
   */
  private Turn<T> happened(Watching state, String version, Effect<T> effect, Moment at) {
    return version.isEmpty() || ResourceVersion.reached(state.span().version(), version)
        ? end.read(state, effect)
        : proved(state, version, effect, at);
  }

  private Turn<T> bookmark(Watching state, String version, Moment at) {
    return version.isEmpty() || ResourceVersion.older(version, state.span().version())
        ? end.read(state)
        : proved(state, version, new Effect.MoveTo<>(version), at);
  }

  /** In a watch nothing overtakes: with this version, all before it has come. */
  private Turn<T> proved(Watching state, String version, Effect<T> effect, Moment at) {
    return end.read(
        state.track().proved(at.now()),
        Weight.IN_STREAM,
        track ->
            new Watching(
                track, state.span().proved(version), state.timeoutSeconds(), state.openedNanos()),
        List.of(effect));
  }

  private Turn<T> ended(Watching state, Moment at) {
    var provedJustNow = at.now() - state.track().provedNanos() < limits.fresh().toNanos();
    return end.send(
        provedJustNow
            ? Resuming.at(state.track(), state.span())
            : limits.livedOut(state, at)
                ? new Probing(state.track(), state.span(), true, at.now())
                : Probing.after(state.track(), state.span()),
        at);
  }

  /** The watch was accepted and went wrong: again, but not for ever. */
  private Turn<T> fruitless(Watching state, Setback setback, Duration atLeast, Moment at) {
    var track = state.track().fruitless(state.track().fruitless() + 1);
    return end.backOff(track, then -> Probing.after(then, state.span()), setback, atLeast, at);
  }

  /**
   * Something in between may end all watches so, and pass nothing on. After one of these, a short
   * watch that lives out its time in silence may have ended by the same hand.
   */
  private boolean wasEarlyAndMute(Watching state, Moment at) {
    var asExpected = limits.livedOut(state, at) && state.track().fruitless() == 0;
    return !asExpected && state.track().provedNanos() <= state.openedNanos();
  }

  private boolean wasShort(Watching state, Moment at) {
    return at.now() - state.openedNanos() < limits.shortWatch().toNanos();
  }
}
