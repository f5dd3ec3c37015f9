package io.bitcoincontroller.local.demo;

import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.User;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The life of one network, in the order of the text that this program is the Java form of:
 * "Building a bitcoin controller for Kubernetes, part V".
 *
 * <p>The steps build on each other, and must be carried out in their order.
 */
final class Story {
  /** As manifests/samples/my-network.yaml has it, and as the network ends. */
  static final int NODES = 3;

  private static final int BLOCKS = 101;

  /** A valid regtest address whose key nobody here needs. */
  private static final String MINER = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

  /** Issue 2 promises it; without onetry, bitcoind alone may take a minute. */
  private static final Duration MESHED_WITHIN = Duration.ofSeconds(2);

  private static final Duration SOON = Duration.ofSeconds(30);

  /** For what starts or ends a bitcoind, whose grace period is a minute. */
  private static final Duration PATIENT = Duration.ofSeconds(90);

  private final User user;
  private final Network network;
  private final Controllers controllers;
  private final Path manifests;

  /** Pod 0 as it was before it was deleted; empty until then. */
  private Optional<Pod> lost = Optional.empty();

  Story(User user, Network network, Controllers controllers, Path manifests) {
    this.user = user;
    this.network = network;
    this.controllers = controllers;
    this.manifests = manifests;
  }

  List<Step> steps() {
    var steps = new ArrayList<Step>();
    steps.addAll(begin());
    steps.addAll(loseANode());
    steps.addAll(grow());
    steps.addAll(shrink());
    return steps;
  }

  private List<Step> begin() {
    return List.of(
        Step.of(
            "the manifests are applied: crd.yaml, rbac.yaml, secret.yaml",
            SOON,
            () -> apply("crd.yaml", "rbac.yaml", "secret.yaml"),
            this::resourceServed),
        Step.of("the controller is started", SOON, controllers::start, controllers::running),
        Step.of(
            "my-network is created: 3 pods are ready",
            PATIENT,
            () -> apply("samples/my-network.yaml"),
            () -> ready(NODES)),
        Step.seen(
                "each node lists the other two, all are connected",
                SOON,
                () -> network.completeNodes(NODES))
            .within(MESHED_WITHIN),
        Step.of(
            BLOCKS + " blocks mined on node 0 are on all 3 nodes",
            SOON,
            () -> network.bitcoinCli(network.podName(0), "generatetoaddress", "" + BLOCKS, MINER),
            () -> synced(NODES)));
  }

  private List<Step> loseANode() {
    return List.of(
        Step.of(
            "pod 0 is deleted, and comes back on another address",
            PATIENT,
            this::deletePod0,
            this::pod0IsBack),
        Step.seen(
                "every node lists its new address, none the old one",
                SOON,
                () -> network.completeNodes(NODES))
            .within(MESHED_WITHIN),
        Step.seen("its chain has " + BLOCKS + " blocks again", SOON, () -> synced(NODES)));
  }

  private List<Step> grow() {
    return List.of(
        Step.of(
            "scaled to 4: the fourth pod is made",
            SOON,
            () -> user.scale(network.path(), NODES + 1),
            () -> exists(NODES)),
        Step.of(
            "the controller is killed (kill -9) in the middle of that",
            SOON,
            controllers::kill,
            () ->
                new Seen.Good("the fourth pod is " + (isReady(NODES) ? "ready" : "not ready yet"))),
        Step.of("a new controller is started", SOON, controllers::start, controllers::running),
        Step.seen("4 pods are ready", PATIENT, () -> ready(NODES + 1)),
        Step.seen(
            "each node lists the other three, all are connected",
            SOON,
            () -> network.completeNodes(NODES + 1)),
        Step.seen("the fourth node has " + BLOCKS + " blocks", SOON, () -> synced(NODES + 1)));
  }

  private List<Step> shrink() {
    return List.of(
        Step.of(
            "scaled back to 3: the fourth pod is gone",
            PATIENT,
            () -> user.scale(network.path(), NODES),
            this::fourthIsGone),
        Step.seen(
            "the lists have shrunk to the other two", SOON, () -> network.completeNodes(NODES)),
        Step.seen("the network's own status says all that", SOON, network::well));
  }

  private void apply(String... files) throws IOException, InterruptedException {
    for (var file : files) {
      user.apply(manifests.resolve(file));
    }
  }

  private Seen resourceServed() throws IOException, InterruptedException {
    user.get("/apis/bitcoincontroller.christianb93.github.com/v1/bitcoinnetworks");
    return new Seen.Good("kubectl get bn works");
  }

  private Seen ready(int count) throws IOException, InterruptedException {
    var pods = network.pods();
    var ready = pods.stream().filter(Pod::ready).toList();
    return pods.size() == count && ready.size() == count
        ? new Seen.Good(
            ready.stream().map(pod -> pod.status().podIP()).collect(Collectors.joining(", ")))
        : new Seen.NotYet(count + " pods, all ready", described(pods));
  }

  private static String described(List<Pod> pods) {
    return pods.isEmpty()
        ? "no pod"
        : pods.stream()
            .map(
                pod ->
                    pod.metadata().name()
                        + " "
                        + (pod.ready() ? "ready" : pod.status().phase().toLowerCase(Locale.ROOT)))
            .collect(Collectors.joining(", "));
  }

  private Seen synced(int count) throws IOException, InterruptedException {
    return Judge.synced(network.chains(count), BLOCKS);
  }

  private void deletePod0() throws IOException, InterruptedException {
    lost = network.pod(0);
    user.delete(network.podPath(0));
  }

  private Seen pod0IsBack() throws IOException, InterruptedException {
    var before = lost.orElseThrow();
    var now = network.pod(0);
    var back =
        now.filter(pod -> !pod.metadata().uid().equals(before.metadata().uid()))
            .filter(Pod::ready)
            .filter(pod -> !pod.status().podIP().equals(before.status().podIP()));
    return back.isPresent()
        ? new Seen.Good(before.status().podIP() + " is now " + back.get().status().podIP())
        : new Seen.NotYet(
            "a new, ready pod of that name, not at " + before.status().podIP(),
            described(now.stream().toList()));
  }

  private Seen exists(int ordinal) throws IOException, InterruptedException {
    return network.pod(ordinal).isPresent()
        ? new Seen.Good(network.podName(ordinal))
        : new Seen.NotYet("a pod " + network.podName(ordinal), described(network.pods()));
  }

  private boolean isReady(int ordinal) throws IOException, InterruptedException {
    return network.pod(ordinal).filter(Pod::ready).isPresent();
  }

  private Seen fourthIsGone() throws IOException, InterruptedException {
    return network.pod(NODES).isEmpty()
        ? new Seen.Good("")
        : new Seen.NotYet("no pod " + network.podName(NODES), described(network.pods()));
  }
}
