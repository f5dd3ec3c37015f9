package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

  @Test
  void theWatchdogLooksEverySecondAndFourTimesInTheShortestSilenceThatItEnds() {
    assertEquals(Duration.ofSeconds(1), Limits.STANDARD.watchdogRound());
    assertEquals(Duration.ofSeconds(1), withSilence(Duration.ofSeconds(4)).watchdogRound());
    assertEquals(Duration.ofMillis(50), withSilence(Duration.ofMillis(200)).watchdogRound());
  }
}
