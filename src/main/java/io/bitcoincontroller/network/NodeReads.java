package io.bitcoincontroller.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.observe.Changes;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Reads the nodes of one network: all side by side, one batch each. */
final class NodeReads {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final ObjectKey network;
  private final NodeRpc rpc;
  private final Log log;
  private final Calls<NodeView> reads;
  private final Changes<String> troubles = new Changes<>();

  NodeReads(
      ObjectKey network,
      NodeRpc rpc,
      Ticker ticker,
      RandomGenerator random,
      Log log,
      Runnable late) {
    this.network = network;
    this.rpc = rpc;
    this.log = log;
    this.reads =
        new Calls<>(
            ticker,
            NodeCalls.PATIENCE,
            NodeCalls.REST,
            random::nextDouble,
            view -> !(view instanceof NodeView.Answered),
            late);
  }

  void keepOnly(Predicate<String> podUids) {
    reads.retain(podUids);
    troubles.retain(podUids);
  }

  OptionalLong nextReady() {
    return reads.nextReady();
  }

  /**
   * What each of these pods' bitcoind says of itself.
   *
   * @param changed when we last changed something there, by the pod's UID: what was read before is
   *     not true any more
   */
  Map<Integer, NodeView> read(
      Map<Integer, Pod> ready, Credentials credentials, Function<String, OptionalLong> changed)
      throws InterruptedException {
    var names = new HashSet<String>();
    ready.values().forEach(pod -> names.add(pod.metadata().uid()));
    ready.values().forEach(pod -> reads.begin(pod.metadata().uid(), () -> view(pod, credentials)));
    reads.await(names);
    var views = new HashMap<Integer, NodeView>();
    ready.forEach(
        (ordinal, pod) -> {
          var uid = pod.metadata().uid();
          var latest = reads.latest(uid, changed.apply(uid));
          var view = latest.orElseGet(() -> new NodeView.Silent("no answer yet"));
          views.put(ordinal, view);
          tell(uid, "node " + ordinal, view);
        });
    return views;
  }

  private void tell(String uid, String node, NodeView view) {
    switch (view) {
      case NodeView.Answered _ -> {
        if (troubles.clear(uid)) {
          log.info("node answers again", "network", network, "node", node);
        }
      }
      case NodeView.Unauthorized _ -> trouble(uid, node, "it refuses the credentials");
      case NodeView.Silent(String why) -> trouble(uid, node, why);
    }
  }

  private void trouble(String uid, String node, String why) {
    if (troubles.isNew(uid, why)) {
      log.warn("node does not answer", "network", network, "node", node, "why", why);
    }
  }

  private NodeView view(Pod pod, Credentials credentials) {
    try {
      return switch (rpc.call(pod, NodeInfo.REQUESTS, DEADLINE, credentials)) {
        case Answer.Replies(var replies) -> view(replies);
        case Answer.Unauthorized() -> new NodeView.Unauthorized();
        case Answer.Forbidden() -> new NodeView.Silent(NodeRpc.FORBIDDEN);
        case Answer.Busy(int status) -> new NodeView.Silent(NodeRpc.busy(status));
      };
    } catch (IOException e) {
      return new NodeView.Silent(NodeRpc.words(e));
    } catch (InterruptedException e) {
      return new NodeView.Silent(NodeRpc.INTERRUPTED);
    }
  }

  private static NodeView view(List<RpcReply> replies) {
    for (var reply : replies) {
      if (reply instanceof RpcReply.Failure failure) {
        return new NodeView.Silent(
            failure.code() == RpcReply.IN_WARMUP ? "it is still starting" : failure.text());
      }
    }
    return new NodeView.Answered(
        NodeInfo.of(result(replies, 0), result(replies, 1), result(replies, 2)));
  }

  private static JsonNode result(List<RpcReply> replies, int index) {
    return ((RpcReply.Result) replies.get(index)).value();
  }
}
