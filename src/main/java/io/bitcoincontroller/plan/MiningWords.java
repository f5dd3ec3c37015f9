package io.bitcoincontroller.plan;

import io.bitcoincontroller.blocks.Subsidy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What the status says of times and coins. */
final class MiningWords {
  private MiningWords() {}

  /** As the spec has it: 1h30m. */
  static String of(Duration time) {
    var words = new StringBuilder();
    words.append(time.toHours() > 0 ? time.toHours() + "h" : "");
    words.append(time.toMinutesPart() > 0 ? time.toMinutesPart() + "m" : "");
    words.append(time.toSecondsPart() > 0 ? time.toSecondsPart() + "s" : "");
    return words.toString();
  }

  /**
   * When new coins end: people learn too late that payments stop.
   *
   * @param height of the last block
   * @param next time of the next one
   */
  static String coins(long height, Instant next, Duration interval) {
    var rule = "regtest halves the new coins of a block every 150 blocks";
    if (height + 1 >= Subsidy.END) {
      return "blocks have no new coins any more: " + rule;
    }
    var end = next.plus(interval.multipliedBy(Subsidy.END - height - 1));
    return rule + ", and ends them at height " + Subsidy.END + ", about " + minute(end);
  }

  private static Instant minute(Instant time) {
    return time.truncatedTo(ChronoUnit.MINUTES);
  }
}
