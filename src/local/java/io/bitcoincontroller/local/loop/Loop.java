package io.bitcoincontroller.local.loop;

import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.api.Storage.Change;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The one thread of a controller. It hands on changes, and looks at everything from time to time,
 * since a {@link Feed} may miss some. It logs a failure; a later look mends it.
 */
public final class Loop {
  /** Acts on changes. The loop's thread is its only caller. */
  public interface Controller {
    /** Changes in their order, at least one. */
    void see(List<Change> changes);

    void lookAround();
  }

  private static final Duration PERIOD = Duration.ofSeconds(10);

  /** A new kind is noticed after this. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final Feed feed;
  private final Controller controller;
  private final Log log;
  private final Thread thread;

  /**
   * Does nothing before {@link #start}.
   *
   * @param kinds whose changes are handed on; asked again and again, since new kinds may come
   */
  public Loop(
      String name,
      Storage storage,
      Supplier<? extends Collection<Kind>> kinds,
      Controller controller,
      Log log) {
    this.feed = new Feed(storage, kinds);
    this.controller = controller;
    this.log = log;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    var looked = Ticker.SYSTEM.nanos();
    try {
      while (true) {
        var changes = feed.next(PATIENCE);
        if (!changes.isEmpty()) {
          safely(() -> controller.see(changes));
        }
        if (Ticker.SYSTEM.nanos() - looked > PERIOD.toNanos()) {
          safely(controller::lookAround);
          looked = Ticker.SYSTEM.nanos();
        }
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  private void safely(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.bug(thread.getName() + " failed", e);
    }
  }

  /** Nothing is done after this. */
  public void stop() throws InterruptedException {
    thread.interrupt();
    thread.join();
    feed.close();
  }
}
