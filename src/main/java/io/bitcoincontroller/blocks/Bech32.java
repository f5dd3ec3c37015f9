package io.bitcoincontroller.blocks;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/** The code of segwit addresses: BIP 173, and BIP 350 for versions from 1 on. */
final class Bech32 {
  private static final String LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };
  private static final int CHECKSUM_WORDS = 6;
  private static final int BECH32 = 1;
  private static final int BECH32M = 0x2bc830a3;

  private Bech32() {}

  /**
   * The words of 5 bits after the prefix, without the checksum; the first is the version.
   *
   * @param text in small letters
   * @param end of the prefix
   * @return empty if a letter or the checksum is wrong
   */
  static Optional<int[]> words(String text, int end) {
    var words = text.substring(end + 1).chars().map(LETTERS::indexOf).toArray();
    var checked = new int[2 * end + 1 + words.length];
    for (var i = 0; i < end; i++) {
      checked[i] = text.charAt(i) >> 5;
      checked[end + 1 + i] = text.charAt(i) & 31;
    }
    System.arraycopy(words, 0, checked, 2 * end + 1, words.length);
    var wrong = words.length <= CHECKSUM_WORDS || Arrays.stream(words).anyMatch(word -> word < 0);
    return !wrong && checksum(checked) == (words[0] == 0 ? BECH32 : BECH32M)
        ? Optional.of(Arrays.copyOf(words, words.length - CHECKSUM_WORDS))
        : Optional.empty();
  }

  private static int checksum(int[] words) {
    var sum = 1;
    for (var word : words) {
      var top = sum >>> 25;
      sum = (sum & 0x1ffffff) << 5 ^ word;
      for (var i = 0; i < GENERATOR.length; i++) {
        sum ^= (top >> i & 1) == 1 ? GENERATOR[i] : 0;
      }
    }
    return sum;
  }

  /** The bytes in all words but the first; nothing if what is left over is no padding. */
  static byte[] bytes(int[] words) {
    var bytes = new ByteArrayOutputStream();
    var bits = 0;
    var left = 0;
    for (var i = 1; i < words.length; i++) {
      bits = (bits << 5 | words[i]) & 0xfff;
      left += 5;
      if (left >= 8) {
        left -= 8;
        bytes.write(bits >> left);
      }
    }
    var padded = left < 5 && (bits & (1 << left) - 1) == 0;
    return padded ? bytes.toByteArray() : new byte[0];
  }
}
