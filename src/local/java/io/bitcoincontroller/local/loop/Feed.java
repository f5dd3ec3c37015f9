package io.bitcoincontroller.local.loop;

import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.api.Storage.Change;
import io.bitcoincontroller.local.api.Storage.ChangeType;
import io.bitcoincontroller.local.api.Storage.StatusException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The changes of several kinds as one stream: first all objects that are there, as ADDED, then the
 * log. Changes of one kind keep their order; between kinds there is none.
 *
 * <p>Not promised: every change. A feed that falls behind the log starts again with the objects
 * that are there, so a DELETED may be missing. Readers therefore look at everything from time to
 * time.
 */
final class Feed implements AutoCloseable {
  /** With so many changes untaken, readers wait. */
  private static final int CAPACITY = 4096;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Storage storage;
  private final Supplier<? extends Collection<Kind>> kinds;
  private final BlockingQueue<Change> waiting = new ArrayBlockingQueue<>(CAPACITY);
  private final Map<Kind, Thread> readers = new LinkedHashMap<>();

  /**
   * @param kinds asked at every {@link #next}, since new kinds may come
   */
  Feed(Storage storage, Supplier<? extends Collection<Kind>> kinds) {
    this.storage = storage;
    this.kinds = kinds;
  }

  /** Waits for changes. Empty if none came in time. For one thread only. */
  List<Change> next(Duration patience) throws InterruptedException {
    for (var kind : kinds.get()) {
      readers.computeIfAbsent(kind, this::reader);
    }
    var changes = new ArrayList<Change>();
    var first = waiting.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (first != null) {
      changes.add(first);
      waiting.drainTo(changes);
    }
    return changes;
  }

  private Thread reader(Kind kind) {
    return Thread.ofVirtual().name("feed of " + kind.plural()).start(() -> readUntilClosed(kind));
  }

  private void readUntilClosed(Kind kind) {
    try {
      while (true) {
        listAndFollow(kind);
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  /** Returns when the log no longer reaches back to the reader. */
  private void listAndFollow(Kind kind) throws InterruptedException {
    var revision = storage.revision();
    for (var object : storage.list(kind)) {
      waiting.put(new Change(ChangeType.ADDED, kind, object, revision));
    }
    try (var changes = storage.changes(kind, revision)) {
      while (true) {
        var change = changes.next(PATIENCE);
        if (change.isPresent()) {
          waiting.put(change.get());
        }
      }
    } catch (StatusException e) {
      if (e.code != 410) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    readers.values().forEach(Thread::interrupt);
  }
}
