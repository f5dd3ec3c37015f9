package io.bitcoincontroller.sim;

import io.bitcoincontroller.sim.jvm.Scheduler;
import io.bitcoincontroller.sim.world.ApiWire;
import io.bitcoincontroller.sim.world.Fault;
import io.bitcoincontroller.sim.world.Judge;
import io.bitcoincontroller.sim.world.Strikes;
import io.bitcoincontroller.sim.world.Trace;
import io.bitcoincontroller.sim.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One run: a time in which things go wrong, a time to recover, a time in which nothing happens. */
final class Simulation {
  /** What was deleted comes back by then. */
  private static final Duration AFTERMATH = Duration.ofSeconds(15);

  private static final Duration RECOVERY = Duration.ofMinutes(12);

  /** After this, people do what the conditions ask for. */
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  /** So often people look at what the conditions ask for. */
  private static final Duration LOOKED_AT = Duration.ofMinutes(1);

  private static final Duration LOOK = Duration.ofSeconds(5);

  /** So long all has to stay as it shall be, before it counts as recovered. */
  private static final Duration STEADY = Duration.ofSeconds(75);

  /** What the conditions say is true again by then: a Secret is read anew every five minutes. */
  private static final Duration NOTICED = Duration.ofMinutes(6);

  private static final Duration QUIET = Duration.ofSeconds(70);

  /** A change of the spec has reached the nodes by then. */
  private static final Duration PROMPT = Duration.ofMillis(700);

  /** The status may wait for more to report. */
  private static final Duration REPORTED = Duration.ofSeconds(11);

  private static final Duration ROLLED_OUT = Duration.ofMinutes(4);

  /** Threads that sleep, and timers: what leaks is counted here in the end. */
  private static final int MOST_WAITING = 600;

  /** For one change of a network's spec. */
  private static final int MOST_WRITES = 8;

  private static final int MOST_EVENTS = 6;

  /**
   * The end of a run.
   *
   * @param violation empty if all went well
   * @param nanos of simulated time
   */
  record Result(Optional<String> violation, long nanos, long steps) {}

  private final Scenario scenario;
  private final Scheduler scheduler;
  private final World world;
  private final Judge judge;
  private final Checks checks = new Checks(this::violated);
  private final List<OneController> controllers = new ArrayList<>();
  private final Recordings recordings;
  private final SplittableRandom random;
  private Optional<String> violation = Optional.empty();

  private Simulation(Scenario scenario, Optional<Consumer<String>> lines, Recordings recordings) {
    this.scenario = scenario;
    this.recordings = recordings;
    this.random = new SplittableRandom(scenario.seed() ^ 0x5eedL);
    this.scheduler = new Scheduler(random.split());
    var trace = lines.map(taker -> Trace.to(scheduler::nanos, taker)).orElseGet(Trace::none);
    this.world = new World(scheduler, random.split(), trace, checks);
    this.judge = new Judge(world);
    checks.begin(world);
    recordings.hear(trace);
  }

  /**
   * Runs a scenario to its end, or to the first violation.
   *
   * @param lines takes the story; empty: nobody hears it
   */
  static Result run(Scenario scenario, Optional<Consumer<String>> lines) {
    return run(scenario, lines, Recordings.off());
  }

  static Result run(Scenario scenario, Optional<Consumer<String>> lines, Recordings recordings) {
    var run = new Simulation(scenario, lines, recordings);
    try {
      run.play();
    } catch (Violation e) {
      run.violated(String.valueOf(e.getMessage()));
    }
    run.world.trace.say("end", () -> run.violation.orElse("all as it shall be"));
    return new Result(run.violation, run.scheduler.nanos(), run.scheduler.steps());
  }

  /** Some of it is found on threads that would swallow an exception. */
  private void violated(String what) {
    if (violation.isEmpty()) {
      violation = Optional.of(what);
      scheduler.stop();
    }
  }

  private void pass(Duration time) {
    scheduler.runUntil(scheduler.nanos() + time.toNanos());
    if (violation.isPresent()) {
      throw new Violation(violation.get());
    }
  }

  private void play() {
    begin();
    pass(scenario.chaos());
    world.trace.say("fault", () -> "no more faults");
    pass(AFTERMATH);
    calm();
    recover();
    for (var part : scenario.parts()) {
      switch (part) {
        case QUIET -> beQuiet();
        case CHANGES -> changeTwice();
        case ROLL_OUT -> rollOut();
      }
    }
  }

  private void begin() {
    world.orderly = scenario.faults().isEmpty();
    for (var place = 0; place < scenario.controllers(); place++) {
      var controller =
          new OneController(place, world, scenario, checks, recordings, random.split());
      controllers.add(controller);
      scheduler.after(world.millis(0, 2000), controller::startFirst);
    }
    for (var i = 0; i < scenario.networks().size(); i++) {
      var name = "net" + i;
      var nodes = scenario.networks().get(i);
      if (nodes != Cut.ABSENT) {
        scheduler.after(world.millis(0, 4000), () -> world.users.make(name, nodes));
      }
    }
    var strikes = new Strikes(world, new Places());
    for (Fault fault : scenario.faults()) {
      scheduler.after(fault.at(), () -> strikes.begin(fault));
    }
  }

  private final class Places implements Strikes.Controllers {
    @Override
    public int count() {
      return controllers.size();
    }

    @Override
    public ApiWire wire(int controller) {
      return controllers.get(controller).wire();
    }

    @Override
    public void kill(int controller) {
      controllers.get(controller).kill();
    }

    @Override
    public void stop(int controller) {
      controllers.get(controller).stop();
    }

    @Override
    public void pause(int controller, long nanos) {
      controllers.get(controller).pause(nanos);
    }
  }

  /**
   * What only a person can do: the last pod that has the blocks neither goes nor is replaced, and
   * of two chains of one height somebody has to mine on one.
   */
  private void calm() {
    for (var name : world.users.networks()) {
      if (world.users.nodes(name) < 2) {
        world.users.scale(name, 2);
      }
      world.users.mine(name, random, true);
    }
  }

  private void recover() {
    var begun = scheduler.nanos();
    scheduler.after(PATIENCE.toNanos(), this::helpAgain);
    var steadySince = begun;
    var honestAt = begun;
    while (scheduler.nanos() - steadySince < STEADY.toNanos()) {
      pass(LOOK);
      var complaints = judge.complaints();
      if (complaints.isEmpty() || !judge.allSayWell()) {
        honestAt = scheduler.nanos();
      } else if (scheduler.nanos() - honestAt > NOTICED.toNanos()) {
        throw new Violation("the conditions say that all is well, but: " + complaints);
      }
      if (!complaints.isEmpty()) {
        steadySince = scheduler.nanos();
        if (steadySince - begun > RECOVERY.toNanos()) {
          throw new Violation(
              "not as it shall be after " + RECOVERY.toMinutes() + " calm minutes: " + complaints);
        }
      }
    }
    for (var name : world.users.networks()) {
      if (scenario.faults().isEmpty()) {
        judge.unkept(name).ifPresent(this::violated);
      }
    }
  }

  /**
   * Each pod that is made of the old template again is deleted again; and the pod that was mined on
   * may have gone with its blocks.
   */
  private void helpAgain() {
    for (var name : world.users.networks()) {
      world.users.deleteRefusing(name);
      world.users.mineIfTied(name, random);
    }
    scheduler.after(LOOKED_AT.toNanos(), this::helpAgain);
  }

  private void beQuiet() {
    var _ = checks.writesSince();
    var _ = checks.eventsSince();
    var _ = checks.changesSince();
    pass(QUIET);
    var writes = checks.writesSince();
    var changes = checks.changesSince();
    var events = checks.eventsSince();
    controllers.forEach(OneController::checkCache);
    if (scheduler.waiting() > MOST_WAITING) {
      violated(scheduler.waiting() + " threads and timers wait while nothing happens");
    }
    pass(Duration.ZERO);
    if (writes + changes + events > 0) {
      throw new Violation(
          "nothing happens, and yet there are "
              + writes
              + " writes, "
              + events
              + " events and "
              + changes
              + " calls that change nodes");
    }
  }

  /** Two changes with a moment in between: the second may come while a pass runs. */
  private void changeTwice() {
    var _ = checks.writesSince();
    var _ = checks.eventsSince();
    checks.calm(true);
    for (var name : world.users.networks()) {
      world.users.peers(name, List.of("192.168.0.3"));
      pass(Duration.ofMillis(random.nextInt(1, 60)));
      world.users.peers(name, List.of("192.168.0.3", "192.168.0.4"));
      pass(PROMPT);
      var unlisted = judge.unlisted(name);
      if (!unlisted.isEmpty()) {
        throw new Violation(PROMPT.toMillis() + " ms after a change: " + unlisted);
      }
    }
    pass(REPORTED);
    checks.calm(false);
    var complaints = judge.complaints();
    if (!complaints.isEmpty()) {
      throw new Violation("not as it shall be soon after a change: " + complaints);
    }
    var networks = world.users.networks().size();
    var writes = checks.writesSince();
    var events = checks.eventsSince();
    if (writes > 2 * MOST_WRITES * networks || events > 2 * MOST_EVENTS * networks) {
      throw new Violation("two changes took " + writes + " writes and " + events + " events");
    }
  }

  /** All pods are replaced, and no block is lost. */
  private void rollOut() {
    var heights = new ArrayList<Long>();
    for (var name : world.users.networks()) {
      heights.add(judge.tallest(name));
      world.users.config(name, 1000);
    }
    var begun = scheduler.nanos();
    do {
      pass(LOOK);
      if (scheduler.nanos() - begun > ROLLED_OUT.toNanos()) {
        throw new Violation("not rolled out in time: " + judge.complaints());
      }
    } while (!judge.complaints().isEmpty());
    var left = world.users.networks().stream().map(judge::tallest).toList();
    if (!left.equals(heights)) {
      throw new Violation("a roll-out left chains of " + left + " blocks, of " + heights);
    }
  }
}
