package io.bitcoincontroller.network;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Talks to the nodes of one network: all side by side, each under a deadline and a back-off. */
final class NodeCalls {
  /** A node that is well answers in a millisecond; a loaded one should not hold the others up. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  static final Backoff REST = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.2);

  private final NodeReads reads;

  /** With the credentials of before. */
  private final NodeReads deafReads;

  private final NodeChanges changes;
  private final Judgements judgements;

  /**
   * Nothing is said yet.
   *
   * @param mayAct false when another process leads
   * @param there whether a pod, as a pass saw it, is still the same one at the same address
   * @param late asks for a pass, because a call has ended that none waits for
   */
  NodeCalls(
      ObjectKey network,
      BitcoindClient bitcoind,
      BooleanSupplier mayAct,
      Predicate<Pod> there,
      Ticker ticker,
      RandomGenerator random,
      Log log,
      Runnable late) {
    var rpc = new NodeRpc(bitcoind, mayAct, there);
    this.reads = new NodeReads(network, rpc, ticker, random, log, late);
    this.deafReads = new NodeReads(network, rpc, ticker, random, log, late);
    this.changes = new NodeChanges(network, rpc, ticker, random, log, late);
    this.judgements = new Judgements(rpc, ticker, random, late);
  }

  /** With other credentials everything is worth a new try. */
  void forgetAll() {
    keepOnly(Set.of());
  }

  /** Forgets pods that are gone. */
  void keepOnly(Set<String> podUids) {
    reads.keepOnly(podUids::contains);
    deafReads.keepOnly(podUids::contains);
    changes.keepOnly(podUids);
    judgements.keepOnly(podUids);
  }

  /** What each of these pods' bitcoind says of itself. */
  Map<Integer, NodeView> read(Map<Integer, Pod> ready, Credentials credentials, Permit permit)
      throws InterruptedException {
    return reads.read(ready, credentials, changes::changed, permit);
  }

  /** The same of those that refuse the credentials, with those that they had before. */
  Map<Integer, NodeView> readDeaf(Map<Integer, Pod> deaf, Credentials before, Permit permit)
      throws InterruptedException {
    return deafReads.read(deaf, before, changes::changed, permit);
  }

  /** See {@link Observation}; empty where there are no credentials. */
  Map<Integer, Optional<String>> judgements(
      Set<Integer> stalled,
      Map<Integer, Pod> pods,
      Map<Integer, NodeView> views,
      Optional<Credentials> credentials,
      Permit permit)
      throws InterruptedException {
    var tallest = NodeView.tallest(views);
    var pod = tallest.map(pods::get);
    if (pod.isEmpty() || credentials.isEmpty()) {
      return Map.of();
    }
    var heights = NodeView.heights(views);
    var height = heights.getOrDefault(tallest.get(), 0L);
    var below = new TreeMap<>(pods);
    below.keySet().removeIf(ordinal -> heights.getOrDefault(ordinal, height) >= height);
    return judgements.read(stalled, below, pod.get(), credentials.get(), permit);
  }

  /** See {@link Observation}. */
  Map<Integer, Set<String>> listedAnyway(Map<Integer, Pod> pods, Map<Integer, NodeView> views) {
    return changes.listedAnyway(pods, views);
  }

  boolean mayReach(Map<Integer, Pod> pods, Reach reach) {
    return changes.mayReach(pods, reach);
  }

  boolean mayDial(Map<Integer, Pod> pods, Dial dial) {
    return changes.mayDial(pods, dial);
  }

  /** Carries out what the plan says to the nodes; what came of it shows in the next read. */
  void act(MeshPlan plan, Map<Integer, Pod> pods, Credentials credentials, Permit permit)
      throws InterruptedException {
    changes.act(plan, pods, credentials, permit);
  }

  /** Nanoseconds until something that rests is worth a new try. */
  OptionalLong nextTry() {
    return Stream.of(reads.nextReady(), changes.nextReady(), judgements.nextReady())
        .flatMapToLong(OptionalLong::stream)
        .min();
  }
}
