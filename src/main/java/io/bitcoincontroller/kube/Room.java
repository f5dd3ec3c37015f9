package io.bitcoincontroller.kube;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The right to hold a large value in memory while it is read and parsed: few may at a time, in the
 * whole process, since there may be many streams and one value takes megabytes. Safe for many
 * threads.
 */
final class Room {
  /**
   * Each holds {@link KeptBytes#LARGEST} bytes, half as much again while they grow, and its parts.
   */
  private static final Semaphore LARGE = new Semaphore(2);

  private static final int PATIENCE_SECONDS = 10;

  private boolean held;

  /**
   * Waits until there is room.
   *
   * @throws IOException if others are long over theirs; the stream can be opened again
   */
  void take() throws IOException {
    if (held) {
      return;
    }
    try {
      held = LARGE.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    if (!held) {
      throw new IOException("other large objects take too long to read");
    }
  }

  void give() {
    if (held) {
      held = false;
      LARGE.release();
    }
  }
}
