package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.WatchState.InitialEvents;
import io.bitcoincontroller.cache.WatchState.Listing;
import io.bitcoincontroller.cache.WatchState.Probing;
import io.bitcoincontroller.cache.WatchState.Resuming;
import io.bitcoincontroller.cache.WatchState.Starting;
import io.bitcoincontroller.cache.WatchState.Watching;
import io.bitcoincontroller.timing.Backoff;
import java.time.Duration;

/**
 * How long anything may take. Tests use shorter ones.
 *
 * @param answer until the headers of an answer
 * @param initialEvents until a streamed list is complete; a server that ignores the request for
 *     initial events never says that it is. Shorter than a watch, so that this server does not end
 *     it first
 * @param page until a page of a list is complete
 * @param pageSilence between two bytes of a page
 * @param watch the server is asked to end a watch after this time and up to a tenth more, at
 *     random, so that not all watches of all clients end together; whole seconds
 * @param watchGrace a watch that its server didn't end is ended this much later
 * @param shortWatch a watch that ends earlier than this is no good sign
 * @param fresh a proof so young needs no other; a server's last bookmark comes 2 s before the end
 *     of a watch
 * @param resumable with a proof older than this, a list is due
 * @param stale with a proof older than this, nobody shall rely on the store
 * @param backoff after failures
 * @param backoffReset after this time without failures the next one counts as the first
 */
record Limits(
    Duration answer,
    Duration initialEvents,
    Duration page,
    Duration pageSilence,
    Duration watch,
    Duration watchGrace,
    Duration shortWatch,
    Duration fresh,
    Duration resumable,
    Duration stale,
    Backoff backoff,
    Duration backoffReset) {
  /**
   * When the watchdog ends a stream that is being read.
   *
   * @param openNanos at most this long after it was opened
   * @param silentNanos at most this long after its last byte
   */
  record Patience(long openNanos, long silentNanos) {}

  /**
   * A quiet watch costs a request a minute. It is shorter than the 75 s for which a server's watch
   * cache keeps events at least, and one that went silent leaves time for another before a list is
   * due. Back-off as client-go and kube-rs have it.
   */
  static final Limits STANDARD =
      new Limits(
          Duration.ofSeconds(30),
          Duration.ofSeconds(40),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(15),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(90),
          Duration.ofSeconds(120),
          new Backoff(Duration.ofMillis(800), Duration.ofSeconds(30), 1.0),
          Duration.ofMinutes(2));

  private static final Duration SHORTEST_WATCH = Duration.ofSeconds(10);

  /** A server counts from the moment at which it takes the request. */
  private static final Duration EARLIEST_END = Duration.ofSeconds(3);

  /** Each round of each watch wakes a process that otherwise sleeps. */
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(5);

  private static final long UNLIMITED = Long.MAX_VALUE;

  /** When the watchdog shall end the stream of this state. */
  Patience patience(WatchState state) {
    return switch (state) {
      case InitialEvents _ -> new Patience(initialEvents.toNanos(), UNLIMITED);
      case Watching watching -> {
        var asked = Duration.ofSeconds(watching.timeoutSeconds());
        yield new Patience(asked.plus(watchGrace).toNanos(), UNLIMITED);
      }
      case Starting _, Listing _, Probing _, Resuming _ ->
          new Patience(page.toNanos(), pageSilence.toNanos());
    };
  }

  /** How long a watch shall live that begins with a full set. */
  long watchSeconds(Moment at) {
    return (long) (watch.toSeconds() * (1 + at.random() / 10));
  }

  /** The older the last proof, the sooner the next watch shall end, since its end is one. */
  long watchSeconds(TrackRecord track, Moment at) {
    var left = resumable.minusNanos(at.now() - track.provedNanos());
    var longest = Math.max(left.toSeconds(), SHORTEST_WATCH.toSeconds());
    return Math.min(watchSeconds(at), longest);
  }

  /** Whether the server, and nobody in between, can have ended this watch by now. */
  boolean livedOut(WatchState.Watching watching, Moment at) {
    var asked = Duration.ofSeconds(watching.timeoutSeconds());
    return at.now() - watching.openedNanos() >= asked.minus(EARLIEST_END).toNanos();
  }

  /** How often the watchdog looks: a stream is ended so much too late at the most. */
  Duration watchdogRound() {
    var quarter = watchGrace.dividedBy(4);
    return quarter.compareTo(LONGEST_ROUND) < 0 ? quarter : LONGEST_ROUND;
  }
}
