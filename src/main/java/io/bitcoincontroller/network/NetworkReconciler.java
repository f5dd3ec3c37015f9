package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.BitcoinNetwork.Reading;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.controller.Outcome;
import io.bitcoincontroller.controller.Reconciler;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One pass over one network: observe, plan, act, report. */
public final class NetworkReconciler implements Reconciler<ObjectKey> {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** The cache is usually behind our own writes by a few milliseconds. */
  private static final Duration CATCH_UP = Duration.ofMillis(10);

  /**
   * Who is in contact with what.
   *
   * @param instance name of this process, as events show it
   * @param lookAt asks for a pass over a network
   * @param random safe for many threads
   */
  public record Surroundings(
      ApiServer api,
      BitcoindClient bitcoind,
      Stores stores,
      String instance,
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

    Memory(Meta network, Surroundings with) {
      var key = network.key();
      uid = network.uid();
      secrets = new Secrets(with.api(), with.ticker());
      calls =
          new NodeCalls(
              key,
              with.bitcoind(),
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
    if (!caughtUp(key)) {
      return new Outcome.LookAgainAfter(CATCH_UP);
    }
    var memory = memory(network.metadata());
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
    if (plan.makeSecret()) {
      memory.secrets.make(network);
      memory.reporter.event(
          network.metadata(),
          new Note(false, "CredentialsGenerated", "made a Secret with a random RPC password"));
    }
    var refused = write(plan.writes(), network, memory);
    memory.round = plan.settling() ? memory.round + 1 : 0;
    var status = refused.isPresent() ? StatusOf.of(seen, plan.mesh(), refused) : plan.status();
    var numbers =
        plan.report() || refused.isPresent()
            ? memory.reporter.report(network.metadata(), network.status(), status)
            : Optional.<Duration>empty();
    return refused.isPresent()
        ? new Outcome.InvalidBecause(refused.get().message())
        : lookAgain(plan, numbers, memory);
  }

  /**
   * Asked of the API server itself: the watches are not in step, and of a deleted network the
   * objects' end may be seen before its own. They would be made again, and pods with them.
   */
  private boolean stillThere(BitcoinNetwork network) throws IOException, InterruptedException {
    return switch (with.api()
        .send(Requests.get(BitcoinNetwork.RESOURCE, network.key()), DEADLINE)) {
      case Reply.Success(_, var body) -> {
        var now = Json.convert(body, StoredObject.class).metadata();
        yield now.uid().equals(network.metadata().uid()) && !now.deleting();
      }
      case Reply.Failure failure when failure.code() == 404 -> false;
      case Reply.Failure failure ->
          throw new IOException("the network can't be read: " + failure.text());
    };
  }

  private static Outcome lookAgain(Plan plan, Optional<Duration> numbers, Memory memory) {
    var looks = new ArrayList<Duration>();
    plan.lookAgain().ifPresent(looks::add);
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
      throws IOException, InterruptedException {
    var key = child(network.key(), name);
    var cached = store.get(key);
    if (cached.isPresent()) {
      return judge(network, resource, cached.get());
    }
    return switch (with.api().send(Requests.get(resource, key), DEADLINE)) {
      case Reply.Success(_, var body) ->
          judge(network, resource, Json.convert(body, StoredObject.class));
      case Reply.Failure failure when failure.code() == 404 -> new Child.Absent();
      case Reply.Failure failure ->
          throw new IOException(resource.kind() + " " + key + " can't be read: " + failure.text());
    };
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
   * Applies what differs.
   *
   * @return what the API server refused for good
   * @throws IOException for what may go well the next time
   */
  private Optional<Trouble> write(List<Plan.Write> writes, BitcoinNetwork network, Memory memory)
      throws IOException, InterruptedException {
    var refused = Optional.<Trouble>empty();
    for (var write : writes) {
      switch (with.api().send(write.request(), DEADLINE)) {
        case Reply.Success(_, var body) ->
            written(write, network, memory, Json.convert(body, StoredObject.class));
        case Reply.Failure failure when failure.code() == 403 || failure.code() == 422 ->
            refused =
                Optional.of(
                    new Trouble(
                        failure.code() == 403 ? "Forbidden" : "Refused",
                        "the API server refuses "
                            + write.resource().kind()
                            + " "
                            + write.key().name()
                            + ": "
                            + failure.text()));
        case Reply.Failure failure ->
            throw new IOException(
                write.resource().kind()
                    + " "
                    + write.key()
                    + " can't be applied: "
                    + failure.text());
      }
    }
    return refused;
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
