package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.bitcoind.RpcResult;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.plan.Forks.Moved;
import io.bitcoincontroller.plan.Reorg;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Finds how many blocks nodes left behind that have another tip now. One of each kind is asked. */
final class ForkReader {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** UID of a pod, and the tip that it had. */
  private record Name(String podUid, String tip) {}

  private final PodRpc rpc;
  private final BackgroundCalls<Name, OptionalLong> calls;

  ForkReader(PodRpc rpc, Ticker ticker, Duration patience, RandomGenerator random, Runnable late) {
    this.rpc = rpc;
    this.calls =
        BackgroundCalls.toNodes(
            ticker,
            patience,
            random,
            depth ->
                depth.isPresent() ? BackgroundCalls.Verdict.WELL : BackgroundCalls.Verdict.FAILED,
            late);
  }

  BackgroundCalls<?, ?> calls() {
    return calls;
  }

  void forgetAll() {
    calls.retain(_ -> false);
  }

  /**
   * The reorgs among these.
   *
   * @return empty while a node has not answered
   */
  Optional<List<Reorg>> read(
      List<Moved> moved, Map<Integer, Pod> pods, Credentials credentials, Permit permit)
      throws InterruptedException {
    var names = new HashMap<Moved, Name>();
    for (var each : moved) {
      var pod = pods.get(Collections.min(each.nodes()));
      if (pod != null) {
        var name = new Name(pod.metadata().uid(), each.from().hash());
        names.put(each, name);
        calls.begin(name, () -> ask(pod, each.from().hash(), credentials));
      }
    }
    calls.retain(names::containsValue);
    calls.await(names.values(), permit);
    var reorgs = new ArrayList<Reorg>();
    for (var each : names.entrySet()) {
      var depth = calls.latest(each.getValue(), OptionalLong.empty()).orElse(OptionalLong.empty());
      if (depth.isEmpty()) {
        return Optional.empty();
      }
      if (depth.getAsLong() > 0) {
        reorgs.add(new Reorg(each.getKey(), depth.getAsLong()));
      }
    }
    return Optional.of(reorgs);
  }

  /** 0 if the tip's chain has only got longer; empty if the node did not say. */
  private OptionalLong ask(Pod pod, String tip, Credentials credentials) {
    try {
      if (rpc.ask(pod, List.of(RpcRequest.getChainTips()), DEADLINE, credentials)
          instanceof Answer.Replies(var replies, var share)) {
        share.giveBack();
        return replies.getFirst() instanceof RpcReply.Result(RpcResult.Tips(_, var forks))
            ? OptionalLong.of(forks.getOrDefault(tip, 0L))
            : OptionalLong.empty();
      }
      return OptionalLong.empty();
    } catch (IOException | InterruptedException _) {
      return OptionalLong.empty(); // the next pass reads the whole node, and reports the trouble
    }
  }
}
