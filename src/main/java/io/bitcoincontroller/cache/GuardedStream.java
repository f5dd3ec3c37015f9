package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Limits.Patience;
import io.bitcoincontroller.timing.Ticker;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a list or watch, which a watchdog on another thread can end: HttpClient has no time
 * limit for what follows the headers, and a connection whose other end is gone stays silent for
 * ever.
 */
final class GuardedStream extends FilterInputStream {
  private final Ticker ticker;
  private final long openedNanos;
  private volatile long lastByteNanos;
  private volatile Patience patience;
  private volatile boolean ended;

  GuardedStream(InputStream body, Patience patience, Ticker ticker) {
    super(body);
    this.ticker = ticker;
    this.patience = patience;
    this.openedNanos = ticker.nanos();
    this.lastByteNanos = openedNanos;
  }

  void patience(Patience now) {
    patience = now;
  }

  long lastByteNanos() {
    return lastByteNanos;
  }

  /** When the watchdog ends it at the latest, whatever comes. */
  long endsAt() {
    return openedNanos + patience.openNanos();
  }

  /** For the watchdog: ends the reader, which gets an IOException. */
  void endIfOverdue(long now) throws IOException {
    var limits = patience;
    if (now - openedNanos > limits.openNanos() || now - lastByteNanos > limits.silentNanos()) {
      ended = true;
      close();
    }
  }

  /** The watchdog did it; a reader's IOException means no more than that. */
  boolean endedByWatchdog() {
    return ended;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    var count = super.read(target, offset, length);
    if (count > 0) {
      lastByteNanos = ticker.nanos();
    }
    return count;
  }

  @Override
  public int read() throws IOException {
    var value = super.read();
    if (value >= 0) {
      lastByteNanos = ticker.nanos();
    }
    return value;
  }
}
