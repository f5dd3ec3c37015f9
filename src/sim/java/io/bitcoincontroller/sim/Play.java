package io.bitcoincontroller.sim;

import io.bitcoincontroller.sim.jvm.Scheduler;
import io.bitcoincontroller.sim.world.Etcd;
import io.bitcoincontroller.sim.world.Etcd.ObjectId;
import io.bitcoincontroller.sim.world.Trace;
import io.bitcoincontroller.sim.world.Users;
import io.bitcoincontroller.sim.world.WatchStream;
import io.bitcoincontroller.sim.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A simulated cluster in which a script says what happens, and when. Seed and script give the same
 * recording each time.
 */
public final class Play {
  private final Scheduler scheduler;
  private final World world;
  private final Recordings recordings = Recordings.on();
  private final List<OneController> controllers = new ArrayList<>();
  private Optional<String> violation = Optional.empty();

  /**
   * @param controllers 1, or 2 of which the first one leads
   * @param without a safeguard that all of them lack: then it goes on whatever is violated
   */
  public Play(long seed, int controllers, Optional<Without> without) {
    var random = new SplittableRandom(seed);
    scheduler = new Scheduler(random.split());
    var trace = Trace.none();
    var checks = new Checks(what -> violated(what, without));
    world = new World(scheduler, random.split(), trace, checks);
    world.orderly = true;
    checks.begin(world);
    recordings.hear(trace);
    var scenario =
        new Scenario(
            seed,
            List.of(),
            controllers,
            true,
            false,
            Duration.ZERO,
            List.of(),
            List.of(),
            without);
    for (var place = 0; place < controllers; place++) {
      var controller =
          new OneController(place, world, scenario, checks, recordings, random.split());
      this.controllers.add(controller);
      scheduler.after(Duration.ofMillis(100L * place).toNanos(), controller::startFirst);
    }
  }

  private void violated(String what, Optional<Without> without) {
    if (without.isEmpty() && violation.isEmpty()) {
      violation = Optional.of(what);
      scheduler.stop();
    }
  }

  public World world() {
    return world;
  }

  /** A controller without dirty set has it until this time: two plays are the same so far. */
  public void wellUntil(double seconds) {
    world.wellUntil = (long) (seconds * 1e9);
  }

  /** Has something done at this time. */
  public void at(double seconds, Runnable action) {
    scheduler.after((long) (seconds * 1e9) - scheduler.nanos(), action);
  }

  /**
   * Runs all that happens up to this time.
   *
   * @throws IllegalStateException if a promise is not kept, although no safeguard lacks
   */
  public void until(double seconds) {
    scheduler.runUntil((long) (seconds * 1e9));
    violation.ifPresent(
        what -> {
          throw new IllegalStateException(what);
        });
  }

  /** A network of so many nodes that is well, with a block, five seconds after the beginning. */
  public void networkWithBlock(int nodes) {
    at(1, () -> world.users.make("my-network", nodes));
    at(4, () -> world.users.mine("my-network", new SplittableRandom(1), true));
  }

  /** As above, but its objects were changed once: they count as applied, and none as created. */
  public void grownNetworkWithBlock(int nodes) {
    networkWithBlock(nodes - 1);
    at(2.5, () -> world.users.scale("my-network", nodes));
  }

  /** Somebody deletes a pod. */
  public void deletePod(int ordinal) {
    world.trace.say("user", () -> "deletes pod my-network-sts-" + ordinal);
    world.etcd.delete(pod(ordinal));
  }

  /** Somebody writes an annotation on the Service that no controller looks at. */
  public void annotateService() {
    world.trace.say("user", () -> "writes an annotation on Service my-network-svc");
    world.etcd.update(
        ObjectId.of("/services", Users.NAMESPACE, "my-network-svc"),
        service -> {
          service.withObject("/metadata/annotations").put("example.com/note", "mine");
          return service;
        });
  }

  private static ObjectId pod(int ordinal) {
    return ObjectId.of(Etcd.PODS, Users.NAMESPACE, "my-network-sts-" + ordinal);
  }

  /** A bitcoind is stopped, as by SIGSTOP, for so long. */
  public void freezePod(int ordinal, int seconds) {
    world.trace.say("fault", () -> "the bitcoind of my-network-sts-" + ordinal + " is frozen");
    world.kubelet.freeze(pod(ordinal), Duration.ofSeconds(seconds).toNanos());
  }

  /** Somebody takes the first entry from a node's list. */
  public void takeFromList(int ordinal) {
    world.nodes.takeFromList("my-network-sts-" + ordinal);
  }

  /** The watches of this kind that a controller has open. */
  public List<WatchStream> watches(int controller, String kind) {
    return controllers.get(controller).wire().streams().stream()
        .filter(stream -> stream.kind().equals(kind))
        .toList();
  }

  /** A controller's process does not run for so long. */
  public void pause(int controller, Duration time) {
    controllers.get(controller).pause(time.toNanos());
  }

  /** What the flight recorder of a controller's first process kept. */
  public List<String> lines(int controller) throws IOException {
    return recordings.lines("controller-" + controller + "-1");
  }
}
