package io.bitcoincontroller;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.Overheard.Moment;
import io.bitcoincontroller.Overheard.Request;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Peers;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A cluster on which the story of a network is played again and again, each time under another name
 * and with another crash. Whoever finishes the work after a crash is the one that crashes next, so
 * a crash costs one start of a controller. A real process is killed: a controller inside this one
 * could only be asked to end.
 */
final class CrashLane implements AutoCloseable {
  /** What a user does; after each step the network becomes whole again. */
  private enum Step {
    CREATE(2),
    SCALE_UP(3),
    REPLACE_A_POD(3),
    SCALE_DOWN(2);

    final int nodes;

    Step(int nodes) {
      this.nodes = nodes;
    }
  }

  private record After(String state, Map<String, Integer> events) {}

  /**
   * A step that a crash came into is told of once more, at most: by whoever did not see it told.
   */
  private static final int TOLD_AGAIN = 1;

  private final DoubleNetwork nodes = new DoubleNetwork();
  private final Overheard overheard = new Overheard();
  private final Map<Step, After> undisturbed = new EnumMap<>(Step.class);
  private final Stage stage;

  /** Plays the story once without a crash: that is what it must come to after each. */
  CrashLane(Path folder) throws IOException, InterruptedException {
    stage = Stage.simulated(folder, nodes);
    overheard.listen(stage, nodes);
    stage.startController();
    overheard.trap(0, Moment.SEEN, () -> {});
    var network = network("undisturbed");
    for (var step : Step.values()) {
      play(step, network);
      // events are told after the status
      await("nothing is in hand", this::idle);
      undisturbed.put(step, after(network));
    }
    remove(network);
  }

  private Seen idle() throws IOException, InterruptedException {
    var metrics = stage.controller().get("/metrics").body();
    var busy =
        Pattern.compile("(?m)^(controller_runtime_active_workers|workqueue_depth)\\{.*} [1-9]");
    return busy.matcher(metrics).find() ? new Seen.NotYet("idle", metrics) : new Seen.Good("");
  }

  private Network network(String name) {
    return new Network(stage.cluster, stage.user, name);
  }

  /**
   * Plays the story as far as the end of the step that the crash comes into.
   *
   * @param number of the request at which the controller is killed
   * @return that request; empty if the story has fewer
   */
  Optional<Request> crashAt(int number, Moment moment) throws IOException, InterruptedException {
    var network = network("n" + number + "-" + moment.name().toLowerCase(Locale.ROOT));
    var victim = stage.controller();
    overheard.trap(number, moment, () -> crash(victim, moment));
    for (var step : Step.values()) {
      play(step, network);
      if (!overheard.isSet()) {
        var request = overheard.requests().get(number - 1);
        awaitSame(step, network, moment + " " + number + ": " + request);
        remove(network);
        return Optional.of(request);
      }
    }
    overheard.trap(0, Moment.SEEN, () -> {});
    remove(network);
    return Optional.empty();
  }

  private static void crash(ControllerProgram victim, Moment moment) throws IOException {
    try {
      victim.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (moment == Moment.SEEN) {
      throw new IOException("nobody waits for an answer: the request is dropped");
    }
  }

  private void play(Step step, Network network) throws IOException, InterruptedException {
    switch (step) {
      case CREATE -> stage.create(network.name(), "{nodes: 2}");
      case SCALE_UP, SCALE_DOWN -> stage.user.scale(network.path(), step.nodes);
      case REPLACE_A_POD -> replacePod(network);
    }
    await(step + " " + network.name(), () -> complete(network, step.nodes));
  }

  private void replacePod(Network network) throws IOException, InterruptedException {
    var old = network.pod(0).orElseThrow().metadata().uid();
    stage.user.delete(network.podPath(0));
    await(
        "another pod 0",
        () -> {
          var now = network.pod(0).map(pod -> pod.metadata().uid()).orElse(old);
          return now.equals(old) ? new Seen.NotYet("another uid", now) : new Seen.Good("");
        });
  }

  /** By what the nodes themselves say, and by what the status says. */
  private Seen complete(Network network, int count) {
    var peers = new ArrayList<Peers>();
    var status = Json.MAPPER.createObjectNode();
    for (var object : CrashState.objects(stage.cluster, network.name())) {
      switch (object.path("kind").asText()) {
        case "Pod" -> peers(object).ifPresent(peers::add);
        case "BitcoinNetwork" -> status.setAll(object);
        default -> {}
      }
    }
    if (peers.size() != count) {
      return new Seen.NotYet(count + " pods", peers.toString());
    }
    var linked = Judge.complete(peers);
    return linked instanceof Seen.NotYet ? linked : well(status, count, peers);
  }

  /** Empty for a pod that is ending, or has no address yet. */
  private Optional<Peers> peers(JsonNode pod) {
    var address = pod.at("/status/podIP").asText();
    var name = pod.at("/metadata/name").asText();
    return nodes
        .at(address)
        .filter(_ -> !pod.path("metadata").has("deletionTimestamp"))
        .map(node -> new Peers(name, address, hosts(node.added()), hosts(node.dialled()), 0));
  }

  /**
   * The status may be of before: a pod that was replaced leaves the spec's generation as it was.
   */
  private static Seen well(JsonNode network, int count, List<Peers> peers) {
    var addresses = peers.stream().map(Peers::address).collect(Collectors.toSet());
    var told = Set.copyOf(network.at("/status/nodes").findValuesAsText("ip"));
    var conditions = network.at("/status/conditions").findValuesAsText("status");
    var isWell =
        conditions.equals(List.of("True", "True", "True"))
            && network.at("/status/replicas").asInt() == count
            && told.equals(addresses)
            && network.at("/status/observedGeneration").asLong()
                == network.at("/metadata/generation").asLong();
    return isWell ? new Seen.Good("") : new Seen.NotYet("well", network.path("status").toString());
  }

  private static Set<String> hosts(Set<String> addresses) {
    return addresses.stream().map(Peers::host).collect(Collectors.toSet());
  }

  /** A controller that has crashed is started again, as a Deployment would. */
  private void await(String what, Seen.Look look) throws InterruptedException {
    stage.await(
        what,
        () -> {
          if (!stage.controller().alive()) {
            stage.startController();
          }
          return look.look();
        });
  }

  private After after(Network network) {
    var cluster = stage.cluster;
    return new After(
        CrashState.of(cluster, network.name()), CrashState.events(cluster, network.name()));
  }

  /** Progress is told up to two seconds late. */
  private void awaitSame(Step step, Network network, String crash) throws InterruptedException {
    var expected = undisturbed.get(step);
    if (expected == null) {
      throw new IllegalStateException("never played: " + step);
    }
    await(
        "the same as without a crash, " + crash,
        () -> CrashState.compare(expected.state(), after(network).state()));
    var told = after(network).events();
    told.forEach(
        (reason, count) -> {
          if (count > expected.events().getOrDefault(reason, 0) + TOLD_AGAIN) {
            throw new AssertionError(
                crash + ": " + told + ", without a crash " + expected.events());
          }
        });
  }

  private void remove(Network network) throws IOException, InterruptedException {
    stage.user.delete(network.path());
    await(
        "nothing is left of " + network.name(),
        () -> {
          var left = CrashState.objects(stage.cluster, network.name());
          return left.isEmpty() ? new Seen.Good("") : new Seen.NotYet("nothing", left.toString());
        });
  }

  @Override
  public void close() throws IOException {
    stage.close();
    nodes.close();
  }
}
