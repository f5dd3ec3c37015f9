package io.bitcoincontroller.bitcoind;

import io.bitcoincontroller.kube.IdleConnections;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * What nodes say that are no bitcoind, in a process with the heap that the image gives: nothing but
 * answers and IOExceptions may come of it, and a node that is one is read right in between.
 */
final class HostileNodes {
  private static final Credentials USER = new Credentials("user", "geheim");
  private static final Duration DEADLINE = Duration.ofSeconds(4);
  private static final Duration AMPLE = Duration.ofSeconds(60);
  private static final int STATUSES = 5;
  private static final int CALLS = 336;

  private final HostileAnswers answers;
  private int asked;
  private int answered;

  private HostileNodes(long seed) {
    this.answers = new HostileAnswers(seed);
  }

  /** {@code HostileNodes <seed> <small answers> <large answers> <healthy> <hostile server>...}. */
  public static void main(String[] args) throws Exception {
    IdleConnections.limit();
    var nodes = new HostileNodes(Long.parseLong(args[0]));
    var began = System.nanoTime();
    nodes.read(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    System.out.printf("read: %d of %d were answers%n", nodes.answered, nodes.asked);
    System.out.printf("after %d ms%n", (System.nanoTime() - began) / 1_000_000);
    var servers = Stream.of(args).skip(3).map(URI::create).toList();
    call(servers.getFirst(), servers.subList(1, servers.size()));
    System.out.printf("after %d ms%n", (System.nanoTime() - began) / 1_000_000);
  }

  private void read(int small, int large) throws IOException {
    var memory = new AnswerMemory(Runtime.getRuntime().maxMemory() / 6);
    var all = memory.left();
    for (var n = 0; n < small + large; n++) {
      var body = n % (small / large) == 0 ? answers.large() : answers.small();
      var status = n % STATUSES == 0 ? 500 : 200;
      try {
        var answer = read(memory, status, body);
        if (answer instanceof Answer.Replies(var replies, _)) {
          replies.forEach(HostileNodes::judge);
          answered++;
        }
      } catch (IOException _) {
        // no answer: what else
      }
      if (n % 1000 == 0) {
        judgeRight(read(memory, 200, HostileAnswers.right()));
      }
      asked++;
      if (memory.left() != all) {
        throw new AssertionError(all - memory.left() + " bytes are not given back");
      }
    }
  }

  private static Answer read(AnswerMemory memory, int status, byte[] body) throws IOException {
    var answer =
        new AnswerReader(NodeInfo.REQUESTS, memory).read(status, new ByteArrayInputStream(body));
    if (answer instanceof Answer.Replies(_, var share)) {
      share.giveBack();
    }
    return answer;
  }

  private static void judge(RpcReply reply) {
    switch (reply) {
      case RpcReply.Failure(_, var message) ->
          require(
              message.length() <= 601
                  && message.chars().noneMatch(Character::isISOControl)
                  && isWritten(message),
              message);
      case RpcReply.Result(RpcResult.Chain(var height, var hash, _)) ->
          require(height >= 0 && hash.length() == 64, reply);
      case RpcReply.Result(RpcResult.Peers(var list)) ->
          require(list.size() <= 1000 && list.stream().allMatch(peer -> peer.id() >= 0), reply);
      case RpcReply.Result(RpcResult.AddedNodes(var list)) ->
          require(
              list.stream()
                  .allMatch(
                      entry -> entry.length() <= ResultReader.LONGEST_ENTRY && isWritten(entry)),
              reply);
      case RpcReply.Result(RpcResult.Tips(var invalid, var forks)) ->
          require(
              invalid.size() <= 100
                  && invalid.stream().allMatch(hash -> hash.length() == 64)
                  && forks.size() <= 100
                  && forks.keySet().stream().allMatch(hash -> hash.length() == 64),
              reply);
      case RpcReply.Result(RpcResult.Done _) -> {}
      case RpcReply.Result(RpcResult.Header _) -> {}
      case RpcReply.Result(RpcResult.NextBlock(var template)) ->
          require(template.parent().length() == 64, reply);
      case RpcReply.Result(RpcResult.NotTaken(var why)) -> require(isWritten(why), why);
    }
  }

  /** A status with it can be sent. */
  private static boolean isWritten(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(text);
  }

  private static void require(boolean so, Object what) {
    if (!so) {
      throw new AssertionError(what);
    }
  }

  private static void judgeRight(Answer answer) {
    var results = new ArrayList<RpcResult>();
    for (var reply : ((Answer.Replies) answer).list()) {
      results.add(((RpcReply.Result) reply).value());
    }
    require(NodeInfo.of(results).orElseThrow().equals(HostileAnswers.RIGHT_INFO), results);
  }

  /** All at the same time, as a tenant's nodes would. */
  private static void call(URI healthy, List<URI> hostile) throws Exception {
    try (var client = new BitcoindClient((_, _) -> {});
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Answer>>();
      for (var n = 0; n < CALLS; n++) {
        var server = hostile.get(n % hostile.size());
        running.add(threads.submit(() -> hostile(client, server)));
      }
      for (var n = 0; n < 100; n++) {
        judgeRight(client.call(healthy, USER, NodeInfo.REQUESTS, AMPLE, () -> true));
      }
      var held = new ArrayList<Answer>();
      for (var call : running) {
        held.add(call.get());
      }
      var replies = held.stream().filter(Answer.Replies.class::isInstance).count();
      System.out.printf("called: %d of %d were answers%n", replies, held.size());
    }
  }

  /** What is held of it, as by the one who asked; Busy where there is nothing. */
  private static Answer hostile(BitcoindClient client, URI server) throws InterruptedException {
    try {
      return client.call(server, USER, NodeInfo.REQUESTS, DEADLINE, () -> true);
    } catch (IOException e) {
      return new Answer.Busy(0);
    }
  }
}
