package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.bitcoind.RpcResult;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Finds the nodes that judged a block of the tallest chain invalid, by {@code invalidateblock} or
 * by rules of their own. Such a node never catches up, so a node is asked once it has stalled.
 */
final class JudgementReader {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /**
   * The answer of one node.
   *
   * @param block of the tallest chain, judged invalid by the node; empty if there is none
   */
  private record Found(boolean answered, Optional<String> block) {
    static final Found NOTHING = new Found(false, Optional.empty());
  }

  /** A node that is below another one of its side, which has the tallest chain there. */
  record Below(Pod pod, Pod tallest) {}

  /** The last answer, by the UID of the pod: it counts until there is another answer. */
  private final Map<String, Found> heard = new HashMap<>();

  private final PodRpc rpc;
  private final BackgroundCalls<String, Found> calls;

  JudgementReader(
      PodRpc rpc, Ticker ticker, Duration patience, RandomGenerator random, Runnable late) {
    this.rpc = rpc;
    this.calls =
        BackgroundCalls.toNodes(
            ticker,
            patience,
            random,
            found ->
                found.answered() ? BackgroundCalls.Verdict.WELL : BackgroundCalls.Verdict.FAILED,
            late);
  }

  void keepOnly(Set<String> podUids) {
    calls.retain(podUids::contains);
    heard.keySet().retainAll(podUids);
  }

  BackgroundCalls<?, ?> calls() {
    return calls;
  }

  /**
   * The block of the tallest chain that each of the lower nodes judged invalid.
   *
   * @param below the lower nodes, by ordinal; those are asked that have stalled, or judged so
   *     before: such a node may go on with a chain of its own
   * @return by ordinal, of the nodes that have answered; empty: none
   */
  Map<Integer, Optional<String>> read(
      Set<Integer> stalled, Map<Integer, Below> below, Credentials credentials, Permit permit)
      throws InterruptedException {
    var asked = new TreeMap<>(below);
    asked.entrySet().removeIf(e -> !stalled.contains(e.getKey()) && !judged(e.getValue().pod()));
    var names = new HashSet<String>();
    asked.values().forEach(node -> names.add(node.pod().metadata().uid()));
    keepOnly(names);
    asked
        .values()
        .forEach(node -> calls.begin(node.pod().metadata().uid(), () -> ask(node, credentials)));
    calls.await(names, permit);
    var judgements = new TreeMap<Integer, Optional<String>>();
    asked.forEach(
        (ordinal, node) ->
            known(node.pod()).ifPresent(found -> judgements.put(ordinal, found.block())));
    return judgements;
  }

  private boolean judged(Pod pod) {
    return known(pod).flatMap(Found::block).isPresent();
  }

  private Optional<Found> known(Pod pod) {
    var uid = pod.metadata().uid();
    calls
        .latest(uid, OptionalLong.empty())
        .filter(Found::answered)
        .ifPresent(found -> heard.put(uid, found));
    return Optional.ofNullable(heard.get(uid));
  }

  private Found ask(Below node, Credentials credentials) {
    var answers = new ArrayList<Answer.Replies>();
    try {
      var tips = results(node.pod(), List.of(RpcRequest.getChainTips()), credentials, answers);
      if (tips.isEmpty() || !(tips.getFirst() instanceof RpcResult.Tips(var invalid, _))) {
        return new Found(!tips.isEmpty(), Optional.empty());
      }
      if (invalid.isEmpty()) {
        return new Found(true, Optional.empty());
      }
      var headers =
          results(
              node.tallest(),
              invalid.stream().map(RpcRequest::getBlockHeader).toList(),
              credentials,
              answers);
      for (var i = 0; i < headers.size(); i++) {
        if (headers.get(i) instanceof RpcResult.Header(var confirmations) && confirmations > 0) {
          return new Found(true, Optional.of(invalid.get(i)));
        }
      }
      return new Found(!headers.isEmpty(), Optional.empty());
    } catch (IOException | InterruptedException _) {
      return Found.NOTHING; // the next pass reads the whole node, and reports the trouble
    } finally {
      answers.forEach(answer -> answer.share().giveBack());
    }
  }

  /**
   * One for each request, {@code Done} in place of an error; none if bitcoind did not answer.
   *
   * @param answers gets the answer: its memory is given back when nobody holds it any longer
   */
  private List<RpcResult> results(
      Pod pod, List<RpcRequest> requests, Credentials credentials, List<Answer.Replies> answers)
      throws IOException, InterruptedException {
    if (!(rpc.ask(pod, requests, DEADLINE, credentials) instanceof Answer.Replies replies)) {
      return List.of();
    }
    answers.add(replies);
    return replies.list().stream().map(JudgementReader::result).toList();
  }

  private static RpcResult result(RpcReply reply) {
    return reply instanceof RpcReply.Result(var value) ? value : new RpcResult.Done();
  }
}
