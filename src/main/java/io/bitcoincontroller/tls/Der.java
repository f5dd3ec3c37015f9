package io.bitcoincontroller.tls;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A little DER (ITU-T X.690). It wraps keys of the older formats in PKCS#8 (RFC 5208), which the
 * JDK reads: {@code SEQUENCE { version 0, algorithm, OCTET STRING key }}.
 */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int SEQUENCE = 0x30;

  /** In SEC1's ECPrivateKey (RFC 5915), the field that names the curve. */
  private static final int CURVE = 0xA0;

  private static final byte[] VERSION_0 = tagged(INTEGER, new byte[] {0});

  /** 1.2.840.113549.1.1.1 rsaEncryption, with the NULL of RFC 3279. */
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

  /** 1.2.840.10045.2.1 ecPublicKey; the curve follows. */
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private Der() {}

  static byte[] pkcs8OfPkcs1(byte[] rsaPrivateKey) {
    return tagged(SEQUENCE, VERSION_0, RSA, tagged(OCTET_STRING, rsaPrivateKey));
  }

  /**
   * Moves the curve's name to its place in PKCS#8.
   *
   * @throws IllegalArgumentException if the key names no curve, or is no DER
   */
  static byte[] pkcs8OfSec1(byte[] ecPrivateKey) {
    try {
      var fields = next(ByteBuffer.wrap(ecPrivateKey)).content();
      while (fields.hasRemaining()) {
        var field = next(fields);
        if (field.tag() == CURVE && field.content().get(0) == OBJECT_IDENTIFIER) {
          var curve = new byte[field.content().remaining()];
          field.content().get(curve);
          var algorithm = tagged(SEQUENCE, EC, curve);
          return tagged(SEQUENCE, VERSION_0, algorithm, tagged(OCTET_STRING, ecPrivateKey));
        }
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("not DER", e);
    }
    throw new IllegalArgumentException("no named curve");
  }

  static byte[] tagged(int tag, byte[]... contents) {
    var length = 0;
    for (var content : contents) {
      length += content.length;
    }
    var head = head(tag, length);
    var out = Arrays.copyOf(head, head.length + length);
    var at = head.length;
    for (var content : contents) {
      System.arraycopy(content, 0, out, at, content.length);
      at += content.length;
    }
    return out;
  }

  private static byte[] head(int tag, int length) {
    if (length < 0x80) {
      return new byte[] {(byte) tag, (byte) length};
    }
    return length < 0x100
        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
  }

  /** Reads one element, and moves the buffer behind it. */
  private static Element next(ByteBuffer der) {
    var tag = der.get() & 0xff;
    var length = der.get() & 0xff;
    if (length > 0x80) {
      var digits = length - 0x80;
      length = 0;
      for (var i = 0; i < digits; i++) {
        length = length << 8 | (der.get() & 0xff);
      }
    }
    var content = der.slice(der.position(), length);
    der.position(der.position() + length);
    return new Element(tag, content);
  }

  private record Element(int tag, ByteBuffer content) {}
}
