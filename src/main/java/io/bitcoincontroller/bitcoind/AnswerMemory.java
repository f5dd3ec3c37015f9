package io.bitcoincontroller.bitcoind;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the answers of all nodes together may take. A node's image is its owner's: many
 * nodes that say a megabyte each would fill the heap for all, and so would thousands that say
 * twenty kilobytes each. What a node says up to {@link #SMALL}, and what it says beyond, have each
 * a half: who says much leaves room for those who don't.
 */
final class AnswerMemory {
  /** Every answer may keep this much, whatever the others do: it counts with the node's pod. */
  static final int SURE = 1024;

  /**
   * More than a bitcoind says that has the most connections it takes by itself, 125, and that lists
   * 99 others.
   */
  static final int SMALL = 24 * 1024;

  private final long bytes;
  private final AtomicLong leftForSmall;
  private final AtomicLong leftBeyond;
  private final Optional<AnswerMemory> whole;

  /**
   * @param bytes for all answers over {@link #SURE}
   */
  AnswerMemory(long bytes) {
    this(bytes, Optional.empty());
  }

  private AnswerMemory(long bytes, Optional<AnswerMemory> whole) {
    this.bytes = bytes;
    this.leftForSmall = new AtomicLong(bytes / 2);
    this.leftBeyond = new AtomicLong(bytes / 2);
    this.whole = whole;
  }

  /** What is taken of a part is taken of the whole as well. */
  AnswerMemory part(double share) {
    return new AnswerMemory((long) (share * bytes), Optional.of(this));
  }

  /** Takes both, or none and is false. */
  private boolean take(long small, long beyond) {
    if (!take(leftForSmall, small)) {
      return false;
    }
    if (!take(leftBeyond, beyond)) {
      leftForSmall.addAndGet(small);
      return false;
    }
    if (whole.isPresent() && !whole.get().take(small, beyond)) {
      leftForSmall.addAndGet(small);
      leftBeyond.addAndGet(beyond);
      return false;
    }
    return true;
  }

  private static boolean take(AtomicLong left, long more) {
    return left.getAndUpdate(room -> room >= more ? room - more : room) >= more;
  }

  private void giveBack(long small, long beyond) {
    leftForSmall.addAndGet(small);
    leftBeyond.addAndGet(beyond);
    whole.ifPresent(all -> all.giveBack(small, beyond));
  }

  Share share() {
    return new Share(this);
  }

  long left() {
    return leftForSmall.get() + leftBeyond.get();
  }

  /** The memory of one answer; for the thread that reads it, until it is given back. */
  public static final class Share {
    private final AnswerMemory memory;
    private final AtomicBoolean givenBack = new AtomicBoolean();
    private long kept;
    private long takenOfSmall;
    private long takenBeyond;

    private Share(AnswerMemory memory) {
      this.memory = memory;
    }

    /**
     * Counts what is going to be kept.
     *
     * @throws BadAnswer if there is no room for it beside other answers
     */
    void keep(long bytes) throws IOException {
      if (!keepIfRoom(bytes)) {
        throw new BadAnswer(
            "too much to keep beside what other nodes say (the controller's heap, -Xmx)");
      }
    }

    /** Counts what is going to be kept; false: there is no room, and nothing is counted. */
    boolean keepIfRoom(long bytes) {
      var all = kept + bytes;
      var small = all > SURE ? Math.min(all, SMALL) : 0;
      var beyond = Math.max(0, all - SMALL);
      if (!memory.take(small - takenOfSmall, beyond - takenBeyond)) {
        return false;
      }
      kept = all;
      takenOfSmall = small;
      takenBeyond = beyond;
      return true;
    }

    /** A text that is going to be kept; of Latin letters alone the JVM keeps a byte each. */
    void keep(String text) throws IOException {
      var latin = text.chars().allMatch(c -> c < 256);
      keep(56 + (latin ? 1L : 2L) * text.length());
    }

    /** Nobody holds the answer any longer. A second time does nothing. */
    public void giveBack() {
      if (givenBack.compareAndSet(false, true)) {
        memory.giveBack(takenOfSmall, takenBeyond);
      }
    }
  }
}
