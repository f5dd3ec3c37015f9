package io.bitcoincontroller.cache;

import static io.bitcoincontroller.cache.WatchStep.unexpected;

import io.bitcoincontroller.cache.TrackRecord.Setback;
import io.bitcoincontroller.cache.TrackRecord.Setback.Weight;
import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.WatchState.InitialEvents;
import io.bitcoincontroller.cache.WatchState.Listing;
import io.bitcoincontroller.cache.WatchState.Resuming;
import io.bitcoincontroller.cache.WatchState.Starting;
import io.bitcoincontroller.cache.WatchState.Watching;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Reply.Failure;
import io.bitcoincontroller.kube.WatchEvent;
import java.util.List;

/** The rules of {@link WatchStep} by which a full set comes in: streamed, or in pages. */
final class FullSetStep<T extends KubeObject> {
  private final TurnEnd<T> end;

  FullSetStep(TurnEnd<T> end) {
    this.end = end;
  }

  Turn<T> starting(Starting state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Opened<T> _ ->
          end.read(
              state.track(),
              Weight.AT_OPENING,
              track -> new InitialEvents(track, state.timeoutSeconds(), at.now()),
              List.of());
      case Input.Refused<T>(var why) -> noStreamedList(state.track(), why, Weight.AT_OPENING, at);
      case Input.Broke<T>(var kind, var what) ->
          end.backOff(state.track(), Starting::of, new Setback(kind, what, Weight.AT_OPENING), at);
      default -> throw unexpected(state, input);
    };
  }

  /** A streamed list was refused, before or after its first byte. */
  private Turn<T> noStreamedList(TrackRecord track, Failure why, Weight weight, Moment at) {
    return switch (why.code()) {
      case 400, 422 -> end.send(Listing.firstPage(track.withoutStreaming()), at);
      case 403 -> end.send(Listing.firstPage(track), at);
      default -> end.backOff(track, Starting::of, why, weight, at);
    };
  }

  Turn<T> initialEvents(InitialEvents state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Event<T>(var event) -> initialEvent(state, event, at);
      case Input.Ended<T> _ ->
          end.backOff(
              state.track(),
              Starting::of,
              Setback.broke("the server ended a list before it was whole", Weight.IN_STREAM),
              at);
      case Input.Broke<T>(var kind, var what) ->
          end.backOff(state.track(), Starting::of, new Setback(kind, what, Weight.IN_STREAM), at);
      case Input.Silent<T> _ -> end.send(Listing.firstPage(state.track().withoutStreaming()), at);
      default -> throw unexpected(state, input);
    };
  }

  private Turn<T> initialEvent(InitialEvents state, WatchEvent<T> event, Moment at) {
    return switch (event) {
      case WatchEvent.Added<T>(var object) -> end.read(state, new Effect.Stage<>(object));
      case WatchEvent.Modified<T>(var object) -> end.read(state, new Effect.Stage<>(object));
      case WatchEvent.Deleted<T>(var object) -> end.read(state, new Effect.Unstage<>(object));
      case WatchEvent.Unreadable<T>(var object, var deleted) ->
          end.read(state, new Effect.StageSkip<>(object, deleted));
      case WatchEvent.Bookmark<T>(var version, var last) when last ->
          end.read(
              state.track().proved(at.now()),
              Weight.IN_STREAM,
              track ->
                  new Watching(
                      track, Span.at(version), state.timeoutSeconds(), state.openedNanos()),
              List.of(new Effect.Replace<>(version)));
      case WatchEvent.Bookmark<T> _ -> end.read(state);
      case WatchEvent.Failed<T>(var why) ->
          noStreamedList(state.track(), why, Weight.IN_STREAM, at);
    };
  }

  Turn<T> listing(Listing state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Opened<T> _ -> end.read(state.track(), Weight.AT_OPENING, state::track, List.of());
      case Input.Item<T>(var object) -> end.read(state, new Effect.Stage<>(object));
      case Input.Unreadable<T>(var object) ->
          end.read(state, new Effect.StageSkip<>(object, false));
      case Input.PageEnd<T>(var version, var more) when more.isEmpty() ->
          listed(state, version, at);
      case Input.PageEnd<T>(_, var more) -> end.send(state.laterPage(more), at);
      case Input.Refused<T>(var why) -> refusedPage(state, why, at);
      case Input.Broke<T>(var kind, var what) ->
          end.backOff(state.track(), Starting::of, new Setback(kind, what, Weight.IN_STREAM), at);
      case Input.Silent<T> _ ->
          end.backOff(
              state.track(),
              Starting::of,
              Setback.broke("a page of a list did not come in time", Weight.IN_STREAM),
              at);
      default -> throw unexpected(state, input);
    };
  }

  private Turn<T> listed(Listing state, String version, Moment at) {
    var complete =
        end.read(
            state.track().proved(state.askedNanos()),
            Weight.IN_STREAM,
            track -> Resuming.at(track, Span.at(version)),
            List.of(new Effect.Replace<>(version)));
    return end.thenSend(complete, at);
  }

  private Turn<T> refusedPage(Listing state, Failure why, Moment at) {
    if (why.code() == 410 && !state.continueToken().isEmpty()) {
      return end.send(Listing.inOnePage(state.track()), at);
    }
    return switch (why.code()) {
      case 401, 403, 429 -> end.backOff(state.track(), state::track, why, Weight.AT_OPENING, at);
      default -> end.backOff(state.track(), Starting::of, why, Weight.AT_OPENING, at);
    };
  }
}
