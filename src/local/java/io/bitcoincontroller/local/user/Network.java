package io.bitcoincontroller.local.user;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** One network as a user sees it: its status, its pods, and its nodes' own words. */
public final class Network {
  /** 101 blocks take a bitcoind a third of a second. */
  private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(20);

  private final LocalCluster cluster;
  private final User user;
  private final String name;

  public Network(LocalCluster cluster, User user, String name) {
    this.cluster = cluster;
    this.user = user;
    this.name = name;
  }

  /**
   * The manifest of a network in the namespace default.
   *
   * @param spec YAML in flow style
   */
  public static JsonNode manifest(String name, String spec) throws IOException {
    return Yaml.readOne(
        """
        apiVersion: bitcoincontroller.christianb93.github.com/v1
        kind: BitcoinNetwork
        metadata: {name: %s, namespace: default}
        spec: %s
        """
            .formatted(name, spec));
  }

  public String name() {
    return name;
  }

  public String path() {
    return "/apis/bitcoincontroller.christianb93.github.com/v1/namespaces/"
        + user.namespace()
        + "/bitcoinnetworks/"
        + name;
  }

  public JsonNode status() throws IOException, InterruptedException {
    return user.get(path()).path("status");
  }

  /** The stored condition of this type, or a missing node. */
  public JsonNode condition(String type) throws IOException, InterruptedException {
    return Status.condition(status(), type);
  }

  /** Type and reason of the events about it, as {@code kubectl events --for} shows them. */
  public List<String> events() throws IOException, InterruptedException {
    var path = "/apis/events.k8s.io/v1/namespaces/" + user.namespace() + "/events";
    var events = new ArrayList<String>();
    for (var event : user.get(path).path("items")) {
      if (event.at("/regarding/kind").asText().equals("BitcoinNetwork")
          && event.at("/regarding/name").asText().equals(name)) {
        events.add(event.path("type").asText() + " " + event.path("reason").asText());
      }
    }
    return events;
  }

  public String statefulSetPath() {
    return "/apis/apps/v1/namespaces/" + user.namespace() + "/statefulsets/" + name + "-sts";
  }

  /** {@code kubectl rollout status}: every pod is of the template as it is now, and ready. */
  public Seen rolledOut() throws IOException, InterruptedException {
    var set = user.get(statefulSetPath());
    var status = set.path("status");
    var isCurrent = status.path("observedGeneration").equals(set.at("/metadata/generation"));
    var wanted = set.at("/spec/replicas").asInt();
    return isCurrent
            && status.path("updatedReplicas").asInt() == wanted
            && status.path("readyReplicas").asInt() == wanted
        ? new Seen.Good("")
        : new Seen.NotYet(wanted + " updated and ready pods", status.toString());
  }

  /** Whether all of Ready, Meshed and Synced are True, of the spec as it is now. */
  public Seen well() throws IOException, InterruptedException {
    var object = user.get(path());
    var conditions =
        StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
            .map(each -> each.path("type").asText() + "=" + each.path("status").asText())
            .sorted()
            .collect(Collectors.joining(", "));
    var wanted = "Meshed=True, Ready=True, Synced=True";
    var isCurrent =
        object.at("/status/observedGeneration").equals(object.at("/metadata/generation"));
    return conditions.equals(wanted) && isCurrent
        ? new Seen.Good(conditions)
        : new Seen.NotYet(
            wanted,
            (conditions.isEmpty() ? "no conditions" : conditions)
                + (isCurrent ? "" : ", of an older spec")
                + complaints(object));
  }

  /** What the conditions say that don't hold. */
  private static String complaints(JsonNode object) {
    return StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
        .filter(each -> !each.path("status").asText().equals("True"))
        .map(each -> "; " + each.path("reason").asText() + ": " + each.path("message").asText())
        .collect(Collectors.joining());
  }

  public String podName(int ordinal) {
    return name + "-sts-" + ordinal;
  }

  public String podPath(int ordinal) {
    return "/api/v1/namespaces/" + user.namespace() + "/pods/" + podName(ordinal);
  }

  /** All pods of the namespace that are this network's, whatever their state. */
  public List<Pod> pods() throws IOException, InterruptedException {
    var pods = new ArrayList<Pod>();
    for (var item : user.get("/api/v1/namespaces/" + user.namespace() + "/pods").path("items")) {
      var pod = Json.convert(item, Pod.class);
      if (pod.metadata().name().startsWith(name + "-sts-")) {
        pods.add(pod);
      }
    }
    return pods;
  }

  public Optional<Pod> pod(int ordinal) throws IOException, InterruptedException {
    return pods().stream()
        .filter(pod -> pod.metadata().name().equals(podName(ordinal)))
        .findFirst();
  }

  /**
   * {@code kubectl exec <pod> -- bitcoin-cli -regtest -conf=/bitcoin.conf …}.
   *
   * @return what it prints; bitcoin-cli prints a string without quotes
   */
  public JsonNode bitcoinCli(String pod, String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("bitcoin-cli", "-regtest", "-conf=/bitcoin.conf"));
    command.addAll(List.of(words));
    try {
      var result = cluster.exec(new ObjectKey(user.namespace(), pod), command, COMMAND_DEADLINE);
      if (result.exitCode() != 0) {
        throw new IOException(
            "bitcoin-cli " + words[0] + " in " + pod + ": " + result.stderr().strip());
      }
      return output(result.stdout().strip());
    } catch (StatusException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static JsonNode output(String printed) {
    try {
      return Json.MAPPER.readTree(printed);
    } catch (JsonProcessingException _) {
      return TextNode.valueOf(printed);
    }
  }

  /** What the nodes say of their peers; throws as {@link #nodes}. */
  public List<Peers> peers(int count) throws IOException, InterruptedException {
    return sideBySide(nodes(count), this::askPeers);
  }

  /**
   * What some of the nodes say of their peers, whatever the network's status says.
   *
   * @throws IOException if one has no pod with an address, or does not answer
   */
  public List<Peers> peersOf(List<Integer> ordinals) throws IOException, InterruptedException {
    var pods = pods();
    var peers = new ArrayList<Peers>();
    for (var ordinal : ordinals) {
      var name = podName(ordinal);
      var address =
          pods.stream()
              .filter(pod -> pod.metadata().name().equals(name) && !pod.status().podIP().isEmpty())
              .findFirst()
              .orElseThrow(() -> new IOException("there is no pod " + name + " with an address"))
              .status()
              .podIP();
      peers.add(askPeers(name, address));
    }
    return peers;
  }

  private Peers askPeers(String pod, String address) throws IOException, InterruptedException {
    return Peers.of(
        pod, address, bitcoinCli(pod, "getaddednodeinfo"), bitcoinCli(pod, "getpeerinfo"));
  }

  /** Whether the nodes, of which there are so many, are one network by what they say themselves. */
  public Seen completeNodes(int count) throws IOException, InterruptedException {
    return Judge.complete(peers(count));
  }

  /** What the nodes say of their blocks; throws as {@link #nodes}. */
  public List<Chain> chains(int count) throws IOException, InterruptedException {
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
