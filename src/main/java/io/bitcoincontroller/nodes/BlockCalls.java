package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.NotWantedException;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.bitcoind.RpcResult;
import io.bitcoincontroller.blocks.Block;
import io.bitcoincontroller.kube.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls by which a node mines. Each may be made again: a block that is sent twice is the same
 * block. They throw an IOException, with words for people, if a node gives no usable answer; then
 * nobody knows whether a block was taken, and the node is to be asked.
 */
final class BlockCalls {
  /** A node that is well answers in some milliseconds; a network with a late block is no harm. */
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  private final PodRpc rpc;

  BlockCalls(PodRpc rpc) {
    this.rpc = rpc;
  }

  Proposal template(Pod pod, Credentials credentials) throws IOException, InterruptedException {
    var answer = answer(pod, List.of(RpcRequest.getBlockTemplate()), credentials);
    if (answer.list().getFirst() instanceof RpcReply.Result(RpcResult.NextBlock(var template))) {
      return new Proposal(template, answer.share()::giveBack);
    }
    answer.share().giveBack();
    throw new IOException(
        answer.list().getFirst() instanceof RpcReply.Failure failure
            ? "it gives no block template: " + failure.text()
            : "it gives no block template");
  }

  /** Whether each block is in the node's best chain. */
  Map<String, Boolean> find(Pod pod, List<String> hashes, Credentials credentials)
      throws IOException, InterruptedException {
    var requests = hashes.stream().map(RpcRequest::getBlockHeader).toList();
    var replies = ask(pod, requests, credentials);
    var found = new HashMap<String, Boolean>();
    for (var i = 0; i < replies.size(); i++) {
      found.put(hashes.get(i), isInChain(replies.get(i)));
    }
    return found;
  }

  private static boolean isInChain(RpcReply reply) throws IOException {
    return switch (reply) {
      case RpcReply.Result(RpcResult.Header(var confirmations)) -> confirmations > 0;
      case RpcReply.Failure failure when failure.code() == RpcReply.NOT_FOUND -> false;
      case RpcReply.Result _ -> throw new IOException("it gives no header of a block");
      case RpcReply.Failure failure ->
          throw new IOException("it gives no header of a block: " + failure.text());
    };
  }

  /**
   * Sends blocks, each only if the node took the one before: its parent is the tip then.
   *
   * @return hashes of those that it took
   * @throws IOException if it did not answer, or calls a block invalid; it may have taken some
   */
  List<String> submit(Pod pod, List<Block> blocks, Credentials credentials)
      throws IOException, InterruptedException {
    var taken = new ArrayList<String>();
    for (var block : blocks) {
      var reply = ask(pod, List.of(RpcRequest.submitBlock(block.hex())), credentials).getFirst();
      switch (reply) {
        case RpcReply.Result(RpcResult.Done()) -> taken.add(block.hash());
        case RpcReply.Result(RpcResult.NotTaken(var why)) when isBeside(why) -> {
          return taken;
        }
        case RpcReply.Result other -> throw new IOException("it takes no block: " + other.value());
        case RpcReply.Failure failure ->
            throw new IOException("it takes no block: " + failure.text());
      }
    }
    return taken;
  }

  /** Another block was there first, or this one was: to be asked. */
  private static boolean isBeside(String why) {
    return why.equals("inconclusive") || why.startsWith("duplicate");
  }

  /** Of replies that are a few words. */
  private List<RpcReply> ask(Pod pod, List<RpcRequest> requests, Credentials credentials)
      throws IOException, InterruptedException {
    var answer = answer(pod, requests, credentials);
    answer.share().giveBack();
    return answer.list();
  }

  private Answer.Replies answer(Pod pod, List<RpcRequest> requests, Credentials credentials)
      throws IOException, InterruptedException {
    try {
      return switch (rpc.ask(pod, requests, DEADLINE, credentials)) {
        case Answer.Replies replies -> replies;
        case Answer.Unauthorized() -> throw new IOException("it refuses the credentials");
        case Answer.Forbidden() -> throw new IOException(PodRpc.FORBIDDEN);
        case Answer.Busy(int status) -> throw new IOException(PodRpc.busy(status));
      };
    } catch (NotWantedException e) {
      throw new IOException("its pod is not there any more");
    } catch (IOException e) {
      throw new IOException(PodRpc.words(e));
    }
  }
}
