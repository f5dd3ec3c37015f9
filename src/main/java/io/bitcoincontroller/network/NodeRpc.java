package io.bitcoincontroller.network;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.kube.Pod;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Calls to the bitcoinds of one network, and what went wrong with them in words for people. */
final class NodeRpc {
  private static final Set<Integer> DONE_ALREADY =
      Set.of(RpcReply.NODE_ALREADY_ADDED, RpcReply.NODE_NOT_ADDED, RpcReply.NODE_NOT_CONNECTED);

  /**
   * Of one network, and a part of what there is for all: a network whose nodes hang has only its
   * own waiting.
   */
  private static final int CALLS_AT_A_TIME = 64;

  private final BitcoindClient bitcoind;
  private final BooleanSupplier mayAct;
  private final Semaphore turns = new Semaphore(CALLS_AT_A_TIME, true);

  /**
   * @param mayAct false when another process leads: nothing more is said to anybody
   */
  NodeRpc(BitcoindClient bitcoind, BooleanSupplier mayAct) {
    this.bitcoind = bitcoind;
    this.mayAct = mayAct;
  }

  Answer call(Pod pod, List<RpcRequest> requests, Duration deadline, Credentials credentials)
      throws IOException, InterruptedException {
    turns.acquire();
    try {
      if (!mayAct.getAsBoolean()) {
        throw new IOException("not the leader any more");
      }
      var server = BitcoindClient.server(pod.status().podIP());
      return bitcoind.call(server, credentials, requests, deadline, mayAct);
    } finally {
      turns.release();
    }
  }

  /** Why not all of the requests were carried out; empty if they were, or had been before. */
  String refusal(Pod pod, List<RpcRequest> requests, Duration deadline, Credentials credentials) {
    return refusal(pod, requests, deadline, credentials, _ -> {});
  }

  /**
   * The same.
   *
   * @param listed told of each request to add an address that is listed already
   */
  String refusal(
      Pod pod,
      List<RpcRequest> requests,
      Duration deadline,
      Credentials credentials,
      Consumer<RpcRequest> listed) {
    try {
      return switch (call(pod, requests, deadline, credentials)) {
        case Answer.Replies(var replies) -> {
          for (var i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof RpcReply.Failure(int code, _)
                && code == RpcReply.NODE_ALREADY_ADDED) {
              listed.accept(requests.get(i));
            }
          }
          yield replies.stream()
              .filter(RpcReply.Failure.class::isInstance)
              .map(RpcReply.Failure.class::cast)
              .filter(failure -> !DONE_ALREADY.contains(failure.code()))
              .findFirst()
              .map(RpcReply.Failure::text)
              .orElse("");
        }
        case Answer.Unauthorized() -> "it refuses the credentials";
        case Answer.Forbidden() -> FORBIDDEN;
        case Answer.Busy(int status) -> busy(status);
      };
    } catch (IOException e) {
      return words(e);
    } catch (InterruptedException e) {
      return INTERRUPTED;
    }
  }

  static final String FORBIDDEN = "it forbids the call (HTTP 403)";

  /** Nobody interrupts the threads of these calls; should it happen, the call has failed. */
  static final String INTERRUPTED = "interrupted";

  static String busy(int status) {
    return "its RPC server is busy (HTTP " + status + ")";
  }

  static String words(IOException e) {
    return switch (e) {
      case HttpTimeoutException _ -> "no answer in time";
      case ConnectException _ -> "it can't be connected to";
      default -> String.valueOf(e.getMessage());
    };
  }
}
