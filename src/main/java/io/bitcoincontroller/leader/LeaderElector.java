package io.bitcoincontroller.leader;

import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Takes part in an election until stopped: carries out what {@link Election} decides, on one
 * thread.
 */
public final class LeaderElector {
  /**
   * Hears of the election. Called on the elector's thread, one call at a time: {@code started} must
   * return at once, else the lease is not renewed; {@code stopped} returns when nothing acts any
   * more, and until then the elector does not compete again.
   */
  public interface Listener {
    void started();

    /** The lease was lost. Not called for {@link LeaderElector#stop}, whose caller knows. */
    void stopped() throws InterruptedException;
  }

  private final Election election;
  private final LeaseRequests requests;
  private final ApiSender sender;
  private final Listener listener;
  private final Ticker ticker;
  private final Supplier<Instant> wallClock;
  private final RandomGenerator random;
  private final Log log;
  private final LastSaid<String> lastSaid = new LastSaid<>();
  private final String lease;
  private final String me;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("leader-elector").unstarted(this::run);

  private volatile Election.State state = new Election.State.Following(Optional.empty());

  /**
   * Starts nothing yet.
   *
   * @param key of the Lease; it is made if it does not exist
   * @param me who we are: unique for each start of each process, such as the pod's name and a
   *     random number
   * @param wallClock for the times that people read in the Lease; decides nothing
   */
  public LeaderElector(
      ObjectKey key,
      String me,
      LeaseTimes times,
      ApiSender sender,
      Listener listener,
      Ticker ticker,
      Supplier<Instant> wallClock,
      RandomGenerator random,
      Log log,
      Metrics metrics) {
    this.election = new Election(me, times);
    this.requests = new LeaseRequests(key, me, times);
    this.sender = sender;
    this.listener = listener;
    this.ticker = ticker;
    this.wallClock = wallClock;
    this.random = random;
    this.log = log;
    this.lease = key.toString();
    this.me = me;
    metrics.gauge(
        "leader_election_master_status",
        "1: this process leads",
        () -> leads() ? 1 : 0,
        "name",
        key.name());
  }

  public void start() {
    thread.start();
  }

  /**
   * Whether this process may act now. Asked before every request that changes something: a process
   * that was frozen past its deadline gets false at once when it wakes up.
   */
  public boolean leads() {
    return election.leads(state, ticker.nanos());
  }

  /** For a health check: an elector that has ended by a bug never leads again; restart it. */
  public Optional<String> trouble() {
    var ended = thread.getState() == Thread.State.TERMINATED && stopping.getCount() > 0;
    return ended ? Optional.of("the elector's thread has ended, see the log") : Optional.empty();
  }

  /**
   * Leaves the election and gives the lease up: another takes it within one retry. To be called
   * when the workers have stopped.
   *
   * @return whether the elector ended within the bound
   */
  public boolean stop(Duration bound) throws InterruptedException {
    stopping.countDown();
    return thread.getState() == Thread.State.NEW || thread.join(bound);
  }

  private void run() {
    Election.Input input = new Election.Input.Go();
    try {
      while (stopping.getCount() > 0) {
        var turn = election.next(state, input, ticker.nanos(), random.nextDouble());
        become(turn.state());
        input = perform(turn.next());
      }
      // a lease that was taken in the last moment has to be given up as well
      state = election.next(state, input, ticker.nanos(), random.nextDouble()).state();
      release();
    } catch (InterruptedException e) {
      // interrupt means stop, and this is the top of the thread; the lease runs out by itself
    } catch (RuntimeException e) {
      state = new Election.State.Following(Optional.empty());
      log.bug("the election ended", e, "lease", lease);
    }
  }

  private void become(Election.State next) throws InterruptedException {
    var before = state instanceof Election.State.Leading;
    var after = next instanceof Election.State.Leading;
    state = next;
    if (after && !before) {
      log.info("leading", "lease", lease, "identity", me);
      listener.started();
    } else if (before && !after) {
      log.warn("the lease is lost", "lease", lease, "identity", me);
      listener.stopped();
    }
  }

  private Election.Input perform(Election.Next next) throws InterruptedException {
    return switch (next) {
      case Election.Next.Wait(var nanos) -> {
        var _ = stopping.await(nanos, TimeUnit.NANOSECONDS);
        yield new Election.Input.Go();
      }
      case Election.Next.Read() -> ask(requests.read(), false);
      case Election.Next.Create() -> ask(requests.create(wallClock.get()), true);
      case Election.Next.Write(var base) -> ask(requests.write(base, wallClock.get()), true);
    };
  }

  private Election.Input ask(ApiRequest request, boolean write) throws InterruptedException {
    var askedAt = ticker.nanos();
    try {
      var reply = sender.send(request, Duration.ofNanos(election.answerNanos(state, askedAt)));
      return switch (reply) {
        case Reply.Success(var _, var body) -> {
          var stored = Json.read(body, Lease.class);
          lastSaid.clear(lease);
          yield write
              ? new Election.Input.Stored(stored, askedAt)
              : new Election.Input.Found(stored);
        }
        case Reply.Failure failure when failure.code() == 404 && !isCreate(request) ->
            new Election.Input.Absent();
        case Reply.Failure failure when failure.code() == 409 -> new Election.Input.Conflict();
        case Reply.Failure failure -> trouble(failure.text());
      };
    } catch (IOException e) {
      return trouble(e.toString());
    } catch (IllegalArgumentException e) {
      return trouble("the server's answer is no Lease: " + e.getMessage());
    }
  }

  /** A 404 to a POST means that the namespace is not there: making the Lease is no way out. */
  private static boolean isCreate(ApiRequest request) {
    return request.method().equals("POST");
  }

  private Election.Input trouble(String why) {
    // a leader whose time has ended is about to log that the lease is lost: no second line
    var over = state instanceof Election.State.Leading && !leads();
    if (!over && lastSaid.isNew(lease, why)) {
      log.warn("the lease can't be read or written", "lease", lease, "reason", why);
    }
    return new Election.Input.NoAnswer();
  }

  /** A renewal whose answer was lost makes ours an old basis: then read, and once more. */
  private void release() throws InterruptedException {
    if (!(state instanceof Election.State.Leading leading)) {
      return;
    }
    var input = ask(requests.release(leading.lease(), wallClock.get()), true);
    if (input instanceof Election.Input.Conflict
        && ask(requests.read(), false) instanceof Election.Input.Found(var found)
        && found.spec().holderIdentity().equals(me)) {
      input = ask(requests.release(found, wallClock.get()), true);
    }
    state = new Election.State.Following(Optional.empty());
    log.info(
        "the lease is given up",
        "lease",
        lease,
        "released",
        input instanceof Election.Input.Stored);
  }
}
