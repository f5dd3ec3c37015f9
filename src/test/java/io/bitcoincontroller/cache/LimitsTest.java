package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.cache.WatchState.Resuming;
import io.bitcoincontroller.cache.WatchState.Starting;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static Limits withSilence(Duration silence) {
    var limits = Limits.STANDARD;
    return new Limits(
        limits.answer(),
        limits.initialEvents(),
        limits.page(),
        limits.pageSilence(),
        limits.watch(),
        limits.watchGrace(),
        silence,
        limits.shortWatch(),
        limits.backoff(),
        limits.backoffReset());
  }

  /** A stream is opened in the state that asked for it, before a turn says what it is. */
  @Test
  void aStreamThatIsJustOpenedHasThePatienceOfAPage() {
    var page = new Patience(300_000_000_000L, 30_000_000_000L);
    assertEquals(page, Limits.STANDARD.patience(Starting.with(Past.NONE)));
    assertEquals(page, Limits.STANDARD.patience(Resuming.at(Past.NONE, "12")));
  }

  @Test
  void theWatchdogLooksEveryFiveSecondsAndFourTimesInTheShortestSilenceThatItEnds() {
    assertEquals(Duration.ofSeconds(5), Limits.STANDARD.watchdogRound());
    assertEquals(Duration.ofSeconds(5), withSilence(Duration.ofSeconds(20)).watchdogRound());
    assertEquals(Duration.ofMillis(50), withSilence(Duration.ofMillis(200)).watchdogRound());
  }
}
