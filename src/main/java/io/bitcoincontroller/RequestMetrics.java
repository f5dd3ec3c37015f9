package io.bitcoincontroller;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.observe.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Requests to the API server, under the names of client-go, and calls to the nodes. */
final class RequestMetrics implements ApiServer.Listener, BitcoindClient.Listener {
  /** As client-go has them. */
  private static final List<Double> SECONDS =
      List.of(0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0);

  private final Metrics metrics;

  RequestMetrics(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void answered(String method, int code, Duration took) {
    metrics
        .counter(
            "rest_client_requests_total",
            "Requests to the API server, by code and method",
            "code",
            text(code),
            "method",
            method)
        .increment();
    metrics
        .histogram(
            "rest_client_request_duration_seconds",
            "Time until the head of the API server's answer",
            SECONDS,
            "method",
            method)
        .observe(took.toNanos());
  }

  @Override
  public void answered(int code, Duration took) {
    metrics
        .counter("bitcoind_requests_total", "Batches of RPC calls to nodes", "code", text(code))
        .increment();
    metrics
        .histogram("bitcoind_request_duration_seconds", "Time of a batch of RPC calls", SECONDS)
        .observe(took.toNanos());
  }

  @Override
  public void called(List<RpcRequest> requests, Optional<Answer> answer) {
    for (var i = 0; i < requests.size(); i++) {
      metrics
          .counter(
              "bitcoind_rpc_calls_total",
              "RPC calls to nodes, by method and result",
              "method",
              requests.get(i).method(),
              "result",
              result(answer, i))
          .increment();
    }
  }

  /**
   * @param call its place in the batch
   */
  private static String result(Optional<Answer> answer, int call) {
    if (answer.isEmpty()) {
      return "no_answer";
    }
    return switch (answer.get()) {
      case Answer.Replies(var replies, _) ->
          replies.get(call) instanceof RpcReply.Result ? "success" : "error";
      case Answer.Unauthorized() -> "unauthorized";
      case Answer.Forbidden() -> "forbidden";
      case Answer.Busy _ -> "busy";
    };
  }

  private static String text(int code) {
    return code == 0 ? "<error>" : String.valueOf(code);
  }
}
