package io.bitcoincontroller.local.demo;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What has to be closed at the end, the newest first, and whether the end has come. It may come
 * from another thread (a signal) while something is being opened: that is waited for, and closed
 * too.
 */
final class Opened {
  @FunctionalInterface
  interface Opening<T> {
    T open() throws IOException, InterruptedException;
  }

  @FunctionalInterface
  interface Closing<T> {
    void close(T resource) throws IOException, InterruptedException;
  }

  /** Each knows its resource already. */
  private final Deque<Step.Action> closings = new ArrayDeque<>();

  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * Opens something, to be closed at the end.
   *
   * @throws InterruptedException if the end has come: nothing was opened
   */
  synchronized <T> T open(Opening<T> opening, Closing<T> closing)
      throws IOException, InterruptedException {
    pause(0);
    var resource = opening.open();
    closings.push(() -> closing.close(resource));
    return resource;
  }

  /**
   * Waits so long.
   *
   * @throws InterruptedException as soon as the end has come
   */
  void pause(long nanos) throws InterruptedException {
    if (ended.await(nanos, TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("the demo has been stopped");
    }
  }

  /** Waits for the end, however long that takes. */
  void untilEnded() throws InterruptedException {
    ended.await();
  }

  /**
   * The end: wakes all who wait, and closes everything, whatever fails on the way. The second time
   * there is nothing left to do.
   *
   * @throws IOException of the first that failed to close
   */
  void end() throws IOException, InterruptedException {
    ended.countDown();
    closeAll();
  }

  private synchronized void closeAll() throws IOException, InterruptedException {
    var failures = new ArrayList<IOException>();
    while (!closings.isEmpty()) {
      try {
        closings.pop().run();
      } catch (IOException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }
}
