package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.cache.Limits.Patience;
import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.WatchState.Probing;
import io.bitcoincontroller.cache.WatchState.Resuming;
import io.bitcoincontroller.cache.WatchState.Starting;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Limits LIMITS = Limits.STANDARD;

  private static Limits withGrace(Duration grace) {
    return new Limits(
        LIMITS.answer(),
        LIMITS.initialEvents(),
        LIMITS.page(),
        LIMITS.pageSilence(),
        LIMITS.watch(),
        grace,
        LIMITS.shortWatch(),
        LIMITS.fresh(),
        LIMITS.resumable(),
        LIMITS.stale(),
        LIMITS.backoff(),
        LIMITS.backoffReset());
  }

  /** A stream is opened in the state that asked for it, before a turn says what it is. */
  @Test
  void aStreamThatIsJustOpenedHasThePatienceOfAPage() {
    var page = new Patience(300 * SECOND, 30 * SECOND);
    var track = TrackRecord.beginning(0);
    assertEquals(page, LIMITS.patience(Starting.of(track)));
    assertEquals(page, LIMITS.patience(Probing.after(track, Span.at("12"))));
    assertEquals(page, LIMITS.patience(Resuming.at(track, Span.at("12"))));
  }

  @Test
  void theWatchdogLooksEveryFiveSecondsAndFourTimesInTheGraceOfAWatch() {
    assertEquals(Duration.ofMillis(3750), LIMITS.watchdogRound());
    assertEquals(Duration.ofSeconds(5), withGrace(Duration.ofMinutes(1)).watchdogRound());
    assertEquals(Duration.ofMillis(50), withGrace(Duration.ofMillis(200)).watchdogRound());
  }

  @Test
  void theOlderTheProofTheShorterTheNextWatch() {
    var track = TrackRecord.beginning(0);
    assertEquals(60, LIMITS.watchSeconds(track, new Moment(0, 0, OptionalLong.empty())));
    assertEquals(65, LIMITS.watchSeconds(track, new Moment(0, 0.999, OptionalLong.empty())));
    assertEquals(
        30, LIMITS.watchSeconds(track, new Moment(60 * SECOND, 0.5, OptionalLong.empty())));
    assertEquals(
        10, LIMITS.watchSeconds(track, new Moment(89 * SECOND, 0.5, OptionalLong.empty())));
    assertEquals(
        10, LIMITS.watchSeconds(track, new Moment(500 * SECOND, 0.5, OptionalLong.empty())));
  }

  /** The arithmetic of the one rule: a watch may go silent, and the next one as well. */
  @Test
  void twoSilentWatchesInARowAreOverBeforeAnythingIsStale() {
    var most = LIMITS.watch().plus(LIMITS.watch().dividedBy(10)).plus(overtime());
    var second = Duration.ofSeconds(10).plus(overtime());
    assertTrue(most.compareTo(LIMITS.resumable()) < 0, "the second is no list");
    assertTrue(most.plus(second).compareTo(LIMITS.resumable()) > 0, "the third is one");
    assertTrue(most.plus(second).compareTo(LIMITS.stale()) < 0, "in time");
  }

  @Test
  void aServerThatIgnoresTheRequestForAListIsFoundOutBeforeItEndsTheWatch() {
    var last = LIMITS.initialEvents().plus(LIMITS.watchdogRound());
    assertTrue(last.compareTo(LIMITS.watch()) < 0);
  }

  private static Duration overtime() {
    return LIMITS.watchGrace().plus(LIMITS.watchdogRound());
  }
}
