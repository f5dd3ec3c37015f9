package io.bitcoincontroller.cache;

/** How many log lines a minute: what tenants do is not to fill the log. Safe for many threads. */
final class RateOfLines {
  private static final int A_MINUTE = 20;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private long began;
  private int written;

  synchronized boolean allow(long now) {
    if (written == 0 || now - began >= MINUTE_NANOS) {
      began = now;
      written = 0;
    }
    written++;
    return written <= A_MINUTE;
  }
}
