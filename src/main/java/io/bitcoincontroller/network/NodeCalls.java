package io.bitcoincontroller.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Links.Close;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.PeerChange;
import io.bitcoincontroller.observe.Changes;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/** Talks to the nodes of one network: all side by side, each under a deadline and a back-off. */
final class NodeCalls {
  private static final Duration READ_DEADLINE = Duration.ofSeconds(5);
  private static final Duration CHANGE_DEADLINE = Duration.ofSeconds(5);

  /** bitcoind itself gives up a dial after 5 s. */
  private static final Duration DIAL_DEADLINE = Duration.ofSeconds(6);

  /** A node that is well answers in a millisecond; a loaded one should not hold the others up. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** A dial takes 50 ms, or it won't succeed. */
  private static final Duration DIAL_PATIENCE = Duration.ofMillis(250);

  /** Each holds one of the node's RPC threads, of which it may have four. */
  private static final int DIALS_AT_A_TIME = 3;

  private static final Backoff REST =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.2);

  private static final Set<Integer> DONE_ALREADY =
      Set.of(RpcReply.NODE_ALREADY_ADDED, RpcReply.NODE_NOT_ADDED, RpcReply.NODE_NOT_CONNECTED);

  private final ObjectKey network;
  private final BitcoindClient bitcoind;
  private final BooleanSupplier mayAct;
  private final Log log;
  private final Calls<NodeView> reads;
  private final Calls<Boolean> changes;
  private final Calls<Boolean> dials;
  private final Map<String, Semaphore> dialling = new ConcurrentHashMap<>();
  private final Changes<String> troubles = new Changes<>();

  /**
   * Nothing is said yet.
   *
   * @param mayAct false when another process leads
   * @param late asks for a pass, because a call has ended that none waits for
   */
  NodeCalls(
      ObjectKey network,
      BitcoindClient bitcoind,
      BooleanSupplier mayAct,
      Ticker ticker,
      RandomGenerator random,
      Log log,
      Runnable late) {
    this.network = network;
    this.bitcoind = bitcoind;
    this.mayAct = mayAct;
    this.log = log;
    this.reads =
        new Calls<>(
            ticker,
            PATIENCE,
            REST,
            random::nextDouble,
            view -> !(view instanceof NodeView.Answered),
            late);
    this.changes = new Calls<>(ticker, PATIENCE, REST, random::nextDouble, done -> !done, late);
    // whether a dial brought a link shows only in the next read: until then the link rests
    this.dials = new Calls<>(ticker, DIAL_PATIENCE, REST, random::nextDouble, _ -> true, late);
  }

  /** With other credentials everything is worth a new try. */
  void forgetAll() {
    reads.retain(_ -> false);
    changes.retain(_ -> false);
    dials.retain(_ -> false);
  }

  /** Forgets pods that are gone. */
  void keepOnly(Collection<Pod> pods) {
    var uids = new HashSet<String>();
    pods.forEach(pod -> uids.add(pod.metadata().uid()));
    reads.retain(uids::contains);
    changes.retain(uids::contains);
    dials.retain(name -> uids.containsAll(Arrays.asList(name.split(">"))));
    dialling.keySet().retainAll(uids);
  }

  /** What each of these pods' bitcoind says of itself. */
  Map<Integer, NodeView> read(Map<Integer, Pod> ready, Credentials credentials)
      throws InterruptedException {
    var names = new HashSet<String>();
    ready.values().forEach(pod -> names.add(pod.metadata().uid()));
    ready.values().forEach(pod -> reads.begin(pod.metadata().uid(), () -> view(pod, credentials)));
    reads.await(names);
    var views = new HashMap<Integer, NodeView>();
    ready.forEach(
        (ordinal, pod) ->
            views.put(
                ordinal,
                reads
                    .latest(pod.metadata().uid())
                    .orElseGet(() -> new NodeView.Silent("no answer yet"))));
    views.forEach((ordinal, view) -> tell("node " + ordinal, view));
    return views;
  }

  private void tell(String node, NodeView view) {
    switch (view) {
      case NodeView.Answered _ -> {
        if (troubles.clear(node)) {
          log.info("node answers again", "network", network, "node", node);
        }
      }
      case NodeView.Unauthorized _ -> trouble(node, "it refuses the credentials");
      case NodeView.Silent(String why) -> trouble(node, why);
    }
  }

  private void trouble(String node, String why) {
    if (troubles.isNew(node, why)) {
      log.warn("node does not answer", "network", network, "node", node, "why", why);
    }
  }

  private NodeView view(Pod pod, Credentials credentials) {
    try {
      return switch (call(pod, NodeInfo.REQUESTS, READ_DEADLINE, credentials)) {
        case Answer.Replies(var replies) -> view(replies);
        case Answer.Unauthorized() -> new NodeView.Unauthorized();
        case Answer.Forbidden() -> new NodeView.Silent("it forbids the call (HTTP 403)");
        case Answer.Busy(int status) ->
            new NodeView.Silent("its RPC server is busy (HTTP " + status + ")");
      };
    } catch (IOException e) {
      return new NodeView.Silent(words(e));
    } catch (InterruptedException e) {
      // nobody interrupts these threads; should it happen, the call has failed
      return new NodeView.Silent("interrupted");
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

  private Answer call(
      Pod pod, List<RpcRequest> requests, Duration deadline, Credentials credentials)
      throws IOException, InterruptedException {
    if (!mayAct.getAsBoolean()) {
      throw new IOException("not the leader any more");
    }
    var server = BitcoindClient.server(pod.status().podIP());
    return bitcoind.call(server, credentials, requests, deadline);
  }

  private static String words(IOException e) {
    return switch (e) {
      case HttpTimeoutException _ -> "no answer in time";
      case ConnectException _ -> "it can't be connected to";
      default -> String.valueOf(e.getMessage());
    };
  }

  boolean mayDial(Map<Integer, Pod> pods, Dial dial) {
    return dials.ready(dialName(pods, dial));
  }

  private static String dialName(Map<Integer, Pod> pods, Dial dial) {
    return uid(pods, dial.from()) + ">" + uid(pods, dial.to());
  }

  private static String uid(Map<Integer, Pod> pods, int ordinal) {
    var pod = pods.get(ordinal);
    return pod == null ? "" : pod.metadata().uid();
  }

  /** Carries out what the plan says to the nodes; what came of it shows in the next read. */
  void act(MeshPlan plan, Map<Integer, Pod> pods, Credentials credentials)
      throws InterruptedException {
    for (var link : plan.links().up()) {
      dials.forgive(dialName(pods, new Dial(link.low(), link.high())));
      dials.forgive(dialName(pods, new Dial(link.high(), link.low())));
    }
    change(plan, pods, credentials);
    dial(plan.dials(), pods, credentials);
  }

  private void change(MeshPlan plan, Map<Integer, Pod> pods, Credentials credentials)
      throws InterruptedException {
    var ordinals = new TreeSet<>(plan.changes().keySet());
    plan.links().closes().forEach(close -> ordinals.add(close.from()));
    var names = new ArrayList<String>();
    for (var ordinal : ordinals) {
      var pod = pods.get(ordinal);
      if (pod != null) {
        var list = plan.changes().getOrDefault(ordinal, List.of());
        var closes = plan.links().closes().stream().filter(c -> c.from() == ordinal).toList();
        changes.begin(pod.metadata().uid(), () -> change(pod, list, closes, credentials));
        names.add(pod.metadata().uid());
      }
    }
    changes.await(names);
  }

  /** Removals come first in the list: a connection closed before would be dialled again at once. */
  private boolean change(
      Pod pod, List<PeerChange> list, List<Close> closes, Credentials credentials) {
    var requests = new ArrayList<RpcRequest>();
    for (var change : list) {
      requests.add(
          switch (change) {
            case PeerChange.Add(String address) -> RpcRequest.addNode(address);
            case PeerChange.Remove(String address) -> RpcRequest.removeNode(address);
          });
    }
    closes.forEach(close -> requests.add(RpcRequest.disconnectNode(close.peerId())));
    var why = refusal(pod, requests, CHANGE_DEADLINE, credentials);
    if (why.isEmpty()) {
      troubles.clear(pod.metadata().name());
      log.info(
          "peers changed",
          "network",
          network,
          "pod",
          pod.metadata().name(),
          "added",
          addresses(list, PeerChange.Add.class),
          "removed",
          addresses(list, PeerChange.Remove.class),
          "closed",
          closes.stream().map(Close::address).toList());
    } else {
      notChanged(pod, why);
    }
    return why.isEmpty();
  }

  private void notChanged(Pod pod, String why) {
    if (troubles.isNew(pod.metadata().name(), why)) {
      log.warn("peers not changed", "network", network, "pod", pod.metadata().name(), "why", why);
    }
  }

  private static List<String> addresses(List<PeerChange> list, Class<? extends PeerChange> type) {
    return list.stream().filter(type::isInstance).map(PeerChange::address).toList();
  }

  /** Why not all of the requests were carried out; empty if they were, or had been before. */
  private String refusal(
      Pod pod, List<RpcRequest> requests, Duration deadline, Credentials credentials) {
    try {
      return switch (call(pod, requests, deadline, credentials)) {
        case Answer.Replies(var replies) ->
            replies.stream()
                .filter(RpcReply.Failure.class::isInstance)
                .map(RpcReply.Failure.class::cast)
                .filter(failure -> !DONE_ALREADY.contains(failure.code()))
                .findFirst()
                .map(RpcReply.Failure::text)
                .orElse("");
        case Answer.Unauthorized() -> "it refuses the credentials";
        case Answer.Forbidden() -> "it forbids the call (HTTP 403)";
        case Answer.Busy(int status) -> "its RPC server is busy (HTTP " + status + ")";
      };
    } catch (IOException e) {
      return words(e);
    } catch (InterruptedException e) {
      return "interrupted";
    }
  }

  private void dial(List<Dial> wanted, Map<Integer, Pod> pods, Credentials credentials)
      throws InterruptedException {
    var names = new ArrayList<String>();
    for (var dial : wanted) {
      var from = pods.get(dial.from());
      var to = pods.get(dial.to());
      if (from != null && to != null) {
        var name = dialName(pods, dial);
        dials.begin(name, () -> dial(from, to, credentials));
        names.add(name);
      }
    }
    dials.await(names);
  }

  private boolean dial(Pod from, Pod to, Credentials credentials) {
    var turn = dialling.computeIfAbsent(from.metadata().uid(), _ -> new Semaphore(DIALS_AT_A_TIME));
    turn.acquireUninterruptibly();
    try {
      var address = PeerAddress.ofPod(to.status().podIP()).text();
      var why = refusal(from, List.of(RpcRequest.tryNode(address)), DIAL_DEADLINE, credentials);
      log.debug(
          "dialled",
          "network",
          network,
          "from",
          from.metadata().name(),
          "to",
          to.metadata().name(),
          "why not",
          why);
      return why.isEmpty();
    } finally {
      turn.release();
    }
  }

  /** Nanoseconds until something that rests is worth a new try. */
  OptionalLong nextTry() {
    return LongStream.concat(
            LongStream.concat(reads.nextReady().stream(), changes.nextReady().stream()),
            dials.nextReady().stream())
        .min();
  }
}
