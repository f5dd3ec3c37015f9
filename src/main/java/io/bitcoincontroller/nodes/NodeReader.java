package io.bitcoincontroller.nodes;

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
import io.bitcoincontroller.plan.NodeView;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Reads the nodes of one network: all side by side, one batch each. */
final class NodeReader {
  static final Duration DEADLINE = Duration.ofSeconds(5);

  /** The view of a pod that was replaced while it was read: it counts as not read. */
  private static final NodeView GONE = new NodeView.Silent("its pod is not there any more");

  /**
   * The answer of one node.
   *
   * @param dropped runs when this is not kept any longer: it gives the memory back
   */
  private record Read(NodeView view, Runnable dropped) {
    /** A view without peers and lists takes no memory to speak of. */
    static Read of(NodeView view) {
      return new Read(view, () -> {});
    }
  }

  private final ObjectKey network;
  private final PodRpc rpc;
  private final Log log;
  private final BackgroundCalls<String, Read> reads;

  /** Why a node does not answer, as the log said it last; by the pod's UID. */
  private final LastSaid<String> warned = new LastSaid<>();

  NodeReader(
      ObjectKey network,
      PodRpc rpc,
      Ticker ticker,
      Duration patience,
      RandomGenerator random,
      Log log,
      Runnable late) {
    this.network = network;
    this.rpc = rpc;
    this.log = log;
    this.reads =
        new BackgroundCalls<>(
            ticker,
            patience,
            BackgroundCalls.REST,
            random::nextDouble,
            read -> verdict(read.view()),
            read -> read.dropped().run(),
            late);
  }

  private static BackgroundCalls.Verdict verdict(NodeView view) {
    if (view.equals(GONE)) {
      return BackgroundCalls.Verdict.NOT_MADE;
    }
    return view instanceof NodeView.Answered
        ? BackgroundCalls.Verdict.WELL
        : BackgroundCalls.Verdict.FAILED;
  }

  void keepOnly(Set<String> podUids) {
    reads.retain(podUids::contains);
    warned.retain(podUids::contains);
  }

  BackgroundCalls<?, ?> calls() {
    return reads;
  }

  /**
   * Has each of these pods' bitcoind say how it is.
   *
   * @param changed when we last changed something at a pod, by its UID: an earlier read is not true
   *     any longer
   * @param permit given up while the nodes are waited for
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
          log(uid, "node " + ordinal, view);
        });
    return views;
  }

  /** For how long the reads have been running that no pass waits for. */
  SortedMap<Integer, Duration> unanswered(Map<Integer, Pod> ready) {
    var unanswered = new TreeMap<Integer, Duration>();
    ready.forEach(
        (ordinal, pod) ->
            reads
                .running(pod.metadata().uid())
                .ifPresent(nanos -> unanswered.put(ordinal, Duration.ofNanos(nanos))));
    return unanswered;
  }

  private void log(String uid, String node, NodeView view) {
    switch (view) {
      case NodeView.Answered _ -> {
        if (warned.clear(uid)) {
          log.info("node answers again", "network", network, "node", node);
        }
      }
      case NodeView.New() -> {}
      case NodeView.Unauthorized _ -> warn(uid, node, "it refuses the credentials");
      case NodeView.Silent(String why) -> warn(uid, node, why);
    }
  }

  private void warn(String uid, String node, String why) {
    if (warned.isNew(uid, why)) {
      log.warn("node does not answer", "network", network, "node", node, "why", why);
    }
  }

  private Read ask(Pod pod, Credentials credentials) {
    try {
      return switch (rpc.ask(pod, NodeInfo.REQUESTS, DEADLINE, credentials)) {
        case Answer.Replies(var replies, var share) -> new Read(view(replies), share::giveBack);
        case Answer.Unauthorized() -> Read.of(new NodeView.Unauthorized());
        case Answer.Forbidden() -> Read.of(new NodeView.Silent(PodRpc.FORBIDDEN));
        case Answer.Busy(int status) -> Read.of(new NodeView.Silent(PodRpc.busy(status)));
      };
    } catch (NotWantedException e) {
      return Read.of(GONE);
    } catch (IOException e) {
      return Read.of(new NodeView.Silent(PodRpc.words(e)));
    } catch (InterruptedException e) {
      return Read.of(new NodeView.Silent(PodRpc.INTERRUPTED));
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
