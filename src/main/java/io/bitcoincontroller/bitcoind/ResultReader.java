package io.bitcoincontroller.bitcoind;

import io.bitcoincontroller.bitcoind.NodeInfo.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;

/**
 * Reads one call's result as it comes. What is longer, more, or of another type than a bitcoind's
 * is a {@link BadAnswer}; fields that are not in use are skipped.
 */
@FunctionalInterface
interface ResultReader {
  /** A bitcoind has 125 connections at most, unless it is told otherwise. */
  int MOST_ELEMENTS = 1000;

  /** Anybody who may call a node can list anything; the first entries are read, and more later. */
  int MOST_LISTED = 100_000;

  /** The same holds for what an entry says; it is removed by its whole text. */
  int LONGEST_ENTRY = 4096;

  /** A node remembers every fork for ever; it tells of the tallest first. */
  int MOST_TIPS = 10_000;

  /** Of one kind. */
  int MOST_KEPT_TIPS = 50;

  int HASH_LETTERS = 64;

  /** The memory that an element takes beside its text. */
  int ELEMENT_BYTES = 48;

  /** A name of the most letters that DNS takes, 253, and a port. */
  int LONGEST_ADDRESS = 300;

  /** From the result's first token to its last. */
  RpcResult read(AnswerStream in) throws IOException;

  static RpcResult done(AnswerStream in) throws IOException {
    in.skip();
    return new RpcResult.Done();
  }

  static RpcResult addedNodes(AnswerStream in) throws IOException {
    var list = new ArrayList<String>();
    in.elements(
        MOST_LISTED,
        () -> {
          if (list.size() < MOST_ELEMENTS) {
            list.add(new AddedNode().read(in));
          } else {
            in.skip();
          }
        });
    return new RpcResult.AddedNodes(list);
  }

  static RpcResult peers(AnswerStream in) throws IOException {
    var list = new ArrayList<Peer>();
    in.elements(MOST_ELEMENTS, () -> list.add(new PeerFields().read(in)));
    return new RpcResult.Peers(list);
  }

  static RpcResult chain(AnswerStream in) throws IOException {
    return new Chain().read(in);
  }

  static RpcResult tips(AnswerStream in) throws IOException {
    var invalid = new ArrayList<String>();
    var forks = new HashMap<String, Long>();
    in.elements(
        MOST_TIPS,
        () -> {
          var tip = new Tip();
          in.object(name -> tip.field(name, in));
          if (tip.status.equals("invalid") && invalid.size() < MOST_KEPT_TIPS) {
            in.keep(ELEMENT_BYTES + HASH_LETTERS);
            invalid.add(hash(tip.hash));
          } else if (tip.status.equals("valid-fork") && forks.size() < MOST_KEPT_TIPS) {
            in.keep(2 * ELEMENT_BYTES + HASH_LETTERS);
            forks.put(hash(tip.hash), tip.branchLength);
          }
        });
    return new RpcResult.Tips(invalid, forks);
  }

  static String hash(String text) throws BadAnswer {
    if (!text.matches("[0-9a-f]{" + HASH_LETTERS + "}")) {
      throw new BadAnswer("a block without its hash");
    }
    return text;
  }

  static RpcResult header(AnswerStream in) throws IOException {
    var header = new Header();
    in.object(name -> header.field(name, in));
    return new RpcResult.Header(header.confirmations);
  }

  static RpcResult notTaken(AnswerStream in) throws IOException {
    return new RpcResult.NotTaken(in.cut(LONGEST_ADDRESS));
  }

  /** One fork while its fields come. */
  final class Tip {
    private String hash = "";
    private String status = "";
    private long branchLength;

    private void field(String name, AnswerStream in) throws IOException {
      switch (name) {
        case "hash" -> hash = in.text(HASH_LETTERS);
        case "branchlen" -> branchLength = in.number(Integer.MAX_VALUE);
        case "status" -> status = in.text(LONGEST_ADDRESS);
        default -> in.skip();
      }
    }
  }

  /** One block, while its fields come. */
  final class Header {
    private long confirmations;

    private void field(String name, AnswerStream in) throws IOException {
      if (name.equals("confirmations")) {
        confirmations = in.integer();
      } else {
        in.skip();
      }
    }
  }

  /** One entry of the list while its fields come. */
  final class AddedNode {
    private String address = "";
    private boolean told;

    private String read(AnswerStream in) throws IOException {
      in.object(name -> field(name, in));
      if (!told) {
        throw new BadAnswer("an added node without an address");
      }
      return address;
    }

    private void field(String name, AnswerStream in) throws IOException {
      if (name.equals("addednode")) {
        address = in.kept(LONGEST_ENTRY);
        told = true;
      } else {
        in.skip();
      }
    }
  }

  /** One connection while its fields come. */
  final class PeerFields {
    private long id = -1;
    private String address = "";
    private boolean inbound;
    private int version;

    /** Bitcoin Core tells since 0.21. */
    private boolean manual = true;

    private Peer read(AnswerStream in) throws IOException {
      in.object(name -> field(name, in));
      if (id < 0 || address.isEmpty()) {
        throw new BadAnswer("a peer without id or address");
      }
      in.keep(ELEMENT_BYTES);
      return new Peer(id, address, inbound, version, manual);
    }

    private void field(String name, AnswerStream in) throws IOException {
      switch (name) {
        case "id" -> id = in.number(Long.MAX_VALUE);
        case "addr" -> address = in.kept(LONGEST_ADDRESS);
        case "inbound" -> inbound = in.bool();
        case "version" -> version = (int) in.number(Integer.MAX_VALUE);
        case "connection_type" -> manual = in.text(LONGEST_ADDRESS).equals("manual");
        default -> in.skip();
      }
    }
  }

  /** The best chain while its fields come. */
  final class Chain {
    private long height = -1;
    private String bestBlockHash = "";
    private boolean initialBlockDownload;

    private RpcResult read(AnswerStream in) throws IOException {
      in.object(name -> field(name, in));
      if (height < 0 || !bestBlockHash.matches("[0-9a-f]{" + HASH_LETTERS + "}")) {
        throw new BadAnswer("a chain without height or hash");
      }
      return new RpcResult.Chain(height, bestBlockHash, initialBlockDownload);
    }

    private void field(String name, AnswerStream in) throws IOException {
      switch (name) {
        case "blocks" -> height = in.number(Integer.MAX_VALUE);
        case "bestblockhash" -> bestBlockHash = in.kept(HASH_LETTERS);
        case "initialblockdownload" -> initialBlockDownload = in.bool();
        default -> in.skip();
      }
    }
  }
}
