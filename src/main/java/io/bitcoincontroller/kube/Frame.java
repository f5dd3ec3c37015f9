package io.bitcoincontroller.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * The bytes of one JSON value, without what was to be left out. They are the {@link Cutter}'s,
 * which uses them again for the next value.
 */
final class Frame {
  private static final int LONGEST_WORD = 512;

  private final byte[] bytes;
  private final int length;
  private final boolean tooLarge;
  private final boolean longNames;
  private final Identity identity;

  Frame(byte[] bytes, int length, boolean tooLarge, boolean longNames, Identity identity) {
    this.bytes = bytes;
    this.length = length;
    this.tooLarge = tooLarge;
    this.longNames = longNames;
    this.identity = identity;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** There were more bytes than {@link KeptBytes#LARGEST}, and none is kept. */
  boolean tooLarge() {
    return tooLarge;
  }

  /** It has names of fields that no parser's table is to hold. */
  boolean longNames() {
    return longNames;
  }

  /** Of an object; of anything else, NONE. */
  Identity identity() {
    return identity;
  }

  Frame copy() {
    return new Frame(Arrays.copyOf(bytes, length), length, tooLarge, longNames, identity);
  }

  /** A short string without escapes, such as the name of a field; else empty. */
  String word() {
    return length > 2 && length <= LONGEST_WORD && bytes[0] == '"'
        ? new String(bytes, 1, length - 2, UTF_8)
        : "";
  }
}
