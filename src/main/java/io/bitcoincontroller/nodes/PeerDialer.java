package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.nodes.BackgroundCalls.Verdict;
import io.bitcoincontroller.plan.MeshPlan;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Has nodes dial the declared peers that they have not reached: bitcoind itself dials only the
 * first eight entries of a list. A peer may be down for long, so each node tries it ever more
 * rarely. An address that never answers holds a call for five seconds, so few nodes dial at a time.
 */
final class PeerDialer {
  /** Without chance: nodes that began together try again in one pass. */
  private static final Backoff REST =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), 0.0);

  /** No pass is asked for after a longer rest: the next pass, made for another cause, tries. */
  private static final Duration LONGEST_AWAITED_REST = Duration.ofSeconds(16);

  /** Calls that one pass began end this far apart at most. */
  private static final Duration TOGETHER = Duration.ofMillis(50);

  private static final int AT_A_TIME = 16;

  /** Threads; most of them wait until they are one of those few. */
  private static final int BEGUN_AT_A_TIME = 128;

  /** After this a pass begins dials that the last pass left out. */
  private static final Duration LEFT_OUT_FOR = Duration.ofSeconds(1);

  /** UID of a pod, and a declared peer. */
  private record Name(String podUid, PeerAddress to) {}

  private final OneTry tries;
  private final Ticker ticker;
  private final BackgroundCalls<Name, Verdict> calls;
  private final Semaphore room = new Semaphore(AT_A_TIME, true);

  /** UIDs of the pods that dial, or are about to: once each. */
  private final Set<String> dialling = ConcurrentHashMap.newKeySet();

  /** UIDs of the pods of which the last pass left a dial out. */
  private volatile Set<String> leftOut = Set.of();

  /** By the last plan: what is not declared any more must not be dialled. */
  private volatile Set<PeerAddress> declared = Set.of();

  /**
   * @param late asks for a pass, because there is room for what had to be left out
   */
  PeerDialer(OneTry tries, Ticker ticker, Duration patience, Runnable late) {
    this.tries = tries;
    this.ticker = ticker;
    this.calls =
        new BackgroundCalls<>(
            ticker,
            patience,
            REST,
            () -> 0,
            Function.identity(),
            _ -> {},
            () -> {
              if (!leftOut.isEmpty()) {
                late.run();
              }
            });
  }

  private static Name name(Pod from, PeerAddress to) {
    return new Name(from.metadata().uid(), to);
  }

  /** Nothing is declared until the next plan says so: what waits is not dialled. */
  void forgetAll() {
    declared = Set.of();
    leftOut = Set.of();
    calls.retain(_ -> false);
  }

  void keepOnly(Set<String> podUids) {
    calls.retain(name -> podUids.contains(name.podUid()));
  }

  BackgroundCalls<?, ?> calls() {
    return calls;
  }

  /** Nanoseconds until a pass is to begin more dials. */
  OptionalLong nextReady() {
    var next =
        calls.nextReady(LONGEST_AWAITED_REST).stream().map(rest -> rest + TOGETHER.toNanos());
    var more = hasRoom() && leftOut.stream().anyMatch(uid -> !dialling.contains(uid));
    var later = more ? LongStream.of(LEFT_OUT_FOR.toNanos()) : LongStream.empty();
    return LongStream.concat(next, later).min();
  }

  private boolean hasRoom() {
    return dialling.size() < BEGUN_AT_A_TIME;
  }

  /** The declared peers that nodes are dialling, or may not dial yet. */
  Set<Reach> resting(Map<Integer, Pod> pods) {
    var ordinals = new HashMap<String, Integer>();
    pods.forEach((ordinal, pod) -> ordinals.put(pod.metadata().uid(), ordinal));
    var resting = new HashSet<Reach>();
    for (var name : calls.notReady()) {
      var from = ordinals.get(name.podUid());
      if (from != null) {
        resting.add(new Reach(from, name.to()));
      }
    }
    return resting;
  }

  /** Begins the plan's dials, and waits for them; what came of them shows in the next read. */
  void dial(MeshPlan plan, Map<Integer, Pod> pods, Credentials credentials, Permit permit)
      throws InterruptedException {
    declared = Set.copyOf(plan.declared().peers());
    calls.retain(name -> declared.contains(name.to()));
    for (var reach : plan.declared().reached()) {
      var from = pods.get(reach.from());
      if (from != null) {
        calls.forgive(name(from, reach.to()));
      }
    }
    calls.await(begin(plan.reaches(), pods, credentials), permit);
  }

  /** Those first that were tried longest ago: none waits for ever for others that are down. */
  private List<Name> begin(List<Reach> reaches, Map<Integer, Pod> pods, Credentials credentials) {
    var now = ticker.nanos();
    var turns = new ArrayList<Turn>();
    for (var reach : reaches) {
      Optional.ofNullable(pods.get(reach.from()))
          .ifPresent(from -> turns.add(turn(from, reach.to(), now)));
    }
    turns.sort(Comparator.comparingLong(Turn::age).reversed());
    var names = new ArrayList<Name>();
    var later = new HashSet<String>();
    var begun = new HashSet<String>();
    for (var turn : turns) {
      // a dial may end while others are still being begun: its node has had its turn all the same
      if (!begun.contains(turn.name().podUid()) && begin(turn, credentials)) {
        begun.add(turn.name().podUid());
        names.add(turn.name());
      } else {
        later.add(turn.from().metadata().uid());
      }
    }
    leftOut = Set.copyOf(later);
    return names;
  }

  /**
   * A dial that may be made.
   *
   * @param age nanoseconds since the last one of this name
   */
  private record Turn(Pod from, Name name, long age) {}

  private Turn turn(Pod from, PeerAddress to, long now) {
    var ended = calls.ended(name(from, to));
    var age = ended.isPresent() ? now - ended.getAsLong() : Long.MAX_VALUE;
    return new Turn(from, name(from, to), age);
  }

  private boolean begin(Turn turn, Credentials credentials) {
    var uid = turn.name().podUid();
    if (!hasRoom() || !dialling.add(uid)) {
      return false;
    }
    var begun = calls.begin(turn.name(), () -> dial(turn.from(), turn.name().to(), credentials));
    if (!begun) {
      dialling.remove(uid);
    }
    return begun;
  }

  private Verdict dial(Pod from, PeerAddress to, Credentials credentials) {
    room.acquireUninterruptibly();
    try {
      return tries.make(from, List.of(to), to.text(), () -> declared.contains(to), credentials);
    } finally {
      room.release();
      dialling.remove(from.metadata().uid());
    }
  }
}
