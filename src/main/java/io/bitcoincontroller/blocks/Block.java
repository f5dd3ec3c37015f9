package io.bitcoincontroller.blocks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A block of regtest with its proof of work.
 *
 * @param hash as people see it
 * @param hex all of it, as submitblock takes it
 */
public record Block(String hash, String hex) {
  private static final int VERSION = 0x20000000;

  /** The easiest target there is; on regtest it never changes. */
  private static final int BITS = 0x207fffff;

  /** Highest byte of a hash that is surely below that target; one of two hashes is. */
  private static final int HIGHEST = 0x7e;

  private static final int MEDIAN_OF = 11;
  private static final int HALF = 6;

  private static final int HEADER_BYTES = 80;
  private static final int NONCE_AT = 76;

  /**
   * Blocks that follow each other. Only the first has transactions.
   *
   * @param mark makes these blocks others than all that anybody else makes on the same parent: any
   *     number, never twice the same
   */
  public static List<Block> chain(Template first, int count, Address to, long mark) {
    var blocks = new ArrayList<Block>();
    var times = new ArrayList<Long>();
    for (var i = 0; i < count; i++) {
      times.add(i == 0 ? first.time() : earliest(times));
      var parent = i == 0 ? first : first.after(i, blocks.getLast().hash(), times.getLast());
      blocks.add(of(parent, to, mark));
    }
    return List.copyOf(blocks);
  }

  /**
   * The earliest time of the next block: it has to be later than the sixth latest of the last
   * eleven (median time past). Of the first ones, nobody here knows what was before.
   *
   * @param times of the blocks before it, as many as are known
   */
  private static long earliest(List<Long> times) {
    var known = times.size();
    var median = known <= HALF ? known - 1 : known < MEDIAN_OF ? HALF - 1 : known - HALF;
    return times.get(median) + 1;
  }

  private static Block of(Template template, Address to, long mark) {
    var coinbase = Coinbase.of(template, to, mark);
    var ids = new ArrayList<byte[]>();
    ids.add(Hash.ofShown(coinbase.txid()));
    template.transactions().forEach(each -> ids.add(Hash.ofShown(each.txid())));
    var header = new byte[HEADER_BYTES];
    ByteBuffer.wrap(header)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(VERSION)
        .put(Hash.ofShown(template.parent()))
        .put(root(ids))
        .putInt((int) template.time())
        .putInt(BITS);
    var hash = work(header);
    var hex = new StringBuilder();
    hex.append(HexFormat.of().formatHex(header));
    hex.append(HexFormat.of().formatHex(size(ids.size())));
    hex.append(coinbase.hex());
    template.transactions().forEach(each -> hex.append(each.data()));
    return new Block(Hash.shown(hash), hex.toString());
  }

  private static byte[] work(byte[] header) {
    var hash = Hash.twice(header);
    for (var nonce = 1; Byte.toUnsignedInt(hash[Hash.BYTES - 1]) > HIGHEST; nonce++) {
      ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putInt(NONCE_AT, nonce);
      hash = Hash.twice(header);
    }
    return hash;
  }

  /** Of a Merkle tree: where a row is odd, its last entry stands twice. */
  static byte[] root(List<byte[]> hashes) {
    var row = hashes;
    while (row.size() > 1) {
      var above = new ArrayList<byte[]>();
      for (var i = 0; i < row.size(); i += 2) {
        var pair = Arrays.copyOf(row.get(i), 2 * Hash.BYTES);
        System.arraycopy(row.get(Math.min(i + 1, row.size() - 1)), 0, pair, Hash.BYTES, Hash.BYTES);
        above.add(Hash.twice(pair));
      }
      row = above;
    }
    return row.getFirst();
  }

  /** A number before so many things. */
  static byte[] size(int count) {
    var bytes = new ByteArrayOutputStream();
    if (count < 0xfd) {
      bytes.write(count);
    } else {
      var wide = count > 0xffff;
      bytes.write(wide ? 0xfe : 0xfd);
      for (var shift = 0; shift < (wide ? 32 : 16); shift += 8) {
        bytes.write(count >> shift);
      }
    }
    return bytes.toByteArray();
  }
}
