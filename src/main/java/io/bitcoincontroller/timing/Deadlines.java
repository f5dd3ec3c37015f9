package io.bitcoincontroller.timing;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes streams at a deadline, from another thread. It is the one way to end a reader that waits
 * for a body: {@code HttpRequest.timeout} ends at the headers. One thread serves all.
 */
public final class Deadlines implements AutoCloseable {
  private final ScheduledThreadPoolExecutor thread;

  public Deadlines(String threadName) {
    thread =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(threadName).factory());
    thread.setRemoveOnCancelPolicy(true);
  }

  /** A deadline that is set; closing it calls it off. */
  public static final class Alarm implements AutoCloseable {
    private final ScheduledFuture<?> closing;

    private Alarm(ScheduledFuture<?> closing) {
      this.closing = closing;
    }

    /** Whether the stream was closed by this alarm. */
    public boolean rang() {
      return closing.isDone() && !closing.isCancelled();
    }

    @Override
    public void close() {
      closing.cancel(false);
    }
  }

  /**
   * Sets an alarm.
   *
   * @param left until the stream is closed; zero or less means at once
   */
  public Alarm closeAfter(Duration left, Closeable stream) {
    return new Alarm(thread.schedule(() -> close(stream), left.toNanos(), TimeUnit.NANOSECONDS));
  }

  private static void close(Closeable stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // whoever reads the stream gets an exception of their own; nobody waits here
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
