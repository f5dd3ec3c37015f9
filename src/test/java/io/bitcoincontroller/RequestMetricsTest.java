package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.observe.Metrics;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
  private final Metrics metrics = new Metrics();
  private final RequestMetrics requests = new RequestMetrics(metrics);

  @Test
  void eachCallOfABatchCountsByMethodAndResult() {
    var reading = List.of(RpcRequest.getPeerInfo(), RpcRequest.getBlockchainInfo());
    requests.called(reading, Optional.empty());
    requests.called(reading, Optional.of(new Answer.Unauthorized()));
    requests.called(List.of(RpcRequest.addNode("10.0.0.1")), Optional.of(new Answer.Busy(503)));
    requests.called(List.of(RpcRequest.tryNode("10.0.0.1")), Optional.of(new Answer.Forbidden()));
    assertEquals(
        """
        # HELP bitcoind_rpc_calls_total RPC calls to nodes, by method and result
        # TYPE bitcoind_rpc_calls_total counter
        bitcoind_rpc_calls_total{method="addnode",result="busy"} 1
        bitcoind_rpc_calls_total{method="addnode",result="forbidden"} 1
        bitcoind_rpc_calls_total{method="getblockchaininfo",result="no_answer"} 1
        bitcoind_rpc_calls_total{method="getblockchaininfo",result="unauthorized"} 1
        bitcoind_rpc_calls_total{method="getpeerinfo",result="no_answer"} 1
        bitcoind_rpc_calls_total{method="getpeerinfo",result="unauthorized"} 1
        """,
        metrics.text());
  }
}
