package io.bitcoincontroller.blocks;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * An address of regtest.
 *
 * @param script the output script that pays to it, in hex
 */
public record Address(String text, String script) {
  /**
   * P2WSH of a script that is OP_RETURN alone. Such a script fails with every signature: nobody can
   * ever spend what is paid to it.
   */
  public static final String NOBODYS =
      "bcrt1qrz05qq6tu7senu06nzgkdrhr4dsyn7pd8rrghec0t9h2ktsc27ms6a76al";

  /** The result of reading. */
  public sealed interface Reading {
    record Valid(Address address) implements Reading {}

    /**
     * Not to be paid to.
     *
     * @param why ends a sentence that begins with the address
     */
    record Refused(String why) implements Reading {}
  }

  /** BIP 173: the longest text. */
  private static final int LONGEST = 90;

  /** The letters before the 1, and whose addresses begin with them. */
  private static final Map<String, String> CHAINS =
      Map.of("bc", "the main chain", "tb", "testnet or signet", "bcrt", "regtest");

  private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  /** Version byte, hash of 20 bytes, checksum of 4. */
  private static final int BASE58_BYTES = 25;

  private static final int TO_KEY_HASH = 111;
  private static final int TO_SCRIPT_HASH = 196;

  public static Reading read(String text) {
    if (text.length() > LONGEST) {
      return new Reading.Refused("is too long for an address");
    }
    var lower = text.toLowerCase(Locale.ROOT);
    var end = lower.indexOf('1');
    var chain = CHAINS.get(end < 0 ? "" : lower.substring(0, end));
    if (chain == null) {
      return base58(text);
    }
    if (!chain.equals("regtest")) {
      return otherChain(chain);
    }
    return text.equals(lower) || text.equals(text.toUpperCase(Locale.ROOT))
        ? segwit(lower, end)
        : new Reading.Refused("has small and capital letters");
  }

  private static Reading otherChain(String chain) {
    return new Reading.Refused(
        "is an address of " + chain + "; one of regtest begins with bcrt1, m, n or 2");
  }

  /** BIP 173 and BIP 350; BIP 141 says how long a program may be. */
  private static Reading segwit(String text, int end) {
    var words = Bech32.words(text, end);
    if (words.isEmpty()) {
      return new Reading.Refused("has a typing error: its checksum is wrong");
    }
    var version = words.get()[0];
    var program = Bech32.bytes(words.get());
    var fits = program.length >= 2 && program.length <= 40 && version <= 16;
    if (!fits || (version == 0 && program.length != 20 && program.length != 32)) {
      return new Reading.Refused("is no address: bitcoind knows none of its length or version");
    }
    var opcode = version == 0 ? 0 : 0x50 + version;
    var hex = HexFormat.of();
    return new Reading.Valid(
        new Address(
            text,
            hex.toHexDigits((byte) opcode)
                + hex.toHexDigits((byte) program.length)
                + hex.formatHex(program)));
  }

  private static Reading base58(String text) {
    var bytes = base58Bytes(text);
    var body = Arrays.copyOf(bytes, BASE58_BYTES - 4);
    var sum = Arrays.copyOf(Hash.twice(body), 4);
    if (bytes.length != BASE58_BYTES
        || !Arrays.equals(sum, Arrays.copyOfRange(bytes, BASE58_BYTES - 4, BASE58_BYTES))) {
      return new Reading.Refused("is no address: its checksum or its letters are wrong");
    }
    var hash = HexFormat.of().formatHex(body, 1, body.length);
    return switch (Byte.toUnsignedInt(body[0])) {
      case TO_KEY_HASH -> new Reading.Valid(new Address(text, "76a914" + hash + "88ac"));
      case TO_SCRIPT_HASH -> new Reading.Valid(new Address(text, "a914" + hash + "87"));
      case 0, 5 -> otherChain("the main chain");
      default -> otherChain("another currency");
    };
  }

  /** Empty if a letter is none of base58. */
  private static byte[] base58Bytes(String text) {
    var number = BigInteger.ZERO;
    var zeros = 0;
    for (var i = 0; i < text.length(); i++) {
      var digit = BASE58.indexOf(text.charAt(i));
      if (digit < 0) {
        return new byte[0];
      }
      number = number.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(digit));
      zeros += number.signum() == 0 ? 1 : 0;
    }
    var digits = number.signum() == 0 ? "" : number.toString(16);
    var hex = "00".repeat(zeros) + (digits.length() % 2 == 0 ? "" : "0") + digits;
    return HexFormat.of().parseHex(hex);
  }
}
