package io.bitcoincontroller.sim;

import io.bitcoincontroller.SimulatedProcess;
import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.controller.Controller;
import io.bitcoincontroller.controller.Reconciler;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.sim.jvm.Scheduler;
import io.bitcoincontroller.sim.world.ApiWire;
import io.bitcoincontroller.sim.world.RpcWire;
import io.bitcoincontroller.sim.world.World;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/** One place for a controller: when its process ends, another one is started there. */
final class OneController {
  /** A leader may act for so long after it sent its last renewal. */
  private static final long RENEW_DEADLINE = Duration.ofSeconds(10).toNanos();

  private static final ObjectKey LEASE = new ObjectKey("default", "bitcoin-controller");

  private final int place;
  private final World world;
  private final Scenario scenario;
  private final Checks checks;
  private final Recordings recordings;
  private final SplittableRandom random;

  /** Its clock is faster or slower than the others', by some hundredths, or by up to a tenth. */
  private final double rate;

  /** What its clock on the wall shows too much. */
  private final Duration ahead;

  private int starts;
  private Scheduler.Group group;
  private ApiWire wire;
  private final RpcWire rpc;
  private Optional<SimulatedProcess> process = Optional.empty();

  /** When the last renewal was sent that the API server took. */
  private long renewedAt = Long.MIN_VALUE / 2;

  private final Set<ObjectKey> working = new HashSet<>();
  private boolean ending;

  OneController(
      int place,
      World world,
      Scenario scenario,
      Checks checks,
      Recordings recordings,
      SplittableRandom random) {
    this.place = place;
    this.world = world;
    this.scenario = scenario;
    this.checks = checks;
    this.recordings = recordings;
    this.random = random;
    this.rate = 1 + (random.nextDouble() - 0.5) * (scenario.skewed() ? 0.2 : 0.04);
    this.ahead = Duration.ofSeconds(scenario.skewed() ? random.nextInt(-86_400, 86_400) : 0);
    this.group = world.scheduler.group();
    this.wire = newWire();
    this.rpc = new RpcWire(world, this::calls);
  }

  private void calls(String ip, List<RpcRequest> requests) {
    mayAct(requests);
    checks.called(name(), ip, requests, process.map(SimulatedProcess::stores));
  }

  private ApiWire newWire() {
    return new ApiWire(
        world,
        name(),
        scenario.streamsLists(),
        (request, reply, changed) -> checks.answered(name(), request, reply, changed));
  }

  private String name() {
    return "controller-" + place + "-" + starts;
  }

  ApiWire wire() {
    return wire;
  }

  private boolean lacks(Without safeguard) {
    return scenario.without().equals(Optional.of(safeguard));
  }

  void startFirst() {
    if (starts == 0) {
      start();
    }
  }

  private void start() {
    starts++;
    group = world.scheduler.group();
    wire = newWire();
    renewedAt = Long.MIN_VALUE / 2;
    working.clear();
    ending = false;
    world.trace.say(name(), () -> "starts");
    var own = random.split();
    group.start(
        name(),
        () -> {
          var made = new SimulatedProcess(parts(own));
          process = Optional.of(made);
          made.run();
        });
  }

  private SimulatedProcess.Parts parts(SplittableRandom own) {
    var alone = scenario.controllers() == 1;
    Ticker ticker = () -> (long) (world.nanos() * rate);
    return new SimulatedProcess.Parts(
        name(),
        new Observed(wire, scenario.without(), new Sent()),
        this::call,
        this::watched,
        this::toQueue,
        lacks(Without.RESYNC) ? Duration.ofDays(10) : Controller.Settings.DEFAULT.period(),
        !lacks(Without.FENCE),
        alone ? Optional.empty() : Optional.of(LEASE),
        () -> world.after(0, () -> endAndStartAgain("has lost the lease, and ends")),
        ticker,
        this::wallClock,
        own,
        recordings.begin(name(), ticker, world.wallClock()),
        log());
  }

  private Instant wallClock() {
    return world.wallClock().plus(ahead);
  }

  /** Its log is part of the story; an error in it is a bug in any case. */
  private Log log() {
    var level = world.trace.wanted() ? Log.Level.INFO : Log.Level.ERROR;
    var out = new PrintStream(new Lines(this::line), true, StandardCharsets.UTF_8);
    return new Log(level, Log.Format.TEXT, out, this::wallClock);
  }

  private void line(String line) {
    var text = line.replaceFirst("^\\S+ ", "");
    world.trace.say(name(), () -> text);
    if (text.startsWith("ERROR")) {
      checks.violated(name() + " has a bug: " + text);
    }
  }

  /** Without the dirty set, what is added during a pass is lost. */
  private BiConsumer<ObjectKey, Cause> toQueue(BiConsumer<ObjectKey, Cause> add) {
    return lacks(Without.DIRTY_SET)
        ? (key, cause) -> {
          if (world.nanos() < world.wellUntil || !working.contains(key)) {
            add.accept(key, cause);
          }
        }
        : add;
  }

  private Reconciler<ObjectKey> watched(Reconciler<ObjectKey> reconciler) {
    return (key, permit) -> {
      if (!working.add(key)) {
        checks.violated(name() + " has two passes over " + key + " at the same time");
      }
      world.trace.say(name(), () -> "begins a pass over " + key);
      try {
        var outcome = reconciler.reconcile(key, permit);
        world.trace.say(name(), () -> "ends its pass over " + key + ": " + outcome);
        return outcome;
      } finally {
        working.remove(key);
        checks.queued(process.map(SimulatedProcess::queued).orElse(0));
      }
    };
  }

  private void mayAct(Object what) {
    var since = world.nanos() - renewedAt;
    if (scenario.controllers() > 1 && since * rate > RENEW_DEADLINE) {
      checks.violated(name() + " acts although its lease is over: " + what);
    }
  }

  private final class Sent implements Observed.Watch {
    @Override
    public void sends(ApiRequest request) {
      if (!request.method().equals("GET") && !Observed.isLease(request)) {
        mayAct(request);
      }
    }

    @Override
    public void got(ApiRequest request, Reply reply, long sentAt) {
      if (Observed.isLease(request)
          && !request.method().equals("GET")
          && reply instanceof Reply.Success(_, var lease)
          && lease.at("/spec/holderIdentity").asText().equals(name())) {
        renewedAt = sentAt;
      }
    }

    @Override
    public long nanos() {
      return world.nanos();
    }
  }

  private Answer call(
      URI server,
      Credentials credentials,
      List<RpcRequest> requests,
      Duration deadline,
      BooleanSupplier wanted)
      throws IOException, InterruptedException {
    return rpc.call(server, credentials, changed(requests), deadline, wanted);
  }

  private List<RpcRequest> changed(List<RpcRequest> requests) {
    if (lacks(Without.ONETRY)) {
      return requests.stream()
          .map(each -> each.toString().contains("onetry") ? RpcRequest.getBlockchainInfo() : each)
          .toList();
    }
    if (!lacks(Without.ROTATION)) {
      return requests;
    }
    var adds = requests.stream().filter(OneController::adds).sorted(OneController::byText).toList();
    var sorted = new ArrayList<RpcRequest>();
    var next = adds.iterator();
    requests.forEach(each -> sorted.add(adds(each) ? next.next() : each));
    return List.copyOf(sorted);
  }

  private static boolean adds(RpcRequest request) {
    return request.method().equals("addnode") && request.params().get(1).asText().equals("add");
  }

  private static int byText(RpcRequest one, RpcRequest other) {
    return one.params().get(0).asText().compareTo(other.params().get(0).asText());
  }

  /** What it keeps has to be what is there. */
  void checkCache() {
    process
        .flatMap(each -> Caches.differ(each.stores(), world.etcd))
        .ifPresent(what -> checks.violated(name() + " has an old cache: " + what));
  }

  /** As SIGKILL, at whatever step it is. */
  void kill() {
    endAndStartAgain("is killed");
  }

  private void endAndStartAgain(String why) {
    world.trace.say(name(), () -> why);
    group.kill();
    wire.end();
    process = Optional.empty();
    var ended = starts;
    world.after(
        world.millis(500, 3000),
        () -> {
          if (starts == ended) {
            start();
          }
        });
  }

  /** As SIGTERM: a process that does not end by itself within half a minute has a fault. */
  void stop() {
    if (process.isEmpty() || ending) {
      return;
    }
    ending = true;
    world.trace.say(name(), () -> "is told to stop");
    var stopped = process.get();
    var ended = starts;
    group.start(
        name() + " stop",
        () -> {
          try {
            stopped.stop();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          world.after(0, () -> endIf(ended));
        });
  }

  private void endIf(int ended) {
    if (starts == ended) {
      endAndStartAgain("has stopped");
    }
  }

  void pause(long nanos) {
    var paused = group;
    world.trace.say(name(), () -> "is paused");
    paused.pause();
    world.after(
        nanos,
        () -> {
          world.trace.say(name(), () -> "goes on");
          paused.resume();
        });
  }
}
