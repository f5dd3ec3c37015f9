package io.bitcoincontroller.bitcoind;

import com.fasterxml.jackson.core.JsonToken;
import io.bitcoincontroller.blocks.Template;
import io.bitcoincontroller.blocks.Template.Transaction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the result of getblocktemplate as it comes. Of the transactions it keeps the first ones for
 * which there is room: the others wait for the next block.
 */
final class TemplateReader {
  /** All outputs together can't be worth more: 21 million coins in satoshis. */
  private static final long MOST_MONEY = 2_100_000_000_000_000L;

  /** The smallest has 60 bytes, and a block takes a million of them. */
  private static final int MOST_TRANSACTIONS = 20_000;

  /** Hex digits of all that is kept: a million bytes, as many as a block had before BIP 141. */
  private static final long MOST_DATA = 2_000_000;

  private static final int LONGEST_DATA = 800_000;

  /** A transaction comes again in the block, in the request that sends it, and in its bytes. */
  private static final long COPIES = 4;

  private String parent = "";
  private long height = -1;
  private long earliest;
  private long clock;
  private List<Transaction> transactions = List.of();

  RpcResult read(AnswerStream in) throws IOException {
    in.object(name -> field(name, in));
    if (height < 1) {
      throw new BadAnswer("a template without a height");
    }
    return new RpcResult.NextBlock(
        new Template(ResultReader.hash(parent), height, Math.max(earliest, clock), transactions));
  }

  private void field(String name, AnswerStream in) throws IOException {
    switch (name) {
      case "previousblockhash" -> parent = in.kept(ResultReader.HASH_LETTERS);
      case "height" -> height = in.number(Integer.MAX_VALUE);
      case "mintime" -> earliest = in.number(0xffffffffL);
      case "curtime" -> clock = in.number(0xffffffffL);
      case "transactions" -> transactions = transactions(in);
      default -> in.skip();
    }
  }

  /** They come in an order in which each prefix is a valid block. */
  private static List<Transaction> transactions(AnswerStream in) throws IOException {
    var kept = new ArrayList<Transaction>();
    var room =
        new Object() {
          long left = MOST_DATA;
        };
    in.elements(
        MOST_TRANSACTIONS,
        () -> {
          if (room.left <= 0) {
            in.skip();
            return;
          }
          var next = new Fields().read(in);
          room.left -= next.data().length();
          if (room.left > 0 && in.keepIfRoom(bytes(next))) {
            kept.add(next);
          } else {
            room.left = 0;
          }
        });
    return List.copyOf(kept);
  }

  private static long bytes(Transaction kept) {
    return COPIES * kept.data().length()
        + 2 * ResultReader.HASH_LETTERS
        + 4 * ResultReader.ELEMENT_BYTES;
  }

  /** One transaction while its fields come. */
  private static final class Fields {
    private String data = "";
    private String txid = "";
    private String hash = "";
    private long fee;

    private Transaction read(AnswerStream in) throws IOException {
      in.object(name -> field(name, in));
      if (!data.matches("[0-9a-f]+") || data.length() % 2 != 0) {
        throw new BadAnswer("a transaction that is none");
      }
      return new Transaction(data, ResultReader.hash(txid), ResultReader.hash(hash), fee);
    }

    private void field(String name, AnswerStream in) throws IOException {
      switch (name) {
        case "data" -> data = in.text(LONGEST_DATA);
        case "txid" -> txid = in.text(ResultReader.HASH_LETTERS);
        case "hash" -> hash = in.text(ResultReader.HASH_LETTERS);
        case "fee" -> fee = in.isAt(JsonToken.VALUE_NULL) ? 0 : in.number(MOST_MONEY);
        default -> in.skip();
      }
    }
  }
}
