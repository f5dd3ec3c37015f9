package io.bitcoincontroller.controller;

import io.bitcoincontroller.timing.Ticker;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The permits of a controller's passes: who comes back from a wait goes before who begins. */
final class Permits {
  private final int all;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition forReturning = lock.newCondition();
  private final Condition forNew = lock.newCondition();

  /** Never negative; guarded by the lock, as all that follows. */
  private int free;

  /** Passes that have waited for others and wait for a permit now. */
  private int returning;

  Permits(int all, Ticker ticker) {
    this.all = all;
    this.free = all;
    this.ticker = ticker;
  }

  /** How many passes are at work. */
  int taken() {
    lock.lock();
    try {
      return all - free;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a new pass could begin, and takes nothing: there may be no work yet. */
  void awaitFree() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      awaitForNew();
    } finally {
      lock.unlock();
    }
  }

  private void awaitForNew() throws InterruptedException {
    while (free == 0 || returning > 0) {
      forNew.await();
    }
  }

  /** For a new pass, which ends it. */
  Held take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      awaitForNew();
      free--;
      return new Held();
    } finally {
      lock.unlock();
    }
  }

  private void takeAgain() throws InterruptedException {
    lock.lockInterruptibly();
    returning++;
    try {
      while (free == 0) {
        forReturning.await();
      }
      free--;
    } finally {
      returning--;
      tellNext();
      lock.unlock();
    }
  }

  private void giveBack() {
    lock.lock();
    try {
      free++;
      tellNext();
    } finally {
      lock.unlock();
    }
  }

  /** Also for a waiter that was interrupted just when it was signalled: the signal is not lost. */
  private void tellNext() {
    if (free > 0) {
      (returning > 0 ? forReturning : forNew).signal();
    }
  }

  /** The permit of one pass. */
  final class Held implements Permit {
    private boolean held = true;
    private long waited;
    private long waitsSince;
    private boolean waits;

    private Held() {}

    @Override
    public void giveUpFor(Waiting waiting) throws InterruptedException {
      end();
      waiting.await();
      begin(true);
      try {
        takeAgain();
      } finally {
        begin(false);
      }
      takenAgain();
    }

    private synchronized void begin(boolean waiting) {
      if (waiting) {
        waitsSince = ticker.nanos();
      } else {
        waited += ticker.nanos() - waitsSince;
      }
      waits = waiting;
    }

    private synchronized void takenAgain() {
      held = true;
    }

    /** Nanoseconds for which it had no permit although it could have gone on. */
    synchronized long waited() {
      return waits ? waited + ticker.nanos() - waitsSince : waited;
    }

    /** A second time does nothing. */
    void end() {
      boolean had;
      synchronized (this) {
        had = held;
        held = false;
      }
      if (had) {
        giveBack();
      }
    }
  }
}
