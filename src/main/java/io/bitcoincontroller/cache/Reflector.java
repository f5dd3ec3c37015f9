package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.Turn.Next;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Keeps a {@link Store}, or one namespace of it, equal to what the API server has: the thin shell
 * around {@link WatchStep}. One virtual thread takes turn after turn, another is the watchdog that
 * ends a stream which went silent.
 *
 * <p>Only {@link #stop} ends it: a server that is gone, a permission that was taken away, even a
 * bug of ours is reported once, waited out and tried again.
 */
public final class Reflector<T extends KubeObject> {
  /** A turn that ends this much later than it should is stuck. */
  private static final Duration STUCK = Duration.ofSeconds(60);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

  private final ApiServer server;
  private final Resource<T> resource;
  private final String namespace;
  private final Shard<T> shard;
  private final Limits limits;
  private final WatchStep<T> step;
  private final ReflectorGroup group;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final Log log;
  private final Runnable synced;
  private final Thread loop;
  private final Thread watchdog;

  /** The loop's alone. */
  private WatchState state;

  /** The loop's alone: reads from {@link #stream}. */
  private Source<T> source = Source.none();

  private boolean toldSynced;
  private String lastBug = "";

  private volatile Optional<GuardedStream> stream = Optional.empty();
  private volatile boolean stopping;
  private volatile String setback = "";
  private volatile long lastByteNanos;
  private volatile long provedNanos;

  /** When the turn in hand is over at the latest. */
  private volatile long dueNanos;

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
      ApiServer server,
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
      ApiServer server,
      Watched<T> watched,
      Store<T> store,
      Limits limits,
      ReflectorGroup group,
      Ticker ticker,
      RandomGenerator random,
      Log log,
      Runnable synced) {
    this.server = server;
    this.resource = watched.resource();
    this.namespace = watched.namespace();
    this.shard = store.shard(namespace);
    this.limits = limits;
    this.step = new WatchStep<>(watched, limits);
    this.group = group;
    this.ticker = ticker;
    this.random = random;
    this.log = log;
    this.synced = synced;
    this.lastByteNanos = ticker.nanos();
    this.provedNanos = lastByteNanos;
    this.state = WatchState.Starting.of(TrackRecord.beginning(lastByteNanos));
    var name = "reflector " + name();
    this.loop = Thread.ofVirtual().name(name).unstarted(this::run);
    this.watchdog = Thread.ofVirtual().name(name + " watchdog").unstarted(this::endSilentStreams);
  }

  private String name() {
    return resource.plural() + (namespace.isEmpty() ? "" : " in namespace " + namespace);
  }

  /** Empty for all. */
  public String namespace() {
    return namespace;
  }

  /** Once. */
  public void start() {
    dueNanos = ticker.nanos();
    loop.start();
    watchdog.start();
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
    var known = setback.isEmpty() ? staleness() : setback;
    return known.isEmpty() ? "" : name() + ": " + known;
  }

  private String staleness() {
    var age = Duration.ofNanos(ticker.nanos() - provedNanos);
    return age.compareTo(limits.stale()) <= 0
        ? ""
        : "for "
            + age.toSeconds()
            + " s nothing has shown that what is known is as new as the API server";
  }

  /**
   * When it was last proved that the store is as new as the server, or when this was made; of the
   * Ticker. Less than a minute and a half ago if all is well.
   */
  public long provedNanos() {
    return provedNanos;
  }

  /**
   * When the last byte of a list or watch came, or when this was made; of the Ticker. Moves about
   * every minute even if nothing happens.
   */
  public long lastByteNanos() {
    return stream.map(GuardedStream::lastByteNanos).orElse(lastByteNanos);
  }

  /**
   * For liveness: the loop turns. Every turn has a latest end (a wait, a deadline, the watchdog);
   * false means that one is long over, which only a restart cures. An unreachable server does not
   * make it false.
   */
  public boolean alive(long now) {
    return loop.getState() == Thread.State.NEW
        || stopping
        || (loop.isAlive() && now - dueNanos <= STUCK.toNanos());
  }

  /** Ends both threads and the open stream, at once. The store stays as it is. */
  public void stop() throws InterruptedException {
    stopping = true;
    for (var thread : List.of(loop, watchdog)) {
      thread.interrupt();
    }
    stream.ifPresent(this::close);
    for (var thread : List.of(loop, watchdog)) {
      if (thread.getState() != Thread.State.NEW && !thread.join(STOP_PATIENCE)) {
        log.warn("did not stop in time", "thread", thread.getName());
      }
    }
  }

  private void run() {
    Input<T> input = new Input.Go<>();
    while (!stopping) {
      try {
        input = turn(input);
      } catch (InterruptedException e) {
        break; // nobody but stop() has this thread
      } catch (Throwable e) {
        input = new Input.Bug<>(bug(e));
      }
    }
    closeStream();
  }

  private Input<T> turn(Input<T> input) throws InterruptedException {
    var moment = new Moment(ticker.nanos(), random.nextDouble());
    var turn = step.next(state, input, moment);
    state = turn.state();
    turn.effects().forEach(this::perform);
    provedNanos = state.track().provedNanos();
    if (!toldSynced && shard.synced()) {
      toldSynced = true;
      synced.run();
    }
    return switch (turn.next()) {
      case Next.Read _ -> read();
      case Next.Send(var request, var kind) -> {
        closeStream();
        yield open(request, kind);
      }
      case Next.Wait(var nanos) -> {
        closeStream();
        dueNanos = ticker.nanos() + nanos;
        Thread.sleep(Duration.ofNanos(nanos));
        yield new Input.Go<>();
      }
    };
  }

  private void perform(Effect<T> effect) {
    switch (effect) {
      case Effect.OnStore<T> onStore -> shard.perform(onStore);
      case Effect.Warn<T>(var text) -> {
        setback = text;
        if (group.begin(this, text)) {
          log.warn("watch in trouble", about("why", text));
        }
      }
      case Effect.AllClear<T> _ -> {
        setback = "";
        if (group.end(this)) {
          log.info("watch well again", about());
        }
      }
      case Effect.Note<T>(var text) -> log.debug("watch", about("what", text));
    }
  }

  private Input<T> open(ApiRequest request, Next.Body kind) throws InterruptedException {
    // whoever is waited for has a latest end
    dueNanos = ticker.nanos() + Long.MAX_VALUE / 2;
    group.openings.acquire();
    try {
      return opened(request, kind);
    } finally {
      group.openings.release();
    }
  }

  private Input<T> opened(ApiRequest request, Next.Body kind) throws InterruptedException {
    // twice: a 401 makes a second request with a fresh token
    dueNanos = ticker.nanos() + 2 * limits.answer().toNanos();
    try {
      return switch (server.open(request, limits.answer())) {
        case ApiServer.Opening.Refused(var why) -> new Input.Refused<>(why);
        case ApiServer.Opening.Streaming(var body) -> {
          var guarded = new GuardedStream(body, limits.patience(state), ticker);
          stream = Optional.of(guarded);
          source = Source.of(kind, guarded, resource.type());
          yield new Input.Opened<>();
        }
      };
    } catch (IOException e) {
      return Input.Broke.of(e);
    }
  }

  private Input<T> read() {
    if (state instanceof WatchState.Watching && shard.roomAgain(ticker.nanos())) {
      closeStream();
      return new Input.RoomAgain<>();
    }
    var open = stream.orElseThrow();
    open.patience(limits.patience(state));
    dueNanos = open.endsAt();
    try {
      return source.next();
    } catch (IOException e) {
      return open.endedByWatchdog() ? new Input.Silent<>() : Input.Broke.of(e);
    }
  }

  private void closeStream() {
    stream.ifPresent(
        open -> {
          lastByteNanos = open.lastByteNanos();
          close(open);
        });
    stream = Optional.empty();
    source = Source.none();
  }

  private void close(InputStream open) {
    try {
      open.close();
    } catch (IOException e) {
      log.debug("closing a stream", about("failed", Input.describe(e)));
    }
  }

  private void endSilentStreams() {
    var warned = false;
    while (!stopping) {
      try {
        Thread.sleep(limits.watchdogRound());
        var open = stream;
        if (open.isPresent()) {
          open.get().endIfOverdue(ticker.nanos());
        }
        var stale = setback.isEmpty() && !staleness().isEmpty();
        if (stale && !warned) {
          log.warn("watch may be out of date", about("why", staleness()));
        }
        warned = stale;
      } catch (InterruptedException e) {
        return; // nobody but stop() has this thread
      } catch (Throwable e) {
        bug(e);
      }
    }
  }

  /** The same bug again and again is one report. */
  private synchronized String bug(Throwable bug) {
    var text = Input.describe(bug);
    if (!text.equals(lastBug)) {
      lastBug = text;
      log.bug("watch", bug, about());
    }
    return text;
  }

  private Object[] about(Object... keyAndValue) {
    var all = new Object[keyAndValue.length + 4];
    all[0] = "resource";
    all[1] = resource.plural();
    all[2] = "namespace";
    all[3] = namespace.isEmpty() ? "all" : namespace;
    System.arraycopy(keyAndValue, 0, all, 4, keyAndValue.length);
    return all;
  }
}
