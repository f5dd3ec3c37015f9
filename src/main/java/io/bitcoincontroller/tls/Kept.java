package io.bitcoincontroller.tls;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The last good reading of files that somebody replaces while we run. Where the files can't be read
 * again (gone, empty, half written), the last good reading stays in use, and one complaint says it.
 */
public final class Kept<T> {
  @FunctionalInterface
  public interface Reading<T> {
    /**
     * Reads anew.
     *
     * @param before the last good reading
     * @throws IOException with a message for the user
     */
    T after(Optional<T> before) throws IOException;
  }

  private final Reading<T> reading;
  private final long oldestNanos;
  private final LongSupplier nanoTime;
  private final Consumer<String> complaints;

  /** Empty before the first reading. */
  private Optional<T> last = Optional.empty();

  /** The last reading was refused, and there was no good one since. */
  private boolean refused;

  private long readNanos;
  private boolean complained;

  /**
   * Reads nothing yet.
   *
   * @param oldestNanos a reading of this age is renewed before its next use
   * @param complaints hears of files that can't be read again; a failed first reading is thrown
   */
  public Kept(
      Reading<T> reading, long oldestNanos, LongSupplier nanoTime, Consumer<String> complaints) {
    this.reading = reading;
    this.oldestNanos = oldestNanos;
    this.nanoTime = nanoTime;
    this.complaints = complaints;
  }

  public synchronized T current() throws IOException {
    var now = nanoTime.getAsLong();
    if (last.isPresent() && !refused && now - readNanos < oldestNanos) {
      return last.get();
    }
    try {
      var fresh = reading.after(last);
      last = Optional.of(fresh);
      refused = false;
      readNanos = now;
      complained = false;
      return fresh;
    } catch (IOException e) {
      if (last.isEmpty()) {
        throw e;
      }
      complain(e);
      return last.get();
    }
  }

  private void complain(IOException e) {
    if (!complained) {
      complained = true;
      complaints.accept(e.getMessage() + "; the last good reading stays in use");
    }
  }

  /**
   * The server refused the last reading: the files are read again before the next use. Where they
   * can't be, it stays in use: a refusal may pass, and somebody may be writing the files just now.
   */
  public synchronized void refused() {
    refused = true;
  }
}
