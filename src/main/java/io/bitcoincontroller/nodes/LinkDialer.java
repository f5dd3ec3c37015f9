package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Links;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.nodes.BackgroundCalls.Verdict;
import io.bitcoincontroller.plan.NodeView;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Has the nodes of one network dial each other where a link is down. New links go in batches: a
 * network that is joined has hundreds, and a request costs more than a dial. A link whose dial was
 * in vain goes alone from then on, and so holds up no other.
 */
final class LinkDialer {
  /** Two to one node: a network of three needs one connection to each. */
  private static final int SMALLEST_BATCH = 2;

  private static final int LARGEST_BATCH = 8;

  /** So many links may rest that the last plan did not want: not all nodes answered it. */
  private static final int MOST_UNWANTED = 100;

  /** UIDs of two pods. */
  private record Name(String from, String to) {}

  private final OneTry tries;
  private final PodRpc rpc;
  private final BackgroundCalls<Name, Verdict> calls;

  /** By the UID of the pod that dials. */
  private final Map<String, Turns> turns = new ConcurrentHashMap<>();

  /** By the last plan: a link that is not wanted any more must not be dialled. */
  private volatile Set<Link> wanted = Set.of();

  LinkDialer(
      OneTry tries,
      PodRpc rpc,
      Ticker ticker,
      Duration patience,
      RandomGenerator random,
      Runnable late) {
    this.tries = tries;
    this.rpc = rpc;
    this.calls =
        new BackgroundCalls<>(
            ticker,
            patience,
            BackgroundCalls.REST,
            random::nextDouble,
            Function.identity(),
            _ -> {},
            () -> lastEnded(late));
  }

  /** Until then, a pass would read all nodes for a few links more. */
  private void lastEnded(Runnable late) {
    if (!calls.anyRuns()) {
      late.run();
    }
  }

  /** Nothing is wanted until the next plan says so: what waits is not dialled. */
  void forgetAll() {
    wanted = Set.of();
    keepOnly(Set.of());
  }

  /** Turns in use stay: a node would have more threads. */
  void keepOnly(Set<String> podUids) {
    calls.retain(name -> podUids.contains(name.from()) && podUids.contains(name.to()));
    turns.entrySet().removeIf(e -> !podUids.contains(e.getKey()) && e.getValue().areIdle());
  }

  BackgroundCalls<?, ?> calls() {
    return calls;
  }

  /** The links that are being dialled, or rest after a try. */
  Set<Dial> resting(Map<Integer, Pod> pods) {
    var ordinals = ordinals(pods);
    return calls.notReady().stream()
        .flatMap(name -> dial(name, ordinals).stream())
        .collect(Collectors.toSet());
  }

  private static Map<String, Integer> ordinals(Map<Integer, Pod> pods) {
    var ordinals = new HashMap<String, Integer>();
    pods.forEach((ordinal, pod) -> ordinals.put(pod.metadata().uid(), ordinal));
    return ordinals;
  }

  private static Optional<Dial> dial(Name name, Map<String, Integer> ordinals) {
    var from = ordinals.get(name.from());
    var to = ordinals.get(name.to());
    return from == null || to == null ? Optional.empty() : Optional.of(new Dial(from, to));
  }

  /** Those of these dials that have not ended. */
  Set<Dial> running(Set<Dial> dials, Map<Integer, Pod> pods) {
    return dials.stream()
        .filter(dial -> name(pods, dial.from(), dial.to()).filter(calls::runs).isPresent())
        .collect(Collectors.toSet());
  }

  /**
   * Should one of the links go down that are up, it is dialled at once. What is not wanted any more
   * is forgotten, and what may be wanted while the nodes do not answer, if it is much: whoever
   * edits the wiring again and again may name all pairs of nodes.
   *
   * @param links wanted between those nodes that answer
   */
  void saw(Links links, Map<Integer, Pod> pods, Map<Integer, NodeView> views) {
    wanted = links.wanted();
    var ordinals = ordinals(pods);
    calls.retain(name -> dial(name, ordinals).filter(dial -> mayBeWanted(dial, views)).isPresent());
    if (calls.size() > MOST_UNWANTED + 2 * wanted.size()) {
      calls.retain(name -> dial(name, ordinals).filter(d -> wanted.contains(d.link())).isPresent());
    }
    for (var link : links.up()) {
      name(pods, link.low(), link.high()).ifPresent(calls::forgive);
      name(pods, link.high(), link.low()).ifPresent(calls::forgive);
    }
  }

  private boolean mayBeWanted(Dial dial, Map<Integer, NodeView> views) {
    return wanted.contains(dial.link())
        || !(views.get(dial.from()) instanceof NodeView.Answered)
        || !(views.get(dial.to()) instanceof NodeView.Answered);
  }

  private static Optional<Name> name(Map<Integer, Pod> pods, int from, int to) {
    return pods.containsKey(from) && pods.containsKey(to)
        ? Optional.of(name(pods.get(from), pods.get(to)))
        : Optional.empty();
  }

  private static Name name(Pod from, Pod to) {
    return new Name(from.metadata().uid(), to.metadata().uid());
  }

  /** A link that rests is not dialled. */
  void dial(List<Dial> dials, Map<Integer, Pod> pods, Credentials credentials, Permit permit)
      throws InterruptedException {
    var byNode = new TreeMap<Integer, List<Try>>();
    for (var dial : dials) {
      var from = pods.get(dial.from());
      var to = pods.get(dial.to());
      if (from != null && to != null) {
        byNode
            .computeIfAbsent(dial.from(), _ -> new ArrayList<>())
            .add(new Try(name(from, to), dial.link(), from, to));
      }
    }
    for (var ofNode : byNode.values()) {
      for (var batch : batches(ofNode)) {
        var names = batch.stream().map(Try::name).toList();
        calls.begin(names, turns(names.getFirst()), () -> make(batch, credentials));
      }
    }
    calls.await(byNode.values().stream().flatMap(List::stream).map(Try::name).toList(), permit);
  }

  private Turns turns(Name name) {
    return turns.computeIfAbsent(
        name.from(), uid -> new Turns("dials of " + uid, OneTry.AT_A_TIME));
  }

  private record Try(Name name, Link link, Pod from, Pod to) {}

  /** Of one node: as many batches as it takes at a time, or more. */
  private List<List<Try>> batches(List<Try> tries) {
    var batches = new ArrayList<List<Try>>();
    var fresh = new ArrayList<Try>();
    for (var one : tries) {
      if (calls.ended(one.name()).isPresent()) {
        batches.add(List.of(one));
      } else if (calls.ready(one.name())) {
        fresh.add(one);
      }
    }
    var share = Math.ceilDiv(fresh.size(), OneTry.AT_A_TIME);
    var size = Math.clamp(share, SMALLEST_BATCH, LARGEST_BATCH);
    for (var first = 0; first < fresh.size(); first += size) {
      batches.add(fresh.subList(first, Math.min(first + size, fresh.size())));
    }
    return batches;
  }

  private Verdict make(List<Try> batch, Credentials credentials) {
    var pods = batch.stream().map(Try::to).toList();
    var addresses = pods.stream().map(to -> PeerAddress.ofPod(to.status().podIP())).toList();
    var names = pods.stream().map(to -> to.metadata().name()).collect(Collectors.joining(", "));
    var links = batch.stream().map(Try::link).toList();
    return tries.make(
        batch.getFirst().from(),
        addresses,
        names,
        () -> wanted.containsAll(links) && rpc.there(pods),
        credentials);
  }
}
