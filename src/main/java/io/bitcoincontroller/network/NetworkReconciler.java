package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.BitcoinNetwork.Reading;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.controller.Outcome;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.controller.Reconciler;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.nodes.Nodes;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.plan.Note;
import io.bitcoincontroller.plan.Observation;
import io.bitcoincontroller.plan.Plan;
import io.bitcoincontroller.plan.StatusOf;
import io.bitcoincontroller.plan.Trouble;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One pass over one network: observe, plan, act, report. */
public final class NetworkReconciler implements Reconciler<ObjectKey> {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** No pass can decide by half a cache; who watches queues the network when the rest is there. */
  private static final Duration UNTIL_SYNCED = Duration.ofMinutes(1);

  /**
   * The cache is usually behind our own writes by a few milliseconds; more where a watch is down.
   */
  private static final Backoff CATCH_UP =
      new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1), 0.2);

  /**
   * Who is in contact with what.
   *
   * @param instance name of this process, as events show it
   * @param mayAct false when another process leads: nothing more is said to anybody
   * @param lookAt asks for a pass over a network
   * @param random safe for many threads
   */
  public record Surroundings(
      ApiSender api,
      BitcoindClient bitcoind,
      Stores stores,
      String instance,
      BooleanSupplier mayAct,
      Consumer<ObjectKey> lookAt,
      Ticker ticker,
      Supplier<Instant> wallClock,
      RandomGenerator random,
      Log log) {}

  /**
   * What is remembered of a network between two passes; nothing of it is needed for being right.
   */
  private static final class Memory {
    final String uid;
    final Secrets secrets;
    final Nodes nodes;
    final Observer observer;
    final ChildWriter children;
    final EventWriter events;
    final Reporter reporter;

    /** Passes in a row that changed the mesh. */
    int round;

    /** Passes in a row of which a write failed that may succeed later. */
    int failures;

    /** Children were created, and so may have been deleted since. */
    boolean created;

    /** Why the network has no disruption budget, as it was told last. */
    Optional<String> remark = Optional.empty();

    /** Looks in a row that found the cache behind our own writes. */
    int behind;

    Memory(Meta network, Surroundings with) {
      var key = network.key();
      uid = network.uid();
      secrets = new Secrets(with.api(), with.ticker());
      nodes =
          new Nodes(
              key,
              with.bitcoind(),
              with.mayAct(),
              pod -> there(pod, with.stores().pods()),
              with.ticker(),
              with.random(),
              with.log(),
              () -> with.lookAt().accept(key));
      var warnings = new SetWarnings(with.api(), with.ticker(), with.wallClock(), with.log());
      observer = new Observer(with.api(), with.stores(), secrets, nodes, warnings, with.ticker());
      children = new ChildWriter(key, with.api(), with.stores(), with.ticker(), with.log());
      events =
          new EventWriter(with.api(), with.instance(), with.ticker(), with.wallClock(), with.log());
      reporter =
          new Reporter(
              with.api(),
              with.stores().networks(),
              events,
              with.ticker(),
              with.wallClock(),
              with.log());
    }
  }

  private final Surroundings with;
  private final Map<ObjectKey, Memory> memories = new ConcurrentHashMap<>();

  public NetworkReconciler(Surroundings with) {
    this.with = with;
  }

  @Override
  public Outcome reconcile(ObjectKey key, Permit permit) throws IOException, InterruptedException {
    var stored = with.stores().networks().get(key);
    if (stored.isEmpty()) {
      return absent(key);
    }
    var network = stored.get();
    var memory = memory(network.metadata());
    if (!with.stores().synced(key.namespace())) {
      return new Outcome.NotNow(UNTIL_SYNCED);
    }
    if (!caughtUp(key) || behind(network)) {
      memory.behind++;
      return new Outcome.NotNow(
          Duration.ofNanos(CATCH_UP.nanos(memory.behind, with.random().nextDouble())));
    }
    memory.behind = 0;
    return switch (BitcoinNetwork.read(network)) {
      case Reading.Valid(var valid) -> pass(valid, memory, permit);
      case Reading.Invalid(var problems) -> {
        var before = network.content().path("status");
        memory.reporter.reportInvalid(network.metadata(), before, problems);
        yield new Outcome.InvalidBecause(String.join("; ", problems));
      }
    };
  }

  /** Gone, or not to be read: then its pods are let alone, and its status says so. */
  private Outcome absent(ObjectKey key) throws IOException, InterruptedException {
    var unreadable = with.stores().networks().unreadable(key);
    if (unreadable.isEmpty()) {
      Optional.ofNullable(memories.remove(key)).ifPresent(gone -> gone.nodes.forgetAll());
      return new Outcome.Gone();
    }
    var why = unreadable.get().why();
    var network = Meta.of(key, unreadable.get().uid());
    memory(network).reporter.reportUnreadable(network, why);
    return new Outcome.InvalidBecause("the network can't be read: " + why);
  }

  /** Acting on a state older than our own last write would do it again, or undo it. */
  private boolean caughtUp(ObjectKey key) {
    var stores = with.stores();
    return stores.networks().caughtUp(key)
        && stores.services().caughtUp(child(key, Names.service(key.name())))
        && stores.configMaps().caughtUp(child(key, Names.configMap(key.name())))
        && stores.statefulSets().caughtUp(child(key, Names.statefulSet(key.name())))
        && stores.budgets().caughtUp(child(key, Names.disruptionBudget(key.name())));
  }

  /** Another process may have made the StatefulSet of a newer spec than our cache shows. */
  private boolean behind(StoredObject network) throws InterruptedException {
    var key = network.metadata().key();
    var statefulSet = with.stores().statefulSets().get(child(key, Names.statefulSet(key.name())));
    return statefulSet.isPresent() && behind(network.metadata(), statefulSet.get(), with.api());
  }

  /** Asked of the API server, too: anybody may have written the annotation that tells. */
  static boolean behind(Meta network, StoredObject statefulSet, ApiSender api)
      throws InterruptedException {
    if (!statefulSet.metadata().ownedBy(network.uid())
        || Children.generation(statefulSet) <= network.generation()) {
      return false;
    }
    try {
      var request = Requests.get(BitcoinNetwork.RESOURCE, network.key());
      return !(api.send(request, DEADLINE) instanceof Reply.Success(_, var body)
          && body.at("/metadata/generation").asLong() == network.generation());
    } catch (IOException _) {
      return true; // to wait does no harm
    }
  }

  /** Whether a pod is still the one that it was, at the address that it had; asked of the cache. */
  private static boolean there(Pod pod, Store<Pod> pods) {
    return pods.get(pod.metadata().key())
        .filter(Pod::live)
        .filter(now -> now.metadata().uid().equals(pod.metadata().uid()))
        .filter(now -> now.status().podIP().equals(pod.status().podIP()))
        .isPresent();
  }

  private static ObjectKey child(ObjectKey network, String name) {
    return new ObjectKey(network.namespace(), name);
  }

  /** Another network under the same name begins anew. */
  private Memory memory(Meta network) {
    var memory = memories.computeIfAbsent(network.key(), _ -> new Memory(network, with));
    if (memory.uid.equals(network.uid())) {
      return memory;
    }
    memory.nodes.forgetAll();
    var fresh = new Memory(network, with);
    memories.put(network.key(), fresh);
    return fresh;
  }

  /** What failed is told in the status and tried again; it keeps nothing else from being done. */
  private Outcome pass(BitcoinNetwork network, Memory memory, Permit permit)
      throws IOException, InterruptedException {
    var seen = memory.observer.look(network, memory.round, permit);
    var plan = Plan.of(seen);
    var unsure = Optional.<Trouble>empty();
    try {
      if (plan.createsAnything() && !isNew(network, memory) && !stillThere(network)) {
        // its watch will say so too, and that event is the next look
        return new Outcome.Synced();
      }
    } catch (IOException e) {
      unsure = Optional.of(Trouble.passing(String.valueOf(e.getMessage())));
    }
    memory.created |= plan.createsAnything();
    if (memory.observer.credentials().isPresent()) {
      memory.nodes.carryOut(plan.mesh(), seen.pods(), memory.observer.credentials().get(), permit);
      memory.observer.cured(plan.mesh(), seen.pods());
    }
    memory.round = plan.settling() ? memory.round + 1 : 0;
    var result =
        unsure.isPresent()
            ? new ChildWriter.Result(List.of(), unsure, memory.remark)
            : write(plan, network, memory);
    var failed = result.failed();
    var remark = result.remark().or(() -> seen.budget().flatMap(Observation.Budget::remark));
    tellOf(remark, network, memory);
    var found =
        failed.isPresent() ? StatusOf.of(seen, plan.mesh(), plan.rollout(), failed) : plan.status();
    var status = remark.map(why -> StatusOf.remarked(found, why)).orElse(found);
    var mayPass = failed.filter(Trouble::mayPass).isPresent();
    memory.failures = mayPass ? memory.failures + 1 : 0;
    // what fails once is mostly over at the next try
    var report = failed.isPresent() ? memory.failures != 1 : plan.report();
    var wait =
        report
            ? memory.reporter.report(network.metadata(), network.status(), status)
            : Optional.<Duration>empty();
    var look = lookAgain(plan, wait, memory);
    if (mayPass) {
      return new Outcome.RetryBecause(failed.get().message(), look);
    }
    return look.<Outcome>map(Outcome.LookAgainAfter::new).orElseGet(Outcome.Synced::new);
  }

  /** It never had children that could have been deleted before it. */
  private static boolean isNew(BitcoinNetwork network, Memory memory) {
    return network.status().isEmpty() && !memory.created;
  }

  /**
   * Our cache may not know yet that the network was deleted: what was created then, the garbage
   * collector would delete, and so on.
   */
  private boolean stillThere(BitcoinNetwork network) throws IOException, InterruptedException {
    var request = Requests.get(BitcoinNetwork.RESOURCE, network.key());
    return switch (with.api().send(request, DEADLINE)) {
      case Reply.Success(_, var body) -> {
        var now = Json.read(body.path("metadata"), Meta.class);
        yield now.uid().equals(network.metadata().uid()) && !now.deleting();
      }
      case Reply.Failure failure when failure.code() == 404 -> false;
      case Reply.Failure failure ->
          throw new IOException("the network can't be read: " + failure.text());
    };
  }

  /**
   * Writes what is missing or differs. No pod starts with credentials that no Secret has had.
   *
   * @return why not all was written
   */
  private ChildWriter.Result write(Plan plan, BitcoinNetwork network, Memory memory)
      throws InterruptedException {
    var news = new ArrayList<Note>();
    var unmade = Optional.<Trouble>empty();
    if (plan.makeSecret().isPresent()) {
      var credentials = plan.makeSecret().get();
      var again = memory.secrets.inUse().equals(Optional.of(credentials));
      unmade = memory.secrets.make(network, credentials);
      if (unmade.isPresent() && !again) {
        return new ChildWriter.Result(List.of(), unmade, memory.remark);
      }
      if (unmade.isEmpty()) {
        news.add(made(network, again));
      }
    }
    var result = memory.children.write(plan.writes());
    news.addAll(result.news());
    for (var note : Note.joined(news)) {
      memory.events.write(network.metadata(), note);
    }
    return new ChildWriter.Result(news, unmade.or(result::failed), result.remark());
  }

  /** That a network has no disruption budget is told once: it works without. */
  private void tellOf(Optional<String> remark, BitcoinNetwork network, Memory memory)
      throws InterruptedException {
    if (remark.isPresent() && !remark.equals(memory.remark) && !network.metadata().deleting()) {
      var why = remark.get();
      with.log().warn("no disruption budget", "network", network.metadata().key(), "why", why);
      memory.events.write(network.metadata(), new Note(true, "NoDisruptionBudget", why));
    }
    memory.remark = remark;
  }

  private static Note made(BitcoinNetwork network, boolean again) {
    var secret = "created Secret " + Names.generatedSecret(network.metadata().name());
    var with =
        again ? " again, with the password that the nodes have" : " with a random RPC password";
    return new Note(false, "Created", secret + with);
  }

  private static Optional<Duration> lookAgain(Plan plan, Optional<Duration> wait, Memory memory) {
    var looks = new ArrayList<Duration>();
    plan.lookAgain().ifPresent(looks::add);
    wait.ifPresent(looks::add);
    memory.nodes.nextTry().ifPresent(nanos -> looks.add(Duration.ofNanos(nanos)));
    return looks.stream().min(Duration::compareTo);
  }
}
