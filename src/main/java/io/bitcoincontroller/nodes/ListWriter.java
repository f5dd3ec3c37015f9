package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Links.Close;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.PeerChange;
import io.bitcoincontroller.nodes.BackgroundCalls.Verdict;
import io.bitcoincontroller.nodes.PodRpc.Made;
import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.plan.MeshPlan;
import io.bitcoincontroller.plan.NodeView;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Changes the added-node lists of one network's nodes, and ends their connections. */
final class ListWriter {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /**
   * Characters of addresses that one call takes away, and as many of those whose connections it
   * ends; at least one address. A node may say megabytes, and the call keeps its part of them.
   */
  private static final int TAKEN_AWAY = 4096;

  private final ObjectKey network;
  private final PodRpc rpc;
  private final Log log;
  private final BackgroundCalls<String, Verdict> calls;
  private final Ticker ticker;
  private final ListedAnyway listedAnyway = new ListedAnyway();

  /** Why a pod's list could not be changed, as the log said it last; by the pod's UID. */
  private final LastSaid<String> warned = new LastSaid<>();

  ListWriter(
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
    this.ticker = ticker;
    this.calls = BackgroundCalls.toNodes(ticker, patience, random, Function.identity(), late);
  }

  void keepOnly(Set<String> podUids) {
    calls.retain(podUids::contains);
    listedAnyway.keepOnly(podUids);
    warned.retain(podUids::contains);
  }

  BackgroundCalls<?, ?> calls() {
    return calls;
  }

  /** When the last change of a pod's list or connections ended. */
  OptionalLong changed(String podUid) {
    return calls.ended(podUid);
  }

  /** Addresses that a node calls listed although its list does not show them. */
  Map<Integer, Set<String>> listedAnyway(Map<Integer, Pod> pods, Map<Integer, NodeView> views) {
    var listed = new HashMap<Integer, Set<String>>();
    views.forEach(
        (ordinal, view) -> {
          var pod = pods.get(ordinal);
          if (view instanceof NodeView.Answered(NodeInfo info) && pod != null) {
            listed.put(
                ordinal, listedAnyway.of(pod.metadata().uid(), info.addedNodes(), ticker.nanos()));
          }
        });
    return listed;
  }

  /**
   * Removes entries and ends connections: one batch for each node. Waits for them. What is too much
   * for a batch is left to the next pass.
   */
  void takeAway(MeshPlan plan, Map<Integer, Pod> pods, Credentials credentials, Permit permit)
      throws InterruptedException {
    var batches = new TreeMap<Integer, Batch>();
    var ordinals = new TreeSet<>(plan.changes().keySet());
    plan.closes().forEach(close -> ordinals.add(close.from()));
    for (var ordinal : ordinals) {
      var removals =
          plan.changes().getOrDefault(ordinal, List.of()).stream()
              .filter(PeerChange.Remove.class::isInstance)
              .toList();
      var closes = plan.closes().stream().filter(c -> c.from() == ordinal).toList();
      batches.put(
          ordinal,
          new Batch(
              first(removals, PeerChange::address),
              first(closes, Close::address),
              OptionalInt.empty()));
    }
    write(batches, pods, credentials, permit);
  }

  private static <T> List<T> first(List<T> all, Function<T, String> address) {
    var length = 0;
    for (var i = 0; i < all.size(); i++) {
      length += address.apply(all.get(i)).length();
      if (i > 0 && length > TAKEN_AWAY) {
        return List.copyOf(all.subList(0, i));
      }
    }
    return all;
  }

  /**
   * Adds entries: one batch for each node. Waits for them.
   *
   * @param dialling what nodes are dialling just now: these entries are left to a later pass
   * @param views from which the plan was made
   */
  void add(
      MeshPlan plan,
      Set<Dial> dialling,
      Map<Integer, Pod> pods,
      Map<Integer, NodeView> views,
      Credentials credentials,
      Permit permit)
      throws InterruptedException {
    var batches = new TreeMap<Integer, Batch>();
    plan.changes()
        .forEach(
            (ordinal, changes) -> {
              var busy = addresses(dialling, ordinal, pods);
              var additions =
                  changes.stream()
                      .filter(PeerChange.Add.class::isInstance)
                      .filter(add -> !isOneOf(busy, add))
                      .toList();
              batches.put(ordinal, new Batch(additions, List.of(), list(views, ordinal)));
            });
    write(batches, pods, credentials, permit);
  }

  private static Set<PeerAddress> addresses(Set<Dial> dials, int from, Map<Integer, Pod> pods) {
    return dials.stream()
        .filter(dial -> dial.from() == from)
        .flatMap(dial -> Optional.ofNullable(pods.get(dial.to())).stream())
        .map(to -> PeerAddress.ofPod(to.status().podIP()))
        .collect(Collectors.toSet());
  }

  private static boolean isOneOf(Set<PeerAddress> addresses, PeerChange change) {
    return PeerAddress.parse(change.address()).filter(addresses::contains).isPresent();
  }

  /** Empty of a new node: its list was not read, so what it calls listed is not believed. */
  private static OptionalInt list(Map<Integer, NodeView> views, int ordinal) {
    return views.get(ordinal) instanceof NodeView.Answered(NodeInfo info)
        ? OptionalInt.of(info.addedNodes().hashCode())
        : OptionalInt.empty();
  }

  /**
   * What one node is asked for.
   *
   * @param list hash of the node's list, if it was read
   */
  private record Batch(List<PeerChange> changes, List<Close> closes, OptionalInt list) {}

  private void write(
      Map<Integer, Batch> batches, Map<Integer, Pod> pods, Credentials credentials, Permit permit)
      throws InterruptedException {
    var names = new ArrayList<String>();
    batches.forEach(
        (ordinal, batch) -> {
          var pod = pods.get(ordinal);
          if (pod != null && !(batch.changes().isEmpty() && batch.closes().isEmpty())) {
            var added = added(batch.changes(), pods.values());
            var name = pod.metadata().uid();
            calls.begin(name, () -> write(pod, added, batch, credentials));
            names.add(name);
          }
        });
    calls.await(names, permit);
  }

  /** The pods whose addresses are to be listed. */
  private static List<Pod> added(List<PeerChange> changes, Collection<Pod> pods) {
    var addresses = new HashSet<PeerAddress>();
    addresses(changes, PeerChange.Add.class)
        .forEach(address -> PeerAddress.parse(address).ifPresent(addresses::add));
    return pods.stream()
        .filter(Pod::live)
        .filter(pod -> addresses.contains(PeerAddress.ofPod(pod.status().podIP())))
        .toList();
  }

  private Verdict write(Pod pod, List<Pod> added, Batch batch, Credentials credentials) {
    var made =
        rpc.make(
            pod,
            () -> rpc.there(added),
            requests(batch.changes(), batch.closes()),
            DEADLINE,
            credentials,
            add -> listedAlready(pod, batch.list(), add));
    switch (made) {
      case Made.Done() -> changed(pod, batch.changes(), batch.closes());
      case Made.Refused(String why) -> notChanged(pod, why);
      case Made.NotWanted() ->
          log.debug("peers let alone", "network", network, "pod", pod.metadata().name());
    }
    return made.verdict();
  }

  private void listedAlready(Pod pod, OptionalInt list, RpcRequest add) {
    var address = add.params().getFirst().asText();
    list.ifPresent(read -> listedAnyway.said(pod.metadata().uid(), read, address, ticker.nanos()));
  }

  /** bitcoind dials a listed address again when its connection ends: removals come first. */
  private static List<RpcRequest> requests(List<PeerChange> changes, List<Close> closes) {
    var requests = new ArrayList<RpcRequest>();
    for (var change : changes) {
      requests.add(
          switch (change) {
            case PeerChange.Add(String address) -> RpcRequest.addNode(address);
            case PeerChange.Remove(String address) -> RpcRequest.removeNode(address);
          });
    }
    closes.forEach(close -> requests.add(RpcRequest.disconnectNode(close.peerId())));
    return requests;
  }

  private void changed(Pod pod, List<PeerChange> changes, List<Close> closes) {
    warned.clear(pod.metadata().uid());
    log.info(
        "peers changed",
        "network",
        network,
        "pod",
        pod.metadata().name(),
        "added",
        addresses(changes, PeerChange.Add.class),
        "removed",
        addresses(changes, PeerChange.Remove.class),
        "closed",
        closes.stream().map(Close::address).toList());
  }

  private void notChanged(Pod pod, String why) {
    if (warned.isNew(pod.metadata().uid(), why)) {
      log.warn("peers not changed", "network", network, "pod", pod.metadata().name(), "why", why);
    }
  }

  private static List<String> addresses(
      List<PeerChange> changes, Class<? extends PeerChange> type) {
    return changes.stream().filter(type::isInstance).map(PeerChange::address).toList();
  }
}
