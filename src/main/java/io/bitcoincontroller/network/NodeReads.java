package io.bitcoincontroller.network;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.bitcoind.NotWantedException;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcResult;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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

  /**
   * Of no call: the pod is not there any more, and what was said at its address may be another's.
   */
  private static final NodeView GONE = new NodeView.Silent("its pod is not there any more");

  /**
   * What a call gave.
   *
   * @param dropped to be run when it is not kept any more
   */
  private record Read(NodeView view, Runnable dropped) {
    /** Of what takes no memory to speak of. */
    static Read of(NodeView view) {
      return new Read(view, () -> {});
    }
  }

  private final ObjectKey network;
  private final NodeRpc rpc;
  private final Log log;
  private final Calls<Read> reads;
  private final LastSaid<String> troubles = new LastSaid<>();

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
            read -> verdict(read.view()),
            read -> read.dropped().run(),
            late);
  }

  private static Calls.Verdict verdict(NodeView view) {
    if (view.equals(GONE)) {
      return Calls.Verdict.NOT_MADE;
    }
    return view instanceof NodeView.Answered ? Calls.Verdict.WELL : Calls.Verdict.FAILED;
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
   * @param permit given up while they are waited for
   */
  Map<Integer, NodeView> read(
      Map<Integer, Pod> ready,
      Credentials credentials,
      Function<String, OptionalLong> changed,
      Permit permit)
      throws InterruptedException {
    var names = new HashSet<String>();
    ready.values().forEach(pod -> names.add(pod.metadata().uid()));
    ready.values().forEach(pod -> reads.begin(pod.metadata().uid(), () -> ask(pod, credentials)));
    reads.await(names, permit);
    var views = new HashMap<Integer, NodeView>();
    ready.forEach(
        (ordinal, pod) -> {
          var uid = pod.metadata().uid();
          var latest = reads.latest(uid, changed.apply(uid));
          var view = latest.map(Read::view).orElseGet(() -> new NodeView.Silent("no answer yet"));
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

  private Read ask(Pod pod, Credentials credentials) {
    try {
      return switch (rpc.ask(pod, NodeInfo.REQUESTS, DEADLINE, credentials)) {
        case Answer.Replies(var replies, var share) -> new Read(view(replies), share::giveBack);
        case Answer.Unauthorized() -> Read.of(new NodeView.Unauthorized());
        case Answer.Forbidden() -> Read.of(new NodeView.Silent(NodeRpc.FORBIDDEN));
        case Answer.Busy(int status) -> Read.of(new NodeView.Silent(NodeRpc.busy(status)));
      };
    } catch (NotWantedException e) {
      return Read.of(GONE);
    } catch (IOException e) {
      return Read.of(new NodeView.Silent(NodeRpc.words(e)));
    } catch (InterruptedException e) {
      return Read.of(new NodeView.Silent(NodeRpc.INTERRUPTED));
    }
  }

  private static NodeView view(List<RpcReply> replies) {
    var results = new ArrayList<RpcResult>();
    for (var reply : replies) {
      switch (reply) {
        case RpcReply.Result(var result) -> results.add(result);
        case RpcReply.Failure failure -> {
          return new NodeView.Silent(
              failure.code() == RpcReply.IN_WARMUP ? "it is still starting" : failure.text());
        }
      }
    }
    return NodeInfo.of(results)
        .<NodeView>map(NodeView.Answered::new)
        .orElseGet(() -> new NodeView.Silent("it answers what no bitcoind would: nothing"));
  }
}
