package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.BitcoinNetwork.Reading;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.controller.Outcome;
import io.bitcoincontroller.controller.Reconciler;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One pass over one network: observe, plan, act, report. */
public final class NetworkReconciler implements Reconciler<ObjectKey> {
  /** Reason of a trouble that may be over by itself. */
  private static final String RETRY = "WriteFailed";

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /**
   * The cache is usually behind our own writes by a few milliseconds; more where a watch is down.
   */
  private static final Backoff CATCH_UP =
      new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1), 0.2);

  /** What the API server refused is not sent again for so long, unless it became something else. */
  private static final Duration REFUSED_FOR = Duration.ofMinutes(5);

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
    final NodeCalls calls;
    final Reporter reporter;
    Optional<Credentials> credentials = Optional.empty();
    int round;

    /** Looks in a row that found the cache behind our own writes. */
    int behind;

    final Map<ObjectKey, Refusal> refusals = new HashMap<>();

    Memory(Meta network, Surroundings with) {
      var key = network.key();
      uid = network.uid();
      secrets = new Secrets(with.api(), with.ticker());
      calls =
          new NodeCalls(
              key,
              with.bitcoind(),
              with.mayAct(),
              with.ticker(),
              with.random(),
              with.log(),
              () -> with.lookAt().accept(key));
      reporter =
          new Reporter(
              with.api(),
              with.stores().networks(),
              with.instance(),
              with.ticker(),
              with.wallClock(),
              with.log());
    }
  }

  /**
   * A write that the API server did not take.
   *
   * @param request what it was: the same one would be refused again
   */
  private record Refusal(ApiRequest request, Trouble why, long at) {}

  private final Surroundings with;
  private final Map<ObjectKey, Memory> memories = new ConcurrentHashMap<>();

  public NetworkReconciler(Surroundings with) {
    this.with = with;
  }

  @Override
  public Outcome reconcile(ObjectKey key) throws IOException, InterruptedException {
    var stored = with.stores().networks().get(key);
    if (stored.isEmpty()) {
      memories.remove(key);
      return new Outcome.Gone();
    }
    var network = stored.get();
    if (network.metadata().deleting()) {
      // the children go by their owner references; to write now would bring them back
      return new Outcome.Synced();
    }
    var memory = memory(network.metadata());
    if (!caughtUp(key)) {
      memory.behind++;
      return new Outcome.LookAgainAfter(
          Duration.ofNanos(CATCH_UP.nanos(memory.behind, with.random().nextDouble())));
    }
    memory.behind = 0;
    return switch (BitcoinNetwork.read(network)) {
      case Reading.Valid(var valid) -> pass(valid, memory);
      case Reading.Invalid(var problems) -> {
        var before = network.content().path("status");
        memory.reporter.reportInvalid(network.metadata(), before, problems);
        yield new Outcome.InvalidBecause(String.join("; ", problems));
      }
    };
  }

  /** Acting on a state older than our own last write would do it again, or undo it. */
  private boolean caughtUp(ObjectKey key) {
    var stores = with.stores();
    return stores.networks().caughtUp(key)
        && stores.services().caughtUp(child(key, Names.service(key.name())))
        && stores.configMaps().caughtUp(child(key, Names.configMap(key.name())))
        && stores.statefulSets().caughtUp(child(key, Names.statefulSet(key.name())));
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
    var fresh = new Memory(network, with);
    memories.put(network.key(), fresh);
    return fresh;
  }

  /** What failed is told in the status and tried again; it keeps nothing else from being done. */
  private Outcome pass(BitcoinNetwork network, Memory memory)
      throws IOException, InterruptedException {
    var seen = observe(network, memory);
    var plan = Plan.of(seen);
    if (plan.createsAnything() && !stillThere(network)) {
      // its watch will say so too, and that event is the next look
      return new Outcome.Synced();
    }
    if (memory.credentials.isPresent()) {
      memory.calls.act(plan.mesh(), seen.pods(), memory.credentials.get());
    }
    memory.round = plan.settling() ? memory.round + 1 : 0;
    var failed = write(plan, network, memory);
    var status = failed.isPresent() ? StatusOf.of(seen, plan.mesh(), failed) : plan.status();
    var numbers =
        plan.report() || failed.isPresent()
            ? memory.reporter.report(network.metadata(), network.status(), status)
            : Optional.<Duration>empty();
    return failed.filter(why -> why.reason().equals(RETRY)).isPresent()
        ? new Outcome.RetryBecause(failed.get().message())
        : lookAgain(plan, failed.isPresent(), numbers, memory);
  }

  /**
   * Our cache may not know yet that the network was deleted: what was created then, the garbage
   * collector would delete, and so on.
   */
  private boolean stillThere(BitcoinNetwork network) throws IOException, InterruptedException {
    var request = Requests.get(BitcoinNetwork.RESOURCE, network.key());
    return switch (with.api().send(request, DEADLINE)) {
      case Reply.Success(_, var body) -> {
        var now = Json.convert(body, StoredObject.class).metadata();
        yield now.uid().equals(network.metadata().uid()) && !now.deleting();
      }
      case Reply.Failure failure when failure.code() == 404 -> false;
      case Reply.Failure failure ->
          throw new IOException("the network can't be read: " + failure.text());
    };
  }

  private static Outcome lookAgain(
      Plan plan, boolean failed, Optional<Duration> numbers, Memory memory) {
    var looks = new ArrayList<Duration>();
    // a Secret that can't be made is no reason to try again at once
    plan.lookAgain()
        .map(look -> failed && look.isZero() ? Plan.UNTIL_HELPED : look)
        .ifPresent(looks::add);
    numbers.ifPresent(looks::add);
    memory.calls.nextTry().ifPresent(nanos -> looks.add(Duration.ofNanos(nanos)));
    return looks.stream()
        .min(Duration::compareTo)
        .<Outcome>map(Outcome.LookAgainAfter::new)
        .orElseGet(Outcome.Synced::new);
  }

  private Observation observe(BitcoinNetwork network, Memory memory)
      throws IOException, InterruptedException {
    var key = network.key();
    var name = network.metadata().name();
    var stores = with.stores();
    var statefulSet =
        child(network, stores.statefulSets(), Resource.STATEFUL_SETS, Names.statefulSet(name));
    var secret = memory.secrets.read(network);
    var credentials =
        secret instanceof SecretState.Usable(var usable)
            ? Optional.of(usable)
            : Optional.<Credentials>empty();
    if (!credentials.equals(memory.credentials)) {
      memory.credentials = credentials;
      memory.calls.forgetAll();
    }
    var owner = statefulSet instanceof Child.Ours(var object) ? object.metadata().uid() : "nobody";
    var pods =
        Observation.byOrdinal(
            name,
            stores.pods().ownedBy(key).stream()
                .filter(pod -> pod.metadata().ownedBy(owner))
                .toList());
    memory.calls.keepOnly(pods.values());
    return new Observation(
        network,
        child(network, stores.services(), Resource.SERVICES, Names.service(name)),
        child(network, stores.configMaps(), Resource.CONFIG_MAPS, Names.configMap(name)),
        statefulSet,
        secret,
        pods,
        views(network, pods, memory),
        dial -> memory.calls.mayDial(pods, dial),
        memory.round);
  }

  private static Map<Integer, NodeView> views(
      BitcoinNetwork network, Map<Integer, Pod> pods, Memory memory) throws InterruptedException {
    if (memory.credentials.isEmpty()) {
      return Map.of();
    }
    var ready = new TreeMap<>(pods);
    ready.entrySet().removeIf(e -> e.getKey() >= network.spec().nodes() || !e.getValue().ready());
    var views = memory.calls.read(ready, memory.credentials.get());
    if (views.values().stream().anyMatch(NodeView.Unauthorized.class::isInstance)) {
      memory.secrets.doubt();
    }
    return views;
  }

  /**
   * The cache shows only what carries our labels, so what it lacks is asked of the API server: an
   * apply over somebody else's object would make it ours, and deleting the network would delete it.
   */
  private Child child(
      BitcoinNetwork network,
      Store<StoredObject> store,
      Resource<StoredObject> resource,
      String name)
      throws InterruptedException {
    var key = child(network.key(), name);
    var cached = store.get(key);
    if (cached.isPresent()) {
      return judge(network, resource, cached.get());
    }
    var what = resource.kind() + " " + name;
    try {
      return switch (with.api().send(Requests.get(resource, key), DEADLINE)) {
        case Reply.Success(_, var body) ->
            judge(network, resource, Json.convert(body, StoredObject.class));
        case Reply.Failure failure when failure.code() == 404 -> new Child.Absent();
        case Reply.Failure failure ->
            new Child.Unreadable(what + " can't be read: " + failure.text());
      };
    } catch (IOException e) {
      return new Child.Unreadable(what + " can't be read: " + e);
    }
  }

  private static Child judge(BitcoinNetwork network, Resource<?> resource, StoredObject found) {
    if (found.metadata().ownedBy(network.metadata().uid())) {
      return new Child.Ours(found);
    }
    var owner =
        found
            .metadata()
            .controllerOwner()
            .map(o -> o.kind() + " " + o.name() + " (UID " + o.uid() + ")")
            .orElse("nobody that this controller knows");
    return new Child.Foreign(resource.kind() + " " + found.metadata().name(), owner);
  }

  /**
   * Writes what is missing or differs.
   *
   * @return why not all was written
   */
  private Optional<Trouble> write(Plan plan, BitcoinNetwork network, Memory memory)
      throws InterruptedException {
    try {
      var failed =
          plan.makeSecret()
              ? memory.secrets.make(network, memory.reporter)
              : Optional.<Trouble>empty();
      for (var write : plan.writes()) {
        var why = apply(write, network, memory);
        failed = why.isPresent() ? why : failed;
      }
      return failed;
    } catch (IOException e) {
      return Optional.of(new Trouble(RETRY, "the API server can't be reached: " + e));
    }
  }

  private Optional<Trouble> apply(Plan.Write write, BitcoinNetwork network, Memory memory)
      throws IOException, InterruptedException {
    var now = with.ticker().nanos();
    var before = Optional.ofNullable(memory.refusals.get(write.key()));
    if (before.isPresent()
        && before.get().request().equals(write.request())
        && now - before.get().at() < REFUSED_FOR.toNanos()) {
      return before.map(Refusal::why);
    }
    memory.refusals.remove(write.key());
    var what = write.resource().kind() + " " + write.key().name();
    return switch (with.api().send(write.request(), DEADLINE)) {
      case Reply.Success(_, var body) -> {
        written(write, network, memory, Json.convert(body, StoredObject.class));
        yield Optional.empty();
      }
      case Reply.Failure failure when List.of(400, 403, 422).contains(failure.code()) -> {
        var why =
            new Trouble(
                failure.code() == 403 ? "Forbidden" : "Refused",
                "the API server refuses " + what + ": " + failure.text());
        memory.refusals.put(write.key(), new Refusal(write.request(), why, now));
        with.log().warn("refused", "network", network.key(), "why", why.message());
        yield Optional.of(why);
      }
      case Reply.Failure failure ->
          Optional.of(new Trouble(RETRY, what + " can't be applied: " + failure.text()));
    };
  }

  private void written(Plan.Write write, BitcoinNetwork network, Memory memory, StoredObject now)
      throws InterruptedException {
    store(write.resource()).expect(write.key(), now.metadata().resourceVersion());
    var what = write.resource().kind() + " " + write.key().name();
    with.log()
        .info(write.creates() ? "created" : "changed", "network", network.key(), "object", what);
    memory.reporter.event(
        network.metadata(),
        new Note(
            false,
            write.creates() ? "Created" : "Changed",
            (write.creates() ? "created " : "made as the spec wants it: ") + what));
  }

  private Store<StoredObject> store(Resource<StoredObject> resource) {
    if (resource.equals(Resource.SERVICES)) {
      return with.stores().services();
    }
    return resource.equals(Resource.CONFIG_MAPS)
        ? with.stores().configMaps()
        : with.stores().statefulSets();
  }
}
