package io.bitcoincontroller.cache;

import java.util.OptionalInt;

/** How many log lines a minute: what tenants do is not to fill the log. Safe for many threads. */
final class RateOfLines {
  private static final int A_MINUTE = 20;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private long began;
  private int asked;

  /**
   * Asks for one more line.
   *
   * @return empty if the line shall not be written; else how many were left out since the last
   *     answer
   */
  synchronized OptionalInt allow(long now) {
    var unwritten = 0;
    if (asked == 0 || now - began >= MINUTE_NANOS) {
      unwritten = Math.max(0, asked - A_MINUTE);
      began = now;
      asked = 0;
    }
    asked++;
    return asked <= A_MINUTE ? OptionalInt.of(unwritten) : OptionalInt.empty();
  }
}
