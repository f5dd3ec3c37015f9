package io.bitcoincontroller.bitcoind;

/** The answer of bitcoind to one request. */
public sealed interface RpcReply {
  /** -5: no such block, where one is asked for (Bitcoin Core, {@code rpc/protocol.h}). */
  int NOT_FOUND = -5;

  /** -23: the node is listed already (Bitcoin Core, {@code rpc/protocol.h}). */
  int NODE_ALREADY_ADDED = -23;

  /** -24: no such node is listed. */
  int NODE_NOT_ADDED = -24;

  /** -28: still starting; ask again. */
  int IN_WARMUP = -28;

  /** -29: no such connection. */
  int NODE_NOT_CONNECTED = -29;

  record Result(RpcResult value) implements RpcReply {}

  /**
   * An error of bitcoind.
   *
   * @param code branch on this
   * @param message for people, and cut to 300 characters; its text varies between versions
   */
  record Failure(int code, String message) implements RpcReply {
    public String text() {
      return "error " + code + ": " + message;
    }
  }
}
