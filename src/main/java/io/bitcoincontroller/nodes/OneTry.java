package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.nodes.BackgroundCalls.Verdict;
import io.bitcoincontroller.nodes.PodRpc.Made;
import io.bitcoincontroller.observe.Log;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * Has a node dial addresses once: {@code addnode onetry}. A node makes few dials at a time,
 * whatever they are for. Safe for many threads.
 */
final class OneTry {
  /** A pass waits little longer: a dial takes 50 ms, or it won't succeed. */
  static final Duration PATIENCE = Duration.ofMillis(250);

  /** bitcoind itself gives up a dial after 5 s. */
  private static final Duration GIVEN_UP = Duration.ofSeconds(5);

  /** Each holds one of the node's RPC threads, of which it may have four. */
  static final int AT_A_TIME = 3;

  private final ObjectKey network;
  private final PodRpc rpc;
  private final Log log;
  private final Map<String, Semaphore> turns = new ConcurrentHashMap<>();

  OneTry(ObjectKey network, PodRpc rpc, Log log) {
    this.network = network;
    this.rpc = rpc;
    this.log = log;
  }

  /** Those in use stay: a node would have more dials at a time. */
  void keepOnly(Set<String> podUids) {
    turns
        .entrySet()
        .removeIf(
            turn ->
                !podUids.contains(turn.getKey())
                    && turn.getValue().availablePermits() == AT_A_TIME);
  }

  /**
   * Waits for the node's turn, and then for its answer.
   *
   * @param to dialled one after the other
   * @param name of the other side, for the log
   * @param wanted asked just before the call goes out
   */
  Verdict make(
      Pod from,
      List<PeerAddress> to,
      String name,
      BooleanSupplier wanted,
      Credentials credentials) {
    var turn = turns.computeIfAbsent(from.metadata().uid(), _ -> new Semaphore(AT_A_TIME));
    turn.acquireUninterruptibly();
    try {
      var requests = to.stream().map(each -> RpcRequest.tryNode(each.text())).toList();
      var deadline = GIVEN_UP.multipliedBy(to.size()).plusSeconds(1);
      var made = rpc.make(from, wanted, requests, deadline, credentials);
      log.debug(
          "dialled",
          "network",
          network,
          "from",
          from.metadata().name(),
          "to",
          name,
          "came of it",
          made);
      return verdict(made);
    } finally {
      turn.release();
    }
  }

  /**
   * bitcoind answers before it has connected, and only the next read shows a connection: until
   * then, even a dial that was made rests. Words are only logged: there may be thousands of dials.
   */
  private static Verdict verdict(Made made) {
    return made.equals(new Made.Done()) ? Verdict.FAILED : made.verdict();
  }
}
