package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.nodes.PodRpc.Made;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.plan.MeshPlan;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Dials declared peers that nodes have not reached. bitcoind itself dials only the first eight
 * entries of a list. A peer may be down for long: each node tries it ever more rarely, and few
 * nodes at a time, since an address that swallows everything holds a call for five seconds.
 */
final class PeerDialer {
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

  /** Threads, of which most wait for one of these. */
  private static final int BEGUN_AT_A_TIME = 128;

  /** What is begun later is worth a pass, but not one after the other. */
  private static final Duration LEFT_OUT_FOR = Duration.ofSeconds(1);

  private final ObjectKey network;
  private final PodRpc rpc;
  private final Ticker ticker;
  private final Log log;
  private final BackgroundCalls<Made> calls;
  private final Function<String, Semaphore> turns;
  private final Semaphore room = new Semaphore(AT_A_TIME, true);

  /** UIDs of the pods that dial, or are about to: once each. */
  private final Set<String> dialling = ConcurrentHashMap.newKeySet();

  /** UIDs of the pods of which the last pass left a dial out. */
  private volatile Set<String> leftOut = Set.of();

  /** By the last plan: what is not declared any more must not be dialled. */
  private volatile Set<PeerAddress> declared = Set.of();

  /**
   * @param turns how many dials a node makes at a time, whatever they are for, by the pod's UID
   * @param late asks for a pass, because there is room for what had to be left out
   */
  PeerDialer(
      ObjectKey network,
      PodRpc rpc,
      Ticker ticker,
      Log log,
      Function<String, Semaphore> turns,
      Runnable late) {
    this.network = network;
    this.rpc = rpc;
    this.ticker = ticker;
    this.log = log;
    this.turns = turns;
    // whether a dial came through shows only in the next read: until then the address rests
    this.calls =
        new BackgroundCalls<>(
            ticker,
            PATIENCE,
            REST,
            () -> 0,
            ListWriter::dialled,
            _ -> {},
            () -> {
              if (!leftOut.isEmpty()) {
                late.run();
              }
            });
  }

  private static String name(Pod from, Reach reach) {
    return from.metadata().uid() + " " + reach.to().text();
  }

  void keepOnly(Set<String> podUids) {
    calls.retain(name -> podUids.contains(name.substring(0, name.indexOf(' '))));
  }

  OptionalLong nextReady() {
    var next =
        calls.nextReady(LONGEST_AWAITED_REST).stream().map(rest -> rest + TOGETHER.toNanos());
    var more = hasRoom() && leftOut.stream().anyMatch(uid -> !dialling.contains(uid));
    var later = more ? LongStream.of(LEFT_OUT_FOR.toNanos()) : LongStream.empty();
    return LongStream.concat(next, later).min();
  }

  boolean may(Map<Integer, Pod> pods, Reach reach) {
    var from = pods.get(reach.from());
    return from != null && calls.ready(name(from, reach));
  }

  private boolean hasRoom() {
    return dialling.size() < BEGUN_AT_A_TIME;
  }

  /** Makes the dials of the plan; what came of them shows in the next read. */
  void act(MeshPlan plan, Map<Integer, Pod> pods, Credentials credentials, Permit permit)
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
    var names = begin(plan.reaches(), pods, credentials);
    calls.await(names, permit);
  }

  /** Those first that were tried least lately: none waits for ever for others that are down. */
  private List<String> begin(List<Reach> reaches, Map<Integer, Pod> pods, Credentials credentials) {
    var now = ticker.nanos();
    var tries = new ArrayList<Try>();
    for (var reach : reaches) {
      Optional.ofNullable(pods.get(reach.from()))
          .ifPresent(from -> tries.add(of(from, reach, now)));
    }
    tries.sort(Comparator.comparingLong(Try::age).reversed());
    var names = new ArrayList<String>();
    var later = new HashSet<String>();
    for (var next : tries) {
      if (begin(next, credentials)) {
        names.add(next.name());
      } else {
        later.add(next.from().metadata().uid());
      }
    }
    leftOut = Set.copyOf(later);
    return names;
  }

  private boolean begin(Try next, Credentials credentials) {
    var uid = next.from().metadata().uid();
    if (!hasRoom() || !dialling.add(uid)) {
      return false;
    }
    var begun = calls.begin(next.name(), () -> dial(next, credentials));
    if (!begun) {
      dialling.remove(uid);
    }
    return begun;
  }

  /**
   * A dial that may be made.
   *
   * @param age nanoseconds since the last one of this name
   */
  private record Try(Pod from, Reach reach, String name, long age) {}

  private Try of(Pod from, Reach reach, long now) {
    var name = name(from, reach);
    var ended = calls.ended(name);
    return new Try(from, reach, name, ended.isPresent() ? now - ended.getAsLong() : Long.MAX_VALUE);
  }

  private Made dial(Try next, Credentials credentials) {
    var from = next.from();
    var to = next.reach().to();
    var uid = from.metadata().uid();
    var gates = List.of(room, turns.apply(uid));
    gates.forEach(Semaphore::acquireUninterruptibly);
    try {
      var requests = List.of(RpcRequest.tryNode(to.text()));
      var made = rpc.make(from, () -> declared.contains(to), requests, DEADLINE, credentials);
      log.debug(
          "dialled",
          "network",
          network,
          "from",
          from.metadata().name(),
          "to",
          to,
          "came of it",
          made);
      return made;
    } finally {
      gates.reversed().forEach(Semaphore::release);
      dialling.remove(uid);
    }
  }
}
