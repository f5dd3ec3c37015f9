package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.WatchState.InitialEvents;
import io.bitcoincontroller.cache.WatchState.Listing;
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
 *     initial events never says that it is
 * @param page until a page of a list is complete
 * @param pageSilence between two bytes of a page
 * @param watch the server is asked to end a watch after once to twice this time, at random, so that
 *     not all watches of all clients end together; whole seconds
 * @param watchGrace a watch that its server didn't end is ended this much later
 * @param watchSilence between two bytes of a watch, once it is known that its server sends
 *     bookmarks, which is about once a minute
 * @param shortWatch a watch that ends earlier than this is no good sign
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
    Duration watchSilence,
    Duration shortWatch,
    Backoff backoff,
    Duration backoffReset) {
  /** Watch times and back-off as client-go and kube-rs have them. */
  static final Limits STANDARD =
      new Limits(
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(300),
          Duration.ofSeconds(30),
          Duration.ofSeconds(150),
          Duration.ofSeconds(1),
          new Backoff(Duration.ofMillis(800), Duration.ofSeconds(30), 1.0),
          Duration.ofMinutes(2));

  /** One comes about every minute; the second shows that the first was no accident. */
  private static final int BOOKMARKS_TO_COUNT_ON = 2;

  /** Each round of each watch wakes a process that otherwise sleeps. */
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(5);

  private static final long UNLIMITED = Long.MAX_VALUE;

  /** When the watchdog shall end the stream of this state. */
  Patience patience(WatchState state) {
    return switch (state) {
      case InitialEvents _ -> new Patience(initialEvents.toNanos(), UNLIMITED);
      case Watching watching -> {
        var asked = Duration.ofSeconds(watching.timeoutSeconds());
        var bookmarked = watching.bookmarks() >= BOOKMARKS_TO_COUNT_ON;
        yield new Patience(
            asked.plus(watchGrace).toNanos(), bookmarked ? watchSilence.toNanos() : UNLIMITED);
      }
      case Starting _, Listing _, Resuming _ -> new Patience(page.toNanos(), pageSilence.toNanos());
    };
  }

  /** How often the watchdog looks: a stream is ended so much too late at the most. */
  Duration watchdogRound() {
    var quarter = watchSilence().dividedBy(4);
    return quarter.compareTo(LONGEST_ROUND) < 0 ? quarter : LONGEST_ROUND;
  }
}
