package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Setback.Weight;
import io.bitcoincontroller.cache.WatchState.InitialEvents;
import io.bitcoincontroller.cache.WatchState.Listing;
import io.bitcoincontroller.cache.WatchState.Resuming;
import io.bitcoincontroller.cache.WatchState.Starting;
import io.bitcoincontroller.cache.WatchState.Watching;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Reply.Failure;
import io.bitcoincontroller.kube.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rules of list and watch: from a state and an input to the next state, the effects, and what
 * to ask next. Pure; {@link Reflector} does what is decided here, and {@link WatchState} tells the
 * same as a story.
 *
 * <p>The rules are those of the Kubernetes documentation ("Efficient detection of changes"), and
 * what client-go and kube-rs learned beyond it.
 */
final class WatchStep<T extends KubeObject> {
  /** client-go lists again after this many, too. */
  private static final int EMPTY_WATCHES = 3;

  /** A server that wants more time is asked again all the same. */
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

  private static final Next READ = new Next.Read();

  private final Watched<T> watched;
  private final Limits limits;

  WatchStep(Watched<T> watched, Limits limits) {
    this.watched = watched;
    this.limits = limits;
  }

  /**
   * One turn.
   *
   * @param input the answer to the {@link Next} of the last turn; Go at first
   */
  Turn<T> next(WatchState state, Input<T> input, Moment at) {
    if (input instanceof Input.Go<T>) {
      return send(state, at);
    }
    if (input instanceof Input.RoomAgain<T>) {
      return send(Starting.with(state.past()), at);
    }
    if (input instanceof Input.Bug<T>(var what)) {
      return backOff(state.past(), Starting::with, Setback.broke(what, Weight.IN_STREAM), at);
    }
    return switch (state) {
      case Starting starting -> starting(starting, input, at);
      case InitialEvents initial -> initialEvents(initial, input, at);
      case Listing listing -> listing(listing, input, at);
      case Resuming resuming -> resuming(resuming, input, at);
      case Watching watching -> watching(watching, input, at);
    };
  }

  private Turn<T> starting(Starting state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Opened<T> _ ->
          read(
              state.past(),
              Weight.AT_OPENING,
              past -> new InitialEvents(past, state.timeoutSeconds(), at.now()),
              List.of());
      case Input.Refused<T>(var why) -> noStreamedList(state.past(), why, Weight.AT_OPENING, at);
      case Input.Broke<T>(var kind, var what) ->
          backOff(state.past(), Starting::with, new Setback(kind, what, Weight.AT_OPENING), at);
      default -> throw unexpected(state, input);
    };
  }

  /** A streamed list was refused, before or after its first byte. */
  private Turn<T> noStreamedList(Past past, Failure why, Weight weight, Moment at) {
    return switch (why.code()) {
      case 400, 422 -> send(Listing.firstPage(past.withoutStreaming()), at);
      case 403 -> send(Listing.firstPage(past), at);
      default -> backOff(past, Starting::with, why, weight, at);
    };
  }

  private Turn<T> initialEvents(InitialEvents state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Event<T>(var event) -> initialEvent(state, event, at);
      case Input.Ended<T> _ ->
          backOff(
              state.past(),
              Starting::with,
              Setback.broke("the server ended a list before it was whole", Weight.IN_STREAM),
              at);
      case Input.Broke<T>(var kind, var what) ->
          backOff(state.past(), Starting::with, new Setback(kind, what, Weight.IN_STREAM), at);
      case Input.Silent<T> _ -> send(Listing.firstPage(state.past().withoutStreaming()), at);
      default -> throw unexpected(state, input);
    };
  }

  private Turn<T> initialEvent(InitialEvents state, WatchEvent<T> event, Moment at) {
    return switch (event) {
      case WatchEvent.Added<T>(var object) -> read(state, new Effect.Stage<>(object));
      case WatchEvent.Modified<T>(var object) -> read(state, new Effect.Stage<>(object));
      case WatchEvent.Deleted<T>(var object) -> read(state, new Effect.Unstage<>(object));
      case WatchEvent.Unreadable<T>(var object, var deleted) ->
          read(state, new Effect.StageSkip<>(object, deleted));
      case WatchEvent.Bookmark<T>(var version, var end) when end ->
          read(
              state.past(),
              Weight.IN_STREAM,
              past ->
                  new Watching(past, version, state.timeoutSeconds(), state.openedNanos(), 0, true),
              List.of(new Effect.Replace<>(version)));
      case WatchEvent.Bookmark<T> _ -> new Turn<>(state, List.of(), READ);
      case WatchEvent.Failed<T>(var why) -> noStreamedList(state.past(), why, Weight.IN_STREAM, at);
    };
  }

  private Turn<T> listing(Listing state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Opened<T> _ -> read(state.past(), Weight.AT_OPENING, state::with, List.of());
      case Input.Item<T>(var object) -> read(state, new Effect.Stage<>(object));
      case Input.Unreadable<T>(var object) -> read(state, new Effect.StageSkip<>(object, false));
      case Input.PageEnd<T>(var version, var more) when more.isEmpty() ->
          listed(state, version, at);
      case Input.PageEnd<T>(_, var more) -> send(new Listing(state.past(), more, false), at);
      case Input.Refused<T>(var why) -> refusedPage(state, why, at);
      case Input.Broke<T>(var kind, var what) ->
          backOff(state.past(), state::with, new Setback(kind, what, Weight.IN_STREAM), at);
      case Input.Silent<T> _ ->
          backOff(
              state.past(),
              state::with,
              Setback.broke("a page of a list did not come in time", Weight.IN_STREAM),
              at);
      default -> throw unexpected(state, input);
    };
  }

  private Turn<T> listed(Listing state, String version, Moment at) {
    var complete =
        read(
            state.past(),
            Weight.IN_STREAM,
            past -> Resuming.at(past, version),
            List.of(new Effect.Replace<>(version)));
    var watch = send(complete.state(), at);
    return new Turn<>(watch.state(), complete.effects(), watch.next());
  }

  private Turn<T> refusedPage(Listing state, Failure why, Moment at) {
    if (why.code() == 410 && !state.continueToken().isEmpty()) {
      return send(new Listing(state.past(), "", true), at);
    }
    return switch (why.code()) {
      case 400, 404, 410, 422 -> backOff(state.past(), Starting::with, why, Weight.AT_OPENING, at);
      default -> backOff(state.past(), state::with, why, Weight.AT_OPENING, at);
    };
  }

  private Turn<T> resuming(Resuming state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Opened<T> _ ->
          read(
              state.past(),
              Weight.AT_OPENING,
              past ->
                  new Watching(past, state.version(), state.timeoutSeconds(), at.now(), 0, false),
              List.of());
      case Input.Refused<T>(var why) ->
          refusedWatch(state.past(), state.version(), why, Weight.AT_OPENING, at);
      case Input.Broke<T>(var kind, var what) ->
          backOff(
              state.past(),
              past -> Resuming.at(past, state.version()),
              new Setback(kind, what, Weight.AT_OPENING),
              at);
      default -> throw unexpected(state, input);
    };
  }

  private Turn<T> refusedWatch(Past past, String version, Failure why, Weight weight, Moment at) {
    if (why.code() == 410 || why.causes().contains("ResourceVersionTooLarge")) {
      return backOff(past, Starting::with, why, Weight.ORDINARY, at);
    }
    return switch (why.code()) {
      case 400, 404, 422 -> backOff(past, Starting::with, why, weight, at);
      default -> backOff(past, then -> Resuming.at(then, version), why, weight, at);
    };
  }

  private Turn<T> watching(Watching state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Event<T>(var event) -> event(state, event, at);
      case Input.Ended<T> _ -> ended(state, at);
      case Input.Silent<T> _ -> {
        var again = send(Resuming.at(state.past(), state.version()), at);
        yield new Turn<>(
            again.state(), List.of(new Effect.Noted<>("a silent watch was ended")), again.next());
      }
      case Input.Broke<T>(var kind, var what) ->
          backOff(
              state.past(),
              past -> Resuming.at(past, state.version()),
              new Setback(kind, what, wasShort(state, at) ? Weight.IN_STREAM : Weight.ORDINARY),
              at);
      default -> throw unexpected(state, input);
    };
  }

  private Turn<T> event(Watching state, WatchEvent<T> event, Moment at) {
    return switch (event) {
      case WatchEvent.Added<T>(var object) -> put(state, object);
      case WatchEvent.Modified<T>(var object) -> put(state, object);
      case WatchEvent.Deleted<T>(var object) -> {
        var version = object.metadata().resourceVersion();
        yield moved(state, version, 0, new Effect.Remove<>(object, version));
      }
      case WatchEvent.Unreadable<T>(var object, var deleted) -> {
        // one without a version may be any: what is known stays
        var version = object.version().isEmpty() ? state.version() : object.version();
        yield moved(state, version, 0, new Effect.Skip<>(object, deleted, version));
      }
      case WatchEvent.Bookmark<T>(var version, _) ->
          moved(state, version, 1, new Effect.MoveTo<>(version));
      case WatchEvent.Failed<T>(var why) ->
          refusedWatch(state.past(), state.version(), why, Weight.IN_STREAM, at);
    };
  }

  private Turn<T> put(Watching state, T object) {
    var version = object.metadata().resourceVersion();
    return moved(state, version, 0, new Effect.Put<>(object, version));
  }

  /** An event older than what was seen is a repetition: it would turn the store back. */
  private Turn<T> moved(Watching state, String version, int bookmarks, Effect<T> effect) {
    var repeated = version.isEmpty() || ResourceVersion.older(version, state.version());
    return read(
        state.past().emptyWatches(0),
        Weight.IN_STREAM,
        past ->
            new Watching(
                past,
                repeated ? state.version() : version,
                state.timeoutSeconds(),
                state.openedNanos(),
                state.bookmarks() + bookmarks,
                true),
        repeated ? List.of() : List.of(effect));
  }

  private Turn<T> ended(Watching state, Moment at) {
    if (!wasShort(state, at)) {
      return send(Resuming.at(state.past().emptyWatches(0), state.version()), at);
    }
    var setback = Setback.broke("the server ended a watch at once", Weight.ORDINARY);
    var empty = state.heard() ? 0 : state.past().emptyWatches() + 1;
    return empty < EMPTY_WATCHES
        ? backOff(
            state.past().emptyWatches(empty),
            past -> Resuming.at(past, state.version()),
            setback,
            at)
        : backOff(state.past().emptyWatches(0), Starting::with, setback, at);
  }

  private boolean wasShort(Watching state, Moment at) {
    return at.now() - state.openedNanos() < limits.shortWatch().toNanos();
  }

  /** Sends what this state is there to send. */
  private Turn<T> send(WatchState state, Moment at) {
    return switch (state) {
      case Starting(var past, _) when past.paged() -> send(Listing.firstPage(past), at);
      case Starting(var past, _) -> {
        var seconds = timeoutSeconds(at);
        yield new Turn<>(
            new Starting(past, seconds),
            List.of(new Effect.BeginStaging<>()),
            new Next.Send(watched.streamedList(seconds), Next.Body.WATCH));
      }
      case Listing listing ->
          new Turn<>(
              listing,
              listing.continueToken().isEmpty() ? List.of(new Effect.BeginStaging<>()) : List.of(),
              new Next.Send(page(listing), Next.Body.LIST));
      case Resuming(var past, var version, _) -> {
        var seconds = timeoutSeconds(at);
        yield new Turn<>(
            new Resuming(past, version, seconds),
            List.of(),
            new Next.Send(watched.watch(version, seconds), Next.Body.WATCH));
      }
      case InitialEvents _, Watching _ ->
          throw new IllegalStateException("nothing to send in " + state);
    };
  }

  private ApiRequest page(Listing listing) {
    return listing.whole() ? watched.whole() : watched.page(listing.continueToken());
  }

  private long timeoutSeconds(Moment at) {
    return (long) (limits.watch().toSeconds() * (1 + at.random()));
  }

  private Turn<T> read(WatchState state, Effect<T> effect) {
    return new Turn<>(state, List.of(effect), READ);
  }

  /** Goes on reading; what just came is a sign that troubles up to this weight are over. */
  private Turn<T> read(
      Past past, Weight sign, Function<Past, WatchState> then, List<Effect<T>> effects) {
    if (past.trouble().filter(trouble -> trouble.weight().compareTo(sign) <= 0).isEmpty()) {
      return new Turn<>(then.apply(past), effects, READ);
    }
    var withHealed = new ArrayList<>(effects);
    withHealed.add(new Effect.Healed<>());
    return new Turn<>(then.apply(past.trouble(Optional.empty())), withHealed, READ);
  }

  private Turn<T> backOff(
      Past past, Function<Past, WatchState> then, Failure why, Weight weight, Moment at) {
    var retryAfter = why.retryAfter().orElse(Duration.ZERO);
    var bounded = retryAfter.compareTo(LONGEST_RETRY_AFTER) < 0 ? retryAfter : LONGEST_RETRY_AFTER;
    return backOff(
        past, then, Setback.refused(why, watched.refusal(why), weight), bounded.toNanos(), at);
  }

  private Turn<T> backOff(Past past, Function<Past, WatchState> then, Setback setback, Moment at) {
    return backOff(past, then, setback, 0, at);
  }

  private Turn<T> backOff(
      Past past, Function<Past, WatchState> then, Setback setback, long atLeast, Moment at) {
    var failed = past.failed(at.now(), limits.backoffReset().toNanos());
    var wait = limits.backoff().nanos(failed.failures(), at.random());
    var next = new Next.Wait(Math.max(wait, atLeast));
    if (setback.weight() == Weight.ORDINARY) {
      return new Turn<>(then.apply(failed), List.of(new Effect.Noted<>(setback.text())), next);
    }
    var known = past.trouble().filter(trouble -> trouble.kind().equals(setback.kind())).isPresent();
    return new Turn<>(
        then.apply(failed.trouble(Optional.of(setback))),
        known ? List.of() : List.of(new Effect.Troubled<>(setback.text())),
        next);
  }

  private static IllegalStateException unexpected(WatchState state, Input<?> input) {
    return new IllegalStateException(input + " in " + state);
  }
}
