package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Setback.Weight;
import io.bitcoincontroller.cache.WatchState.InitialEvents;
import io.bitcoincontroller.cache.WatchState.Listing;
import io.bitcoincontroller.cache.WatchState.Probing;
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
  /** client-go lists again after this many very short watches, too. */
  private static final int FRUITLESS_WATCHES = 3;

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
      case Probing probing -> probing(probing, input, at);
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
              state.past().proved(at.now()),
              Weight.IN_STREAM,
              past ->
                  new Watching(past, Span.at(version), state.timeoutSeconds(), state.openedNanos()),
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
          backOff(state.past(), Starting::with, new Setback(kind, what, Weight.IN_STREAM), at);
      case Input.Silent<T> _ ->
          backOff(
              state.past(),
              Starting::with,
              Setback.broke("a page of a list did not come in time", Weight.IN_STREAM),
              at);
      default -> throw unexpected(state, input);
    };
  }

  private Turn<T> listed(Listing state, String version, Moment at) {
    var complete =
        read(
            state.past().proved(at.now()),
            Weight.IN_STREAM,
            past -> Resuming.at(past, Span.at(version)),
            List.of(new Effect.Replace<>(version)));
    return thenSend(complete, at);
  }

  private Turn<T> refusedPage(Listing state, Failure why, Moment at) {
    if (why.code() == 410 && !state.continueToken().isEmpty()) {
      return send(new Listing(state.past(), "", true), at);
    }
    return switch (why.code()) {
      case 401, 403, 429 -> backOff(state.past(), state::with, why, Weight.AT_OPENING, at);
      default -> backOff(state.past(), Starting::with, why, Weight.AT_OPENING, at);
    };
  }

  private Turn<T> probing(Probing state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Opened<T> _, Input.Item<T> _, Input.Unreadable<T> _ ->
          new Turn<>(state, List.of(), READ);
      case Input.PageEnd<T>(var version, _) -> probed(state, version, at);
      case Input.Refused<T>(var why) -> refused(state.past(), state.span(), why, at);
      case Input.Broke<T>(var kind, var what) ->
          backOff(state.past(), Starting::with, new Setback(kind, what, Weight.AT_OPENING), at);
      case Input.Silent<T> _ ->
          backOff(
              state.past(),
              Starting::with,
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
      return backOff(state.past(), Starting::with, setback, at);
    }
    if (!state.livedOut()) {
      return send(Resuming.at(state.past(), span), at);
    }
    var proved =
        read(
            state.past().proved(at.now()),
            Weight.IN_STREAM,
            past -> Resuming.at(past, span.proved(span.version())),
            List.of());
    return thenSend(proved, at);
  }

  private Turn<T> resuming(Resuming state, Input<T> input, Moment at) {
    return switch (input) {
      case Input.Opened<T> _ ->
          read(
              state.past(),
              Weight.AT_OPENING,
              past ->
                  new Watching(past, state.span().watchOpened(), state.timeoutSeconds(), at.now()),
              List.of(new Effect.Forget<>(state.span().begin())));
      case Input.Refused<T>(var why) -> refused(state.past(), state.span(), why, at);
      case Input.Broke<T>(var kind, var what) ->
          backOff(state.past(), Starting::with, new Setback(kind, what, Weight.AT_OPENING), at);
      default -> throw unexpected(state, input);
    };
  }

  /** Before its first byte: of a refusal that is about us, a list would be refused as well. */
  private Turn<T> refused(Past past, Span span, Failure why, Moment at) {
    return switch (why.code()) {
      case 401, 403, 429 ->
          backOff(past, then -> Probing.after(then, span), why, Weight.AT_OPENING, at);
      default -> {
        var weight = lostHistory(why) ? Weight.ORDINARY : Weight.AT_OPENING;
        yield backOff(past, Starting::with, why, weight, at);
      }
    };
  }

  private static boolean lostHistory(Failure why) {
    return why.code() == 410 || why.causes().contains("ResourceVersionTooLarge");
  }

  private Turn<T> watching(Watching state, Input<T> input, Moment at) {
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
        var noted = new Effect.Noted<T>("a silent watch was ended");
        yield thenSend(
            new Turn<>(Probing.after(state.past(), state.span()), List.of(noted), READ), at);
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
          backOff(state.past(), Starting::with, why, Weight.ORDINARY, at);
      case WatchEvent.Failed<T>(var why) ->
          fruitless(
              state,
              Setback.refused(why, watched.refusal(why), Weight.IN_STREAM),
              why.retryAfter().orElse(Duration.ZERO),
              at);
    };
  }

  private Turn<T> put(Watching state, T object, Moment at) {
    var version = object.metadata().resourceVersion();
    return happened(state, version, new Effect.Put<>(object, version), at);
  }

  /**
   * What is a repetition, {@link Part} knows, object by object; it is no proof. Nor is what has no
   * version, of which not even the key is known.
   */
  private Turn<T> happened(Watching state, String version, Effect<T> effect, Moment at) {
    return version.isEmpty() || ResourceVersion.reached(state.span().version(), version)
        ? read(state, effect)
        : proved(state, version, effect, at);
  }

  private Turn<T> bookmark(Watching state, String version, Moment at) {
    return version.isEmpty() || ResourceVersion.older(version, state.span().version())
        ? new Turn<>(state, List.of(), READ)
        : proved(state, version, new Effect.MoveTo<>(version), at);
  }

  /** In a watch nothing overtakes: with this version, all before it has come. */
  private Turn<T> proved(Watching state, String version, Effect<T> effect, Moment at) {
    return read(
        state.past().proved(at.now()),
        Weight.IN_STREAM,
        past ->
            new Watching(
                past, state.span().proved(version), state.timeoutSeconds(), state.openedNanos()),
        List.of(effect));
  }

  private Turn<T> ended(Watching state, Moment at) {
    var provedJustNow = at.now() - state.past().provedNanos() < limits.fresh().toNanos();
    return send(
        provedJustNow
            ? Resuming.at(state.past(), state.span())
            : new Probing(state.past(), state.span(), limits.livedOut(state, at)),
        at);
  }

  /** The watch was accepted and went wrong: again, but not for ever. */
  private Turn<T> fruitless(Watching state, Setback setback, Duration atLeast, Moment at) {
    var past = state.past().fruitless(state.past().fruitless() + 1);
    return backOff(past, then -> Probing.after(then, state.span()), setback, atLeast, at);
  }

  /**
   * Something in between may end all watches so, and pass nothing on. After one of these, a short
   * watch that lives out its time in silence may have ended by the same hand.
   */
  private boolean wasEarlyAndMute(Watching state, Moment at) {
    var asExpected = limits.livedOut(state, at) && state.past().fruitless() == 0;
    return !asExpected && state.past().provedNanos() <= state.openedNanos();
  }

  private boolean wasShort(Watching state, Moment at) {
    return at.now() - state.openedNanos() < limits.shortWatch().toNanos();
  }

  /** Sends what this state is there to send, or asks for a list if one is due by now. */
  private Turn<T> send(WatchState state, Moment at) {
    return switch (state) {
      case Starting(var past, _) when past.paged() -> send(Listing.firstPage(past), at);
      case Starting(var past, _) -> {
        var seconds = limits.watchSeconds(at);
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
      case Probing(var past, _, _) when listIsDue(past, at) -> send(Starting.with(past), at);
      case Probing _ ->
          new Turn<>(state, List.of(), new Next.Send(watched.probe(), Next.Body.LIST));
      case Resuming(var past, var span, _) -> {
        var seconds = limits.watchSeconds(past, at);
        yield new Turn<>(
            new Resuming(past, span, seconds),
            List.of(),
            new Next.Send(watched.watch(span.begin(), seconds), Next.Body.WATCH));
      }
      case InitialEvents _, Watching _ ->
          throw new IllegalStateException("nothing to send in " + state);
    };
  }

  private boolean listIsDue(Past past, Moment at) {
    return past.fruitless() >= FRUITLESS_WATCHES
        || at.now() - past.provedNanos() > limits.resumable().toNanos();
  }

  /** After these effects. */
  private Turn<T> thenSend(Turn<T> turn, Moment at) {
    var sent = send(turn.state(), at);
    var effects = new ArrayList<>(turn.effects());
    effects.addAll(sent.effects());
    return new Turn<>(sent.state(), effects, sent.next());
  }

  private ApiRequest page(Listing listing) {
    return listing.whole() ? watched.whole() : watched.page(listing.continueToken());
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
    var setback = Setback.refused(why, watched.refusal(why), weight);
    return backOff(past, then, setback, why.retryAfter().orElse(Duration.ZERO), at);
  }

  private Turn<T> backOff(Past past, Function<Past, WatchState> then, Setback setback, Moment at) {
    return backOff(past, then, setback, Duration.ZERO, at);
  }

  private Turn<T> backOff(
      Past past, Function<Past, WatchState> then, Setback setback, Duration atLeast, Moment at) {
    var failed = past.failed(at.now(), limits.backoffReset().toNanos());
    var wait = limits.backoff().nanos(failed.failures(), at.random());
    var bounded = atLeast.compareTo(LONGEST_RETRY_AFTER) < 0 ? atLeast : LONGEST_RETRY_AFTER;
    var next = new Next.Wait(Math.max(wait, bounded.toNanos()));
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
