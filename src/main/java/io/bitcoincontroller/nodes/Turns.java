package io.bitcoincontroller.nodes;

import java.util.ArrayDeque;
import java.util.Queue;

/** Runs a few at a time, each on a thread of its own; the others wait and have none. */
final class Turns {
  private final String name;
  private final int atATime;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  /**
   * @param name of the threads
   */
  Turns(String name, int atATime) {
    this.name = name;
    this.atATime = atATime;
  }

  void execute(Runnable work) {
    synchronized (this) {
      if (running == atATime) {
        waiting.add(work);
        return;
      }
      running++;
    }
    start(work);
  }

  /** If it waits, it is not run. */
  synchronized void remove(Runnable work) {
    waiting.remove(work);
  }

  /** Work that throws is a bug, and its thread prints it; the next has its turn all the same. */
  private void start(Runnable work) {
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                work.run();
              } finally {
                startNext();
              }
            });
  }

  private void startNext() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        running--;
        return;
      }
    }
    start(next);
  }

  synchronized boolean areIdle() {
    return running == 0;
  }
}
