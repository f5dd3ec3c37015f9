package io.bitcoincontroller.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * The bytes of one JSON value, without what was to be left out. They are the {@link Cutter}'s,
 * which uses them again for the next value.
 *
 * @param tooLarge there were more than {@link Cutter#LARGEST}, and none is kept
 * @param longNames has names of fields that no parser's table is to hold
 * @param identity of an object; of anything else, NONE
 */
record Frame(byte[] bytes, int length, boolean tooLarge, boolean longNames, Identity identity) {
  private static final int LONGEST_WORD = 512;

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
