package io.bitcoincontroller.timing;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Reads bodies to their end, within a time. {@code HttpRequest.timeout} ends at the headers, so a
 * reader that waits for a silent body is ended by closing the stream from another thread; one
 * thread does that for all.
 */
public final class Deadlines implements AutoCloseable {
  private final ScheduledThreadPoolExecutor thread;

  public Deadlines(String threadName) {
    thread =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(threadName).factory());
    thread.setRemoveOnCancelPolicy(true);
  }

  /** Takes a body from its first byte to its last. */
  @FunctionalInterface
  public interface Reading<T> {
    T read(InputStream body) throws IOException;
  }

  /**
   * Reads a body into memory and closes it.
   *
   * @param whose for the message, with no secret in it
   * @param endNanos of {@link Ticker#SYSTEM}
   * @param largest bytes that are taken
   * @throws IOException if the wire failed, the time was over (HttpTimeoutException), the body is
   *     larger, or this was closed
   */
  public byte[] readWhole(InputStream body, Object whose, long endNanos, int largest)
      throws IOException, InterruptedException {
    return read(
        body,
        whose,
        endNanos,
        whole -> {
          var bytes = whole.readNBytes(largest + 1);
          if (bytes.length > largest) {
            throw new IOException("the answer of " + whose + " is over " + largest + " bytes");
          }
          return bytes;
        });
  }

  /**
   * Has a body read as it comes, and closes it.
   *
   * @param whose for the message, with no secret in it
   * @param endNanos of {@link Ticker#SYSTEM}
   * @throws IOException if the wire failed, the time was over (HttpTimeoutException), this was
   *     closed, or the reading says so
   */
  public <T> T read(InputStream body, Object whose, long endNanos, Reading<T> reading)
      throws IOException, InterruptedException {
    var alarm = alarm(body, whose, endNanos);
    try (body) {
      return reading.read(body);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        // HttpClient's stream makes an IOException of it, and interrupts the thread again
        throw new InterruptedException();
      }
      if (endNanos - Ticker.SYSTEM.nanos() <= 0) {
        var timeout = new HttpTimeoutException("no whole answer in time from " + whose);
        timeout.initCause(e);
        throw timeout;
      }
      throw e;
    } finally {
      alarm.cancel(false);
    }
  }

  private ScheduledFuture<?> alarm(InputStream body, Object whose, long endNanos)
      throws IOException {
    var left = Math.max(0, endNanos - Ticker.SYSTEM.nanos());
    try {
      return thread.schedule(() -> close(body), left, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      close(body);
      throw new IOException("closed, as the answer of " + whose + " came", e);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // the reader gets an exception of its own; there is nobody here to tell
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
