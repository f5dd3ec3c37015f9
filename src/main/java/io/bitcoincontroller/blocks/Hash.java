package io.bitcoincontroller.blocks;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bitcoin's hash of things. People see its bytes in the reverse order. */
final class Hash {
  static final int BYTES = 32;

  private Hash() {}

  /** SHA-256 of SHA-256. */
  static byte[] twice(byte[] data) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return sha.digest(sha.digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** As people see it. */
  static String shown(byte[] hash) {
    return HexFormat.of().formatHex(reversed(hash));
  }

  static byte[] ofShown(String hash) {
    return reversed(HexFormat.of().parseHex(hash));
  }

  private static byte[] reversed(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (var i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
