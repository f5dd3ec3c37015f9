package io.bitcoincontroller.tls;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What was read from files that somebody replaces while we run. Where they can't be read again
 * (gone, empty, half written), what was read before goes on being used, and that is said once.
 */
public final class Kept<T> {
  @FunctionalInterface
  public interface Reading<T> {
    /**
     * Reads anew.
     *
     * @param before what was read last
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

  /** Since it was refused it has not been read anew. */
  private boolean refused;

  private long readNanos;
  private boolean complained;

  /**
   * Reads nothing yet.
   *
   * @param oldestNanos what was read so long ago is read again
   * @param complaints hears of files that can't be read again; of a first reading that fails hears
   *     whoever asked
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
      complaints.accept(e.getMessage() + "; what was read before goes on being used");
    }
  }

  /**
   * What was read last is to be read anew before it is used again; not worth nothing, for a refusal
   * may pass by itself, and the files may be half written just now.
   */
  public synchronized void refused() {
    refused = true;
  }
}
