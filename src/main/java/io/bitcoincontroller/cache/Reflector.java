package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.Turn.Next;
import io.bitcoincontroller.kube.ApiClient;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Keeps a {@link Store}, or one namespace of it, equal to what the API server has. Its loop asks
 * {@link WatchStep} what to do, does it, and comes back with the answer, which its {@link Wire}
 * brought. A second thread is the {@link Watchdog}.
 *
 * <p>Only {@link #stop} ends it: a server that is gone, a permission that was taken away, even a
 * bug of ours is reported once, waited out and tried again.
 */
public final class Reflector<T extends KubeObject> {
  /** A turn that ends this much later than it should is stuck. */
  private static final Duration STUCK = Duration.ofSeconds(60);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

  private final Watched<T> watched;
  private final Shard<T> shard;
  private final Limits limits;
  private final WatchStep<T> step;
  private final ReflectorGroup group;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final WatchLog log;
  private final Runnable synced;
  private final Health health;
  private final Wire<T> wire;
  private final Thread loop;
  private final Thread watchdog;

  /** The loop's alone. */
  private WatchState state;

  /**
   * Of the server, as the group counts them, when the last list was asked for; the loop's alone.
   */
  private int history;

  /** The same of the list that the shard holds. */
  private int held;

  private boolean toldSynced;
  private volatile boolean stopping;

  /**
   * Sends nothing before {@link #start}.
   *
   * @param namespace one of those that the store was made for; empty for all
   * @param labelSelector as in kubectl's {@code -l}; empty for all objects
   * @param group all reflectors of this server
   * @param random spreads back-off and the ends of watches; used by one thread
   * @param synced run once, when the store, or its namespace, is complete for the first time; quick
   */
  public Reflector(
      ApiClient server,
      Resource<T> resource,
      String namespace,
      String labelSelector,
      Store<T> store,
      ReflectorGroup group,
      Ticker ticker,
      RandomGenerator random,
      Log log,
      Runnable synced) {
    this(
        server,
        new Watched<>(resource, namespace, labelSelector),
        store,
        Limits.STANDARD,
        group,
        ticker,
        random,
        log,
        synced);
  }

  /** For tests, with shorter limits. */
  Reflector(
      ApiClient server,
      Watched<T> watched,
      Store<T> store,
      Limits limits,
      ReflectorGroup group,
      Ticker ticker,
      RandomGenerator random,
      Log log,
      Runnable synced) {
    this.watched = watched;
    this.shard = store.shard(watched.namespace());
    this.limits = limits;
    this.step = new WatchStep<>(watched, limits);
    this.group = group;
    this.ticker = ticker;
    this.random = random;
    this.log = new WatchLog(log, group.recorder, watched);
    this.synced = synced;
    var now = ticker.nanos();
    this.state = WatchState.Starting.of(TrackRecord.beginning(now));
    this.health = new Health(limits.stale(), ticker, now);
    this.wire =
        new Wire<>(
            server, watched.resource().type(), group.openings, limits.answer(), ticker, this.log);
    var name = "reflector " + watched.name();
    this.loop = Thread.ofVirtual().name(name).unstarted(this::run);
    var dog = new Watchdog(wire, health, limits.watchdogRound(), () -> stopping, this.log);
    this.watchdog = Thread.ofVirtual().name(name + " watchdog").unstarted(dog);
  }

  /** Once. */
  public void start() {
    wire.begin();
    loop.start();
    watchdog.start();
  }

  private void run() {
    Input<T> input = new Input.Go<>();
    while (!stopping) {
      try {
        input = turn(input);
      } catch (InterruptedException e) {
        break; // nobody but stop() has this thread
      } catch (Throwable e) {
        input = new Input.Bug<>(log.bug(e));
      }
    }
    wire.close();
  }

  private Input<T> turn(Input<T> input) throws InterruptedException {
    var moment = new Moment(ticker.nanos(), random.nextDouble(), group.outage());
    var turn = step.next(state, input, moment);
    state = turn.state();
    turn.effects().forEach(this::perform);
    health.proved(state.track().provedNanos());
    reportSynced();
    return switch (turn.next()) {
      case Next.Read _ -> read();
      case Next.Send(var request, var kind) -> {
        log.sent(kind);
        var answer = wire.open(request, kind, limits.patience(state));
        if (WatchStep.outOfReach(answer)) {
          group.outOfReach(ticker.nanos());
        }
        yield answer;
      }
      case Next.Wait(var nanos) -> wire.pause(nanos);
    };
  }

  private void perform(Effect<T> effect) {
    switch (effect) {
      case Effect.OnStore<T> onStore -> {
        if (onStore instanceof Effect.Replace<T>(var version)) {
          replacing(version);
        }
        shard.perform(onStore);
        if (onStore instanceof Effect.BeginStaging<T>) {
          history = group.history();
        }
        if (onStore instanceof Effect.Replace<T>(var version)) {
          log.record("listed", shard.contents().all().size() + " in all, as of version " + version);
          replaced();
        }
      }
      case Effect.AnotherHistory<T> _ -> group.endHistory(history);
      case Effect.Warn<T>(var text) -> {
        health.setback(text);
        log.record("trouble", text);
        if (group.begin(this, text)) {
          log.warn("watch in trouble", "why", text);
        }
      }
      case Effect.AllClear<T> _ -> {
        health.setback("");
        log.record("well", "");
        if (group.end(this)) {
          log.info("watch well again");
        }
      }
      case Effect.Note<T>(var text) -> {
        log.record("note", text);
        log.debug("watch", "what", text);
      }
    }
  }

  private void reportSynced() {
    if (!toldSynced && shard.synced()) {
      toldSynced = true;
      synced.run();
    }
  }

  /** A server that could not be reached is listed without a look at its version first. */
  private void replacing(String version) {
    if (shard.isOfAnotherHistory(version) && group.endHistory(held)) {
      log.warn("was the API server put back from a backup?", "was", shard.version, "is", version);
    }
    held = history;
  }

  /** Whatever hid it from this watch may have hidden more from the others. */
  private void replaced() {
    var lost = shard.doubts.listed(ticker.nanos());
    if (lost.isPresent() && group.endHistory(held)) {
      history = group.history(); // this list is of today
      held = history;
      log.warn(
          "an object was gone, or older, and no event had said so: all is listed anew",
          "object",
          lost.get());
    }
  }

  private boolean listIsDue(long now) {
    return shard.doubts.listIsDue(now, health.provedNanos()) || shard.roomAgain(now);
  }

  private Input<T> read() {
    if (state instanceof WatchState.Watching
        && (history != group.history() || listIsDue(ticker.nanos()))) {
      wire.close();
      return new Input.ListAgain<>();
    }
    return wire.read(limits.patience(state));
  }

  /** Ends both threads and the open stream, at once. The store stays as it is. */
  public void stop() throws InterruptedException {
    stopping = true;
    for (var thread : List.of(loop, watchdog)) {
      thread.interrupt();
    }
    wire.cut();
    for (var thread : List.of(loop, watchdog)) {
      if (thread.getState() != Thread.State.NEW && !thread.join(STOP_PATIENCE)) {
        log.warn("did not stop in time", "thread", thread.getName());
      }
    }
  }

  /**
   * For liveness: the loop turns. Every turn has a latest end (a wait, a deadline, the watchdog);
   * false means that one is long over, which only a restart cures. An unreachable server does not
   * make it false.
   */
  public boolean alive(long now) {
    return loop.getState() == Thread.State.NEW
        || stopping
        || (loop.isAlive() && now - wire.dueNanos() <= STUCK.toNanos());
  }

  /**
   * The present trouble, for readiness and people, with the resource and the namespace. The server
   * can't be reached, or refuses us, or answers nonsense. Or nothing of this is known, and yet for
   * two minutes nothing has shown that the store is as new as the server. The store stays readable,
   * and gets older.
   *
   * @return empty while all is well
   */
  public String setback() {
    var trouble = health.trouble();
    return trouble.isEmpty() ? "" : watched.name() + ": " + trouble;
  }

  /**
   * When it was last proved that the store is as new as the server, or when this was made; of the
   * Ticker. Less than a minute and a half ago if all is well.
   */
  public long provedNanos() {
    return health.provedNanos();
  }

  /**
   * When the last byte of a list or watch came, or when this was made; of the Ticker. Moves about
   * every minute even if nothing happens.
   */
  public long lastByteNanos() {
    return wire.lastByteNanos();
  }

  /** Empty for all. */
  public String namespace() {
    return watched.namespace();
  }
}
