package io.bitcoincontroller.bitcoind;

import java.util.List;

/** The answer of a node's RPC server to a whole batch. */
public sealed interface Answer {
  /**
   * One reply for each request, in their order.
   *
   * @param share of the memory for all answers: to be given back when nobody holds these any more
   */
  record Replies(List<RpcReply> list, AnswerMemory.Share share) implements Answer {}

  /** 401: user or password are wrong. Every try holds one of the server's threads for 250 ms. */
  record Unauthorized() implements Answer {}

  /** 403: this address may not call (rpcallowip), or this user may not make one of the calls. */
  record Forbidden() implements Answer {}

  /** The server can't take the batch now: 503 when its queue is full, or another 5xx. */
  record Busy(int status) implements Answer {}
}
