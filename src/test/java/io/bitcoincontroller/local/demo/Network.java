package io.bitcoincontroller.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.api.Storage.StatusException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The network of the story, as a user sees it: its status, its pods, and what its nodes say. */
final class Network {
  /** 101 blocks take a bitcoind a third of a second. */
  private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(20);

  private final LocalCluster cluster;
  private final User user;
  private final String name;

  Network(LocalCluster cluster, User user, String name) {
    this.cluster = cluster;
    this.user = user;
    this.name = name;
  }

  String path() {
    return "/apis/bitcoincontroller.christianb93.github.com/v1/namespaces/"
        + user.namespace()
        + "/bitcoinnetworks/"
        + name;
  }

  JsonNode status() throws IOException, InterruptedException {
    return user.get(path()).path("status");
  }

  String podName(int ordinal) {
    return name + "-sts-" + ordinal;
  }

  String podPath(int ordinal) {
    return "/api/v1/namespaces/" + user.namespace() + "/pods/" + podName(ordinal);
  }

  /** All pods of the namespace that are this network's, whatever their state. */
  List<Pod> pods() throws IOException, InterruptedException {
    var pods = new ArrayList<Pod>();
    for (var item : user.get("/api/v1/namespaces/" + user.namespace() + "/pods").path("items")) {
      var pod = Json.convert(item, Pod.class);
      if (pod.metadata().name().startsWith(name + "-sts-")) {
        pods.add(pod);
      }
    }
    return pods;
  }

  Optional<Pod> pod(int ordinal) throws IOException, InterruptedException {
    return pods().stream()
        .filter(pod -> pod.metadata().name().equals(podName(ordinal)))
        .findFirst();
  }

  /** {@code kubectl exec <pod> -- bitcoin-cli -regtest -conf=/bitcoin.conf …}. */
  JsonNode bitcoinCli(String pod, String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("bitcoin-cli", "-regtest", "-conf=/bitcoin.conf"));
    command.addAll(List.of(words));
    try {
      var result = cluster.exec(new ObjectKey(user.namespace(), pod), command, COMMAND_DEADLINE);
      if (result.exitCode() != 0) {
        throw new IOException(
            "bitcoin-cli " + words[0] + " in " + pod + ": " + result.stderr().strip());
      }
      return Json.MAPPER.readTree(result.stdout());
    } catch (StatusException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** What the nodes say of their peers; throws as {@link #nodes}. */
  List<Peers> peers(int count) throws IOException, InterruptedException {
    return sideBySide(
        nodes(count),
        (pod, address) ->
            Peers.of(
                pod, address, bitcoinCli(pod, "getaddednodeinfo"), bitcoinCli(pod, "getpeerinfo")));
  }

  /** What the nodes say of their blocks; throws as {@link #nodes}. */
  List<Chain> chains(int count) throws IOException, InterruptedException {
    return sideBySide(
        nodes(count), (pod, _) -> Chain.of(pod, bitcoinCli(pod, "getblockchaininfo")));
  }

  /**
   * {@code status.nodes}, all ready.
   *
   * @throws IOException if the status does not show exactly so many nodes, each ready and with an
   *     address
   */
  private JsonNode nodes(int count) throws IOException, InterruptedException {
    var nodes = status().path("nodes");
    if (nodes.size() != count) {
      throw new IOException("status.nodes has " + nodes.size() + " entries instead of " + count);
    }
    for (var node : nodes) {
      if (!node.path("ready").asBoolean() || node.path("ip").asText().isEmpty()) {
        throw new IOException(
            "status.nodes does not show " + node.path("nodeName").asText() + " ready yet");
      }
    }
    return nodes;
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask(String pod, String address) throws IOException, InterruptedException;
  }

  private static <T> List<T> sideBySide(JsonNode nodes, Question<T> question)
      throws IOException, InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = new ArrayList<Future<T>>();
      for (var node : nodes) {
        var pod = node.path("nodeName").asText();
        var address = node.path("ip").asText();
        asked.add(threads.submit(() -> question.ask(pod, address)));
      }
      var answers = new ArrayList<T>();
      for (var answer : asked) {
        answers.add(answer.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new IOException(Optional.ofNullable(e.getCause()).orElse(e).getMessage(), e);
    }
  }
}
