package io.bitcoincontroller.bitcoind;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that large answers of all nodes together may take. A node's image is its owner's: many
 * nodes that say a megabyte each would fill the heap for all.
 */
final class AnswerMemory {
  /**
   * Every answer may keep this much, whatever the others do: more than a bitcoind says that has the
   * most connections it takes by itself, 125, and that lists 99 others.
   */
  static final int SMALL = 24 * 1024;

  final AtomicLong left;

  /**
   * @param bytes for all answers over {@link #SMALL}
   */
  AnswerMemory(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  Share share() {
    return new Share(this);
  }

  private boolean take(long bytes) {
    return left.getAndUpdate(now -> now >= bytes ? now - bytes : now) >= bytes;
  }

  /** The memory of one answer; for the thread that reads it, until it is given back. */
  public static final class Share {
    private final AnswerMemory memory;
    private final AtomicBoolean givenBack = new AtomicBoolean();
    private long kept;
    private long taken;

    private Share(AnswerMemory memory) {
      this.memory = memory;
    }

    /**
     * Counts what is going to be kept.
     *
     * @throws BadAnswer if the answer is a large one, and there is no room for it
     */
    void keep(long bytes) throws IOException {
      kept += bytes;
      if (kept > SMALL) {
        if (!memory.take(kept - taken)) {
          throw new BadAnswer("too much to keep beside what other nodes say");
        }
        taken = kept;
      }
    }

    /** A text that is going to be kept; of Latin letters alone the JVM keeps a byte each. */
    void keep(String text) throws IOException {
      var latin = text.chars().allMatch(c -> c < 256);
      keep(56 + (latin ? 1L : 2L) * text.length());
    }

    /** Nobody holds the answer any longer. A second time does nothing. */
    public void giveBack() {
      if (givenBack.compareAndSet(false, true)) {
        memory.left.addAndGet(taken);
      }
    }
  }
}
