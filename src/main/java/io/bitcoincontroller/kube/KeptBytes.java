package io.bitcoincontroller.kube;

import java.io.IOException;
import java.util.Arrays;

/**
 * The bytes of one value, as far as they are kept: none of one that is too large. The memory of a
 * small value serves the next one, too.
 *
 * <p>For one thread.
 */
final class KeptBytes {
  /**
   * Of one value, without the fields that are left out. An object that the cache keeps has at most
   * an eighth of this, but on the wire each of its bytes may be an escape of six.
   */
  static final int LARGEST = 2 * 1024 * 1024;

  /** Values over this are few, and held one or two at a time. */
  private static final int LARGE = 256 * 1024;

  /** There are many streams, and each keeps this much for the next value. */
  private static final int IDLE = 32 * 1024;

  private static final byte[] NOTHING = {};

  private final Room room = new Room();
  private byte[] bytes = NOTHING;
  private int length;
  private boolean keeping;
  private boolean tooLarge;

  /** Keeps what comes from now on, unless there was too much already. */
  void keep() {
    keeping = !tooLarge;
  }

  /** What comes from now on goes by. */
  void pause() {
    keeping = false;
  }

  boolean keeping() {
    return keeping;
  }

  /**
   * Does nothing while nothing is kept.
   *
   * @throws IOException if there is no {@link Room} for a large value
   */
  void append(byte[] source, int from, int count) throws IOException {
    if (!keeping) {
      return;
    }
    if (length + count > LARGEST) {
      tooLarge = true;
      keeping = false;
      length = 0;
      bytes = NOTHING;
      room.give();
      return;
    }
    if (length + count > bytes.length) {
      grow(length + count);
    }
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  private void grow(int atLeast) throws IOException {
    var size = Math.min(LARGEST, Math.max(atLeast, 2 * bytes.length));
    if (size > LARGE) {
      room.take();
    }
    bytes = Arrays.copyOf(bytes, size);
  }

  /** Valid until the next {@link #drop}. */
  Frame frame(boolean longNames, Identity identity) {
    return new Frame(bytes, length, tooLarge, longNames, identity);
  }

  /** The value is done with, and nothing is kept until {@link #keep}. */
  void drop() {
    if (bytes.length > IDLE) {
      bytes = NOTHING;
    }
    room.give();
    keeping = false;
    tooLarge = false;
    length = 0;
  }
}
