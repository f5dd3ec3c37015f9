package io.bitcoincontroller.network;

import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Links.Close;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.PeerChange;
import io.bitcoincontroller.network.NodeRpc.Made;
import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
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
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Tells the nodes of one network what the plan says: all side by side. */
final class NodeChanges {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** bitcoind itself gives up a dial after 5 s. */
  private static final Duration DIAL_DEADLINE = Duration.ofSeconds(6);

  /** A dial takes 50 ms, or it won't succeed. */
  private static final Duration DIAL_PATIENCE = Duration.ofMillis(250);

  /** Each holds one of the node's RPC threads, of which it may have four. */
  private static final int DIALS_AT_A_TIME = 3;

  private final ObjectKey network;
  private final NodeRpc rpc;
  private final Log log;
  private final Calls<Made> changes;
  private final Calls<Made> dials;
  private final Reaches reaches;
  private final ListedAnyway listedAnyway = new ListedAnyway();
  private final Map<String, Semaphore> dialling = new ConcurrentHashMap<>();
  private final LastSaid<String> troubles = new LastSaid<>();

  NodeChanges(
      ObjectKey network,
      NodeRpc rpc,
      Ticker ticker,
      RandomGenerator random,
      Log log,
      Runnable late) {
    this.network = network;
    this.rpc = rpc;
    this.log = log;
    this.changes =
        new Calls<>(
            ticker,
            NodeCalls.PATIENCE,
            NodeCalls.REST,
            random::nextDouble,
            NodeChanges::verdict,
            _ -> {},
            late);
    // whether a dial brought a link shows only in the next read: until then the link rests
    this.dials =
        new Calls<>(
            ticker,
            DIAL_PATIENCE,
            NodeCalls.REST,
            random::nextDouble,
            NodeChanges::dialled,
            _ -> {},
            late);
    this.reaches = new Reaches(network, rpc, ticker, log, this::turn, late);
  }

  /** Of a dial it is not known yet that it did well. */
  static Calls.Verdict dialled(Made made) {
    return made.equals(new Made.Done()) ? Calls.Verdict.FAILED : verdict(made);
  }

  private static Calls.Verdict verdict(Made made) {
    return switch (made) {
      case Made.Done() -> Calls.Verdict.WELL;
      case Made.Refused _ -> Calls.Verdict.FAILED;
      case Made.NotWanted() -> Calls.Verdict.NOT_MADE;
    };
  }

  void keepOnly(Set<String> podUids) {
    changes.retain(podUids::contains);
    dials.retain(name -> podUids.containsAll(Arrays.asList(name.split(">"))));
    dialling.keySet().retainAll(podUids);
    reaches.keepOnly(podUids);
    listedAnyway.keepOnly(podUids);
  }

  OptionalLong nextReady() {
    return Stream.of(changes.nextReady(), dials.nextReady(), reaches.nextReady())
        .flatMapToLong(OptionalLong::stream)
        .min();
  }

  /** When the last change of a pod's list or connections had been made. */
  OptionalLong changed(String podUid) {
    return changes.ended(podUid);
  }

  boolean mayDial(Map<Integer, Pod> pods, Dial dial) {
    return dials.ready(dialName(pods, dial));
  }

  boolean mayReach(Map<Integer, Pod> pods, Reach reach) {
    return reaches.may(pods, reach);
  }

  /** Addresses that a node calls listed although its list does not show them. */
  Map<Integer, Set<String>> listedAnyway(Map<Integer, Pod> pods, Map<Integer, NodeView> views) {
    var listed = new HashMap<Integer, Set<String>>();
    views.forEach(
        (ordinal, view) -> {
          if (view instanceof NodeView.Answered(NodeInfo info)) {
            listed.put(ordinal, listedAnyway.of(uid(pods, ordinal), info.addedNodes()));
          }
        });
    return listed;
  }

  private static String dialName(Map<Integer, Pod> pods, Dial dial) {
    return uid(pods, dial.from()) + ">" + uid(pods, dial.to());
  }

  private static String uid(Map<Integer, Pod> pods, int ordinal) {
    var pod = pods.get(ordinal);
    return pod == null ? "" : pod.metadata().uid();
  }

  /** Carries out what the plan says to the nodes; what came of it shows in the next read. */
  void act(MeshPlan plan, Map<Integer, Pod> pods, Credentials credentials, Permit permit)
      throws InterruptedException {
    for (var link : plan.links().up()) {
      dials.forgive(dialName(pods, new Dial(link.low(), link.high())));
      dials.forgive(dialName(pods, new Dial(link.high(), link.low())));
    }
    change(plan, pods, credentials, permit);
    dial(plan.dials(), pods, credentials, permit);
    reaches.act(plan, pods, credentials, permit);
  }

  private void change(MeshPlan plan, Map<Integer, Pod> pods, Credentials credentials, Permit permit)
      throws InterruptedException {
    var ordinals = new TreeSet<>(plan.changes().keySet());
    plan.closes().forEach(close -> ordinals.add(close.from()));
    var names = new ArrayList<String>();
    for (var ordinal : ordinals) {
      var pod = pods.get(ordinal);
      if (pod != null) {
        var list = plan.changes().getOrDefault(ordinal, List.of());
        var closes = plan.closes().stream().filter(c -> c.from() == ordinal).toList();
        var added = added(list, pods.values());
        changes.begin(pod.metadata().uid(), () -> change(pod, added, list, closes, credentials));
        names.add(pod.metadata().uid());
      }
    }
    changes.await(names, permit);
  }

  /** Those of the pods whose addresses are to be listed. */
  private static List<Pod> added(List<PeerChange> list, Collection<Pod> pods) {
    var addresses = new HashSet<PeerAddress>();
    addresses(list, PeerChange.Add.class)
        .forEach(address -> PeerAddress.parse(address).ifPresent(addresses::add));
    return pods.stream()
        .filter(Pod::live)
        .filter(pod -> addresses.contains(PeerAddress.ofPod(pod.status().podIP())))
        .toList();
  }

  /** Removals come first in the list: a connection closed before would be dialled again at once. */
  private Made change(
      Pod pod,
      List<Pod> added,
      List<PeerChange> list,
      List<Close> closes,
      Credentials credentials) {
    var requests = new ArrayList<RpcRequest>();
    for (var change : list) {
      requests.add(
          switch (change) {
            case PeerChange.Add(String address) -> RpcRequest.addNode(address);
            case PeerChange.Remove(String address) -> RpcRequest.removeNode(address);
          });
    }
    closes.forEach(close -> requests.add(RpcRequest.disconnectNode(close.peerId())));
    var made =
        rpc.make(
            pod,
            () -> rpc.there(added),
            requests,
            DEADLINE,
            credentials,
            add -> listedAnyway.said(pod.metadata().uid(), add.params().getFirst().asText()));
    switch (made) {
      case Made.Done() -> {
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
      }
      case Made.Refused(String why) -> notChanged(pod, why);
      case Made.NotWanted() ->
          log.debug("peers let alone", "network", network, "pod", pod.metadata().name());
    }
    return made;
  }

  private void notChanged(Pod pod, String why) {
    if (troubles.isNew(pod.metadata().name(), why)) {
      log.warn("peers not changed", "network", network, "pod", pod.metadata().name(), "why", why);
    }
  }

  private static List<String> addresses(List<PeerChange> list, Class<? extends PeerChange> type) {
    return list.stream().filter(type::isInstance).map(PeerChange::address).toList();
  }

  private void dial(
      List<Dial> wanted, Map<Integer, Pod> pods, Credentials credentials, Permit permit)
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
    dials.await(names, permit);
  }

  private Semaphore turn(String podUid) {
    return dialling.computeIfAbsent(podUid, _ -> new Semaphore(DIALS_AT_A_TIME));
  }

  private Made dial(Pod from, Pod to, Credentials credentials) {
    var turn = turn(from.metadata().uid());
    turn.acquireUninterruptibly();
    try {
      var address = PeerAddress.ofPod(to.status().podIP()).text();
      var requests = List.of(RpcRequest.tryNode(address));
      var made = rpc.make(from, () -> rpc.there(List.of(to)), requests, DIAL_DEADLINE, credentials);
      log.debug(
          "dialled",
          "network",
          network,
          "from",
          from.metadata().name(),
          "to",
          to.metadata().name(),
          "came of it",
          made);
      return made;
    } finally {
      turn.release();
    }
  }
}
