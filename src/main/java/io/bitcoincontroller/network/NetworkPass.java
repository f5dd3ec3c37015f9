package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.MiningSpec;
import io.bitcoincontroller.controller.Outcome;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.nodes.Nodes;
import io.bitcoincontroller.plan.Mining;
import io.bitcoincontroller.plan.Note;
import io.bitcoincontroller.plan.Observation;
import io.bitcoincontroller.plan.Plan;
import io.bitcoincontroller.plan.Trouble;
import io.bitcoincontroller.timing.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pass over one network: observe, plan, act, report. It is made again and again, and remembers
 * what one pass leaves to the next. A process that has just begun remembers nothing, and does the
 * right thing as well.
 */
final class NetworkPass {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** The cache shows our own writes after some milliseconds; later while a watch is down. */
  private static final Backoff CATCH_UP =
      new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1), 0.2);

  private final Surroundings surroundings;
  private final String uid;
  private final ApiSender api;
  private final Recording recording;
  private final Secrets secrets;
  private final Nodes nodes;
  private final Observer observer;
  private final ChildWriter children;
  private final EventWriter events;
  private final Reporter reporter;
  private final Miner miner;
  private final MiningWriter miningWriter;

  /** Passes in a row that changed the mesh. */
  private int round;

  /** Passes in a row with a failed write that may succeed later. */
  private int failures;

  /** How often in a row the cache was behind our own writes. */
  private int timesBehind;

  /** Children were created, and may have been deleted since. */
  private boolean created;

  /** Why the network has no disruption budget, as the log said it last. */
  private Optional<String> remark = Optional.empty();

  /**
   * @param before the pass over another network that had this name: calls to its pods, which may be
   *     there still, run on, and are not begun anew beside them
   */
  NetworkPass(
      Meta network,
      Surroundings with,
      Pace pace,
      RivalReader rivals,
      CostlyLooks costly,
      Optional<NetworkPass> before) {
    var key = network.key();
    surroundings = with;
    uid = network.uid();
    api = new RecordedApi(key, with.api(), with.recorder(), with.ticker());
    recording = new Recording(key, with.recorder());
    secrets = new Secrets(api, with.ticker());
    nodes = before.map(other -> other.nodes).orElseGet(() -> with.nodes(key));
    var warnings = new SetWarnings(api, costly, with.ticker(), with.wallClock(), with.log());
    observer = new Observer(api, with.stores(), secrets, nodes, warnings, rivals, with.ticker());
    children = new ChildWriter(key, api, with.stores(), with.ticker(), with.log());
    events = new EventWriter(api, with.instance(), with.ticker(), with.wallClock(), with.log());
    var networks = with.stores().networks();
    reporter =
        new Reporter(
            api, networks, events, pace, recording, with.ticker(), with.wallClock(), with.log());
    miningWriter = new MiningWriter(api, networks);
    miner = new Miner(() -> with.wallClock().get().truncatedTo(ChronoUnit.MILLIS), with.random());
  }

  void over() {
    recording.over();
  }

  boolean isOf(Meta network) {
    return uid.equals(network.uid());
  }

  /** While no pass is made, nobody would forget what is known of pods that are gone. */
  void forgetNodes() {
    nodes.forgetAll();
    observer.forgetPlan();
  }

  /** After that: whether a call to one of them still runs. */
  boolean callsNodes() {
    return nodes.areCalled();
  }

  /** No pass is made: the cache is behind our own writes. */
  Outcome later() {
    timesBehind++;
    var wait = CATCH_UP.nanos(timesBehind, surroundings.random().nextDouble());
    return new Outcome.NotNow(
        Duration.ofNanos(wait), "the cache does not show the last writes yet");
  }

  /** No pass is made: its object can't be read. False if the API server has no such network. */
  boolean reportUnreadable(Meta network, String why) throws IOException, InterruptedException {
    return reporter.reportUnreadable(network, why);
  }

  /** No pass is made: the spec is not valid. */
  Outcome refuse(StoredObject network, List<String> problems)
      throws IOException, InterruptedException {
    timesBehind = 0;
    forgetNodes();
    surroundings
        .metrics()
        .found(network.metadata().key(), NetworkNumbers.notReady(Condition.INVALID));
    var status = network.content().path("status");
    var halted = Mining.halted(status);
    if (halted.isPresent()) {
      miningWriter.write(network.metadata(), network.metadata().resourceVersion(), halted.get());
    }
    reporter.reportInvalid(network.metadata(), status, problems);
    return new Outcome.InvalidBecause(String.join("; ", problems));
  }

  /** A failed write is reported and tried again; all other writes are made. */
  Outcome make(BitcoinNetwork network, Permit permit) throws IOException, InterruptedException {
    timesBehind = 0;
    var seen = observer.look(network, round, permit);
    var plan = Plan.of(seen);
    recording.planned(seen, plan);
    var unsure = Optional.<Trouble>empty();
    try {
      if (plan.createsAnything() && !isNew(network) && !isStillThere(network)) {
        return new Outcome.Synced(); // the watch reports the deletion, which asks for a pass
      }
    } catch (IOException e) {
      unsure = Optional.of(Trouble.passing(String.valueOf(e.getMessage())));
    }
    created |= plan.createsAnything();
    changeNodes(plan, seen, permit);
    for (var note : plan.news()) {
      events.write(network.metadata(), note);
    }
    var result =
        unsure.isPresent()
            ? new ChildWriter.Result(List.of(), unsure, remark)
            : write(plan, network);
    var noBudget = result.remark().or(() -> seen.budget().flatMap(Observation.Budget::remark));
    warn(noBudget, network);
    var nextBlock = Optional.<Duration>empty();
    var failed = result.failed();
    try {
      nextBlock = mine(plan, seen, permit);
    } catch (IOException e) {
      failed = failed.or(() -> Optional.of(Trouble.passing(String.valueOf(e.getMessage()))));
    }
    return report(plan, seen, failed, noBudget, nextBlock);
  }

  /** A new network never had children, so nobody can have deleted them before it. */
  private boolean isNew(BitcoinNetwork network) {
    return network.status().isEmpty() && !created;
  }

  /**
   * Asks the API server. The cache may not know yet that the network was deleted: the garbage
   * collector would delete what we create, we would create it again, and so on.
   */
  private boolean isStillThere(BitcoinNetwork network) throws IOException, InterruptedException {
    var request = Requests.get(BitcoinNetwork.RESOURCE, network.key());
    var there =
        switch (api.send(request, DEADLINE)) {
          case Reply.Success(_, var body) -> {
            var now = Json.read(body.path("metadata"), Meta.class);
            yield now.uid().equals(uid) && !now.deleting();
          }
          case Reply.Failure failure when failure.code() == 404 -> false;
          case Reply.Failure failure ->
              throw new IOException("the network can't be read: " + failure.text());
        };
    if (!there) {
      surroundings.stores().networks().doubt(network.metadata());
    }
    return there;
  }

  private void changeNodes(Plan plan, Observation seen, Permit permit) throws InterruptedException {
    if (observer.credentials().isPresent()) {
      nodes.carryOut(plan.mesh(), seen.pods(), seen.views(), observer.credentials().get(), permit);
      observer.reconnected(plan.mesh(), seen.pods());
    }
    round = plan.settling() ? round + 1 : 0;
    observer.planned(plan);
  }

  /** The Secret comes first: no pod starts with credentials that no Secret has had. */
  private ChildWriter.Result write(Plan plan, BitcoinNetwork network) throws InterruptedException {
    var news = new ArrayList<Note>();
    var unmade = Optional.<Trouble>empty();
    if (plan.makeSecret().isPresent()) {
      var credentials = plan.makeSecret().get();
      var again = secrets.inUse().equals(Optional.of(credentials));
      unmade = secrets.make(network, credentials);
      if (unmade.isPresent() && !again) {
        return new ChildWriter.Result(List.of(), unmade, remark);
      }
      if (unmade.isEmpty()) {
        news.add(Secrets.made(network, again));
      }
    }
    var result = children.write(plan.writes());
    news.addAll(result.news());
    for (var note : Note.joined(news)) {
      reporter.tell(network, note);
    }
    return new ChildWriter.Result(news, unmade.or(result::failed), result.remark());
  }

  /** A network without mining pays nothing for it. */
  private Optional<Duration> mine(Plan plan, Observation seen, Permit permit)
      throws IOException, InterruptedException {
    var network = seen.network();
    if (!Mining.concerns(network) || observer.credentials().isEmpty()) {
      return Optional.empty();
    }
    var calls =
        new MiningCalls(
            network.metadata(),
            seen.pods(),
            observer.credentials().get(),
            permit,
            nodes,
            events,
            miningWriter);
    var sides = seen.chain().sides();
    var begin = Mining.of(seen, plan, sides::number, surroundings.wallClock().get());
    var address = network.spec().mining().orElse(MiningSpec.NONE).address();
    return miner.mine(begin, address, network.metadata().resourceVersion(), calls);
  }

  /** Says once that a network has no disruption budget: it works without. */
  private void warn(Optional<String> noBudget, BitcoinNetwork network) throws InterruptedException {
    if (noBudget.isPresent() && !noBudget.equals(remark) && !network.metadata().deleting()) {
      var why = noBudget.get();
      recording.over();
      var key = network.metadata().key();
      surroundings.log().warn("no disruption budget", "network", key, "why", why);
      events.write(network.metadata(), new Note(true, "NoDisruptionBudget", why));
    }
    remark = noBudget;
  }

  private Outcome report(
      Plan plan,
      Observation seen,
      Optional<Trouble> failed,
      Optional<String> noBudget,
      Optional<Duration> nextBlock)
      throws IOException, InterruptedException {
    var network = seen.network();
    var status = plan.statusAfter(seen, failed, noBudget);
    surroundings.metrics().found(network.metadata().key(), NetworkNumbers.of(plan, seen, status));
    var passing = failed.filter(Trouble::mayPass);
    failures = passing.isPresent() ? failures + 1 : 0;
    // what fails once mostly succeeds at the next try
    var due = failed.isPresent() ? failures != 1 : plan.report();
    var wait =
        due
            ? reporter.report(network.metadata(), network.status(), status)
            : Optional.<Duration>empty();
    var nextTry = nodes.nextTry().stream().mapToObj(Duration::ofNanos).findFirst();
    var look =
        Stream.of(plan.lookAgain(), wait, observer.nextLook(), nextBlock, nextTry)
            .flatMap(Optional::stream)
            .min(Duration::compareTo);
    if (passing.isPresent()) {
      return new Outcome.RetryBecause(passing.get().message(), look);
    }
    return look.<Outcome>map(Outcome.LookAgainAfter::new).orElseGet(Outcome.Synced::new);
  }
}
