package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.Turn.Next;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.observe.LogLines;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;

/**
 * A reflector without threads, clock or network: the real step, readers and store, driven by hand
 * in simulated time. Does turn for turn what {@link Reflector} does.
 */
final class SimulatedReflector<T extends KubeObject> {
  /**
   * What stands for the network: no connection is an IOException, and so is a stream that breaks.
   */
  interface Wire {
    ApiServer.Opening open(ApiRequest request) throws IOException;
  }

  /** Nothing more comes, and the stream does not end: the watchdog has to. */
  static final class Silence extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Sees every turn after its effects were performed. */
  interface Witness<T extends KubeObject> {
    void saw(Turn<T> turn);
  }

  final Store<T> store;
  final Shard<T> shard;
  private final Watched<T> watched;
  private final WatchStep<T> step;
  private final Wire wire;
  private final DoubleSupplier random;
  private final Witness<T> witness;
  private Input<T> input = new Input.Go<>();
  private Source<T> source = Source.none();
  private long openedNanos;
  private long heardNanos;
  private long lookAt = Long.MAX_VALUE;
  private Runnable look = () -> {};
  WatchState state = WatchState.Starting.of(TrackRecord.beginning(0));
  long nowNanos;

  SimulatedReflector(Watched<T> watched, Wire wire, DoubleSupplier random, Witness<T> witness) {
    this(watched, wire, random, witness, object -> object, new Budget(Long.MAX_VALUE));
  }

  SimulatedReflector(
      Watched<T> watched,
      Wire wire,
      DoubleSupplier random,
      Witness<T> witness,
      UnaryOperator<T> kept,
      Budget budget) {
    this.watched = watched;
    this.step = new WatchStep<>(watched, Limits.STANDARD);
    this.wire = wire;
    this.random = random;
    this.witness = witness;
    this.store =
        new Store<>(
            watched.resource().plural(),
            Set.of(),
            _ -> Optional.empty(),
            kept,
            _ -> 0,
            budget,
            () -> nowNanos,
            LogLines.onStandardError());
    this.shard = store.shard("");
  }

  void turn() {
    var turn =
        step.next(state, input, new Moment(nowNanos, random.getAsDouble(), OptionalLong.empty()));
    state = turn.state();
    for (var effect : turn.effects()) {
      if (effect instanceof Effect.OnStore<T> onStore) {
        shard.perform(onStore);
      }
    }
    witness.saw(turn);
    input =
        switch (turn.next()) {
          case Next.Read _ -> read();
          case Next.Send(var request, var kind) -> open(request, kind);
          case Next.Wait(var nanos) -> {
            pass(nanos);
            yield new Input.Go<>();
          }
        };
  }

  /** Once, when this moment has come, whatever the reflector waits for. */
  void lookAt(long nanos, Runnable what) {
    lookAt = nanos;
    look = what;
  }

  void pass(long nanos) {
    var then = nowNanos + nanos;
    if (nowNanos <= lookAt && lookAt < then) {
      nowNanos = lookAt;
      lookAt = Long.MAX_VALUE;
      look.run();
    }
    nowNanos = then;
  }

  /** As {@link Reflector#setback} has it. */
  boolean hasSetback() {
    return state.track().setback().isPresent()
        || nowNanos - state.track().provedNanos() > Limits.STANDARD.stale().toNanos();
  }

  private Input<T> open(ApiRequest request, Next.Body kind) {
    try {
      return switch (wire.open(request)) {
        case ApiServer.Opening.Refused(var why) -> new Input.Refused<>(why);
        case ApiServer.Opening.Streaming(var body) -> {
          source = Source.of(kind, body, watched.resource().type());
          openedNanos = nowNanos;
          heardNanos = nowNanos;
          yield new Input.Opened<>();
        }
      };
    } catch (IOException e) {
      return Input.Broke.of(e);
    }
  }

  private Input<T> read() {
    try {
      var next = source.next();
      heardNanos = nowNanos;
      return next;
    } catch (Silence e) {
      pass(watchdogEndsAt() - nowNanos);
      return new Input.Silent<>();
    } catch (IOException e) {
      return Input.Broke.of(e);
    }
  }

  private long watchdogEndsAt() {
    var patience = Limits.STANDARD.patience(state);
    var byAge = openedNanos + patience.openNanos();
    var overdue =
        patience.silentNanos() == Long.MAX_VALUE
            ? byAge
            : Math.min(byAge, heardNanos + patience.silentNanos());
    return overdue + Limits.STANDARD.watchdogRound().toNanos();
  }
}
