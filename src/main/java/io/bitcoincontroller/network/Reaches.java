package io.bitcoincontroller.network;

import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.controller.Turn;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.network.NodeRpc.Made;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Dials declared peers that nodes have not reached. bitcoind itself dials only the first eight
 * entries of a list. A peer may be down for long: each node tries it ever more rarely, and few
 * nodes at a time, since an address that swallows everything holds a call for five seconds.
 */
final class Reaches {
  /** bitcoind itself gives up a dial after 5 s. */
  private static final Duration DEADLINE = Duration.ofSeconds(6);

  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** Without chance: nodes that began together try again in one pass. */
  private static final Backoff REST =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), 0.0);

  /** What rests longer is tried again in a pass that is made anyway. */
  private static final Duration LONGEST_AWAITED_REST = Duration.ofSeconds(16);

  /** The ends of calls that were begun in one pass lie so far apart. */
  private static final Duration TOGETHER = Duration.ofMillis(50);

  private static final int AT_A_TIME = 16;

  private final ObjectKey network;
  private final NodeRpc rpc;
  private final Log log;
  private final Calls<Made> calls;
  private final Function<String, Semaphore> turns;
  private final Semaphore room = new Semaphore(AT_A_TIME, true);
  private final Map<String, Semaphore> own = new ConcurrentHashMap<>();

  /** By the last plan: what is not declared any more must not be dialled. */
  private volatile Set<PeerAddress> declared = Set.of();

  /**
   * @param turns how many dials a node makes at a time, whatever they are for, by the pod's UID
   */
  Reaches(
      ObjectKey network, NodeRpc rpc, Ticker ticker, Log log, Function<String, Semaphore> turns) {
    this.network = network;
    this.rpc = rpc;
    this.log = log;
    this.turns = turns;
    // whether a dial came through shows only in the next read: until then the address rests
    this.calls =
        new Calls<>(ticker, PATIENCE, REST, () -> 0, NodeChanges::dialled, _ -> {}, () -> {});
  }

  private static String name(Pod from, Reach reach) {
    return from.metadata().uid() + " " + reach.to().text();
  }

  void keepOnly(Set<String> podUids) {
    calls.retain(name -> podUids.contains(name.substring(0, name.indexOf(' '))));
    own.keySet().retainAll(podUids);
  }

  OptionalLong nextReady() {
    var next = calls.nextReady(LONGEST_AWAITED_REST);
    return next.isPresent()
        ? OptionalLong.of(next.getAsLong() + TOGETHER.toNanos())
        : OptionalLong.empty();
  }

  boolean may(Map<Integer, Pod> pods, Reach reach) {
    var from = pods.get(reach.from());
    return from != null && calls.ready(name(from, reach));
  }

  /** Makes the dials of the plan; what came of them shows in the next read. */
  void act(MeshPlan plan, Map<Integer, Pod> pods, Credentials credentials, Turn turn)
      throws InterruptedException {
    declared = Set.copyOf(plan.declared().peers());
    var texts = declared.stream().map(PeerAddress::text).collect(Collectors.toSet());
    calls.retain(name -> texts.contains(name.substring(name.indexOf(' ') + 1)));
    for (var reach : plan.declared().reached()) {
      var from = pods.get(reach.from());
      if (from != null) {
        calls.forgive(name(from, reach));
      }
    }
    var names = new ArrayList<String>();
    for (var reach : plan.reaches()) {
      var from = pods.get(reach.from());
      if (from != null) {
        calls.begin(name(from, reach), () -> dial(from, reach, credentials));
        names.add(name(from, reach));
      }
    }
    calls.await(names, turn);
  }

  private Made dial(Pod from, Reach reach, Credentials credentials) {
    var uid = from.metadata().uid();
    var gates = new ArrayList<Semaphore>();
    gates.add(own.computeIfAbsent(uid, _ -> new Semaphore(1)));
    gates.add(room);
    gates.add(turns.apply(uid));
    gates.forEach(Semaphore::acquireUninterruptibly);
    try {
      if (!declared.contains(reach.to())) {
        return new Made.NotWanted();
      }
      var requests = List.of(RpcRequest.tryNode(reach.to().text()));
      var made = rpc.make(from, List.of(), requests, DEADLINE, credentials);
      log.debug(
          "dialled",
          "network",
          network,
          "from",
          from.metadata().name(),
          "to",
          reach.to(),
          "came of it",
          made);
      return made;
    } finally {
      gates.reversed().forEach(Semaphore::release);
    }
  }
}
