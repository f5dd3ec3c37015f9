package io.bitcoincontroller.blocks;

import io.bitcoincontroller.blocks.Template.Transaction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The first transaction of a block: it makes the new coins, and takes the fees.
 *
 * @param txid its hash without the witness, as people see it
 * @param hex all of it
 */
record Coinbase(String txid, String hex) {
  private static final HexFormat HEX = HexFormat.of();
  private static final String VERSION = "02000000";

  /** BIP 141: says that witnesses follow. */
  private static final String WITH_WITNESS = "0001";

  /** BIP 141: one witness of 32 zero bytes, which nobody uses yet. */
  private static final String WITNESS = "0120" + "00".repeat(Hash.BYTES);

  /** BIP 141: OP_RETURN, and the mark of a commitment. */
  private static final String COMMITMENT = "6a24aa21a9ed";

  private static final String SPENDS_NOTHING = "01" + "00".repeat(Hash.BYTES) + "ffffffff";
  private static final String LAST = "ffffffff";
  private static final String LOCK_TIME = "00000000";

  static Coinbase of(Template template, Address to, long mark) {
    var fees = template.transactions().stream().mapToLong(Transaction::fee).sum();
    var outputs =
        template.transactions().isEmpty()
            ? "01" + output(Subsidy.at(template.height()), to.script())
            : "02"
                + output(Subsidy.at(template.height()) + fees, to.script())
                + output(0, commitment(template));
    var script = height(template.height()) + "08" + littleEndian(mark);
    var body = SPENDS_NOTHING + sized(script) + LAST + outputs;
    var plain = VERSION + body + LOCK_TIME;
    var whole =
        template.transactions().isEmpty()
            ? plain
            : VERSION + WITH_WITNESS + body + WITNESS + LOCK_TIME;
    return new Coinbase(Hash.shown(Hash.twice(HEX.parseHex(plain))), whole);
  }

  /** BIP 34: a script begins with the height, pushed in the shortest way. */
  static String height(long height) {
    if (height == 0) {
      return "00";
    }
    if (height <= 16) {
      return HEX.toHexDigits((byte) (0x50 + height));
    }
    var bytes = new StringBuilder();
    for (var left = height; left > 0; left >>= 8) {
      // the highest bit would be a sign
      bytes.append(HEX.toHexDigits((byte) left)).append(left >= 0x80 && left <= 0xff ? "00" : "");
    }
    return sized(bytes.toString());
  }

  private static String output(long value, String script) {
    return littleEndian(value) + sized(script);
  }

  /** BIP 141: of the hashes with signatures; in the coinbase's place stand zeros. */
  private static String commitment(Template template) {
    var hashes = new ArrayList<byte[]>();
    hashes.add(new byte[Hash.BYTES]);
    template.transactions().forEach(each -> hashes.add(Hash.ofShown(each.hash())));
    var withReserved = Arrays.copyOf(Block.root(hashes), 2 * Hash.BYTES);
    return COMMITMENT + HEX.formatHex(Hash.twice(withReserved));
  }

  private static String sized(String hex) {
    return HEX.formatHex(Block.size(hex.length() / 2)) + hex;
  }

  private static String littleEndian(long number) {
    return HEX.formatHex(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
  }
}
