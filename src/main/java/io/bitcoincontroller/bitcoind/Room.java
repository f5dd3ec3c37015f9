package io.bitcoincontroller.bitcoind;

import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Places for calls. A node that is well answers in a millisecond, and one that hangs keeps its call
 * for seconds: a call that takes longer than most leaves its place to the next one and goes on
 * beside, as long as there are not too many there. So calls to nodes that are well wait for those
 * to others a moment at most.
 */
public final class Room {
  private final int places;
  private final int beside;
  private final Duration most;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition left = lock.newCondition();

  /** In the order in which they came; guarded by the lock, as what follows. */
  private final Deque<Place> inPlace = new ArrayDeque<>();

  private int goneBeside;

  /**
   * All places are free.
   *
   * @param most for which a call keeps its place while another waits for it
   */
  public Room(int places, int beside, Duration most, Ticker ticker) {
    this.places = places;
    this.beside = beside;
    this.most = most;
    this.ticker = ticker;
  }

  /** The place of one call. */
  public final class Place implements AutoCloseable {
    private final long since = ticker.nanos();

    private Place() {}

    @Override
    public void close() {
      leave(this);
    }
  }

  /** Waits for a place. */
  public Place take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (inPlace.size() == places && !makeRoom()) {
        if (goneBeside == beside) {
          left.await();
        } else {
          var _ = left.awaitNanos(left(inPlace.getFirst()));
        }
      }
      var place = new Place();
      inPlace.add(place);
      return place;
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds for which this call keeps its place. */
  private long left(Place place) {
    return place.since + most.toNanos() - ticker.nanos();
  }

  private boolean makeRoom() {
    if (goneBeside == beside || left(inPlace.getFirst()) > 0) {
      return false;
    }
    inPlace.removeFirst();
    goneBeside++;
    return true;
  }

  private void leave(Place place) {
    lock.lock();
    try {
      if (!inPlace.remove(place)) {
        goneBeside--;
      }
      left.signal();
    } finally {
      lock.unlock();
    }
  }
}
