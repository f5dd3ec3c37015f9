package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Links;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.nodes.PodRpc.Made;
import io.bitcoincontroller.timing.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Has the nodes of one network dial each other where a link is down. */
final class LinkDialer {
  /** UIDs of two pods. */
  private record Name(String from, String to) {}

  private final OneTry tries;
  private final PodRpc rpc;
  private final BackgroundCalls<Name, Made> calls;

  /** By the last plan: a link that is not wanted any more must not be dialled. */
  private volatile Set<Link> wanted = Set.of();

  LinkDialer(OneTry tries, PodRpc rpc, Ticker ticker, RandomGenerator random, Runnable late) {
    this.tries = tries;
    this.rpc = rpc;
    this.calls =
        new BackgroundCalls<>(
            ticker,
            OneTry.PATIENCE,
            BackgroundCalls.REST,
            random::nextDouble,
            OneTry::verdict,
            _ -> {},
            late);
  }

  void keepOnly(Set<String> podUids) {
    calls.retain(name -> podUids.contains(name.from()) && podUids.contains(name.to()));
  }

  OptionalLong nextReady() {
    return calls.nextReady();
  }

  /** The links that are being dialled, or rest after a try. */
  Set<Dial> resting(Map<Integer, Pod> pods) {
    var ordinals = new HashMap<String, Integer>();
    pods.forEach((ordinal, pod) -> ordinals.put(pod.metadata().uid(), ordinal));
    var resting = new HashSet<Dial>();
    for (var name : calls.notReady()) {
      var from = ordinals.get(name.from());
      var to = ordinals.get(name.to());
      if (from != null && to != null) {
        resting.add(new Dial(from, to));
      }
    }
    return resting;
  }

  /** Should one of the links go down that are up, it is dialled at once. */
  void saw(Links links, Map<Integer, Pod> pods) {
    wanted = links.wanted();
    for (var link : links.up()) {
      name(pods, link.low(), link.high()).ifPresent(calls::forgive);
      name(pods, link.high(), link.low()).ifPresent(calls::forgive);
    }
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
    var names = new ArrayList<Name>();
    for (var dial : dials) {
      var from = pods.get(dial.from());
      var to = pods.get(dial.to());
      if (from != null && to != null) {
        calls.begin(name(from, to), () -> dial(dial.link(), from, to, credentials));
        names.add(name(from, to));
      }
    }
    calls.await(names, permit);
  }

  private Made dial(Link link, Pod from, Pod to, Credentials credentials) {
    var address = PeerAddress.ofPod(to.status().podIP());
    var name = to.metadata().name();
    return tries.make(
        from, address, name, () -> wanted.contains(link) && rpc.there(List.of(to)), credentials);
  }
}
