package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.OwnerReference;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.network.Observation.Budget;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks at one network: at the cache, at the API server where the cache can't tell, at the nodes.
 */
final class Observer {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private static final Duration RIVAL_FOR = Duration.ofMinutes(5);

  /** Of more pods that it can't show, a namespace's cache does not know the names of all. */
  private static final int MOST_NAMED = 1000;

  private final ApiSender api;
  private final Stores stores;
  private final Secrets secrets;
  private final NodeCalls calls;
  private final SetWarnings warnings;
  private final Ticker ticker;
  private final Heights heights = new Heights();
  private Optional<Credentials> credentials = Optional.empty();

  /** Which were in use before: pods that are not replaced yet have them. */
  private Optional<Credentials> before = Optional.empty();

  /** Somebody else's budget over the pods, as it was when it was looked for. */
  private Optional<String> rival = Optional.empty();

  private long rivalUntil;

  Observer(
      ApiSender api,
      Stores stores,
      Secrets secrets,
      NodeCalls calls,
      SetWarnings warnings,
      Ticker ticker) {
    this.api = api;
    this.stores = stores;
    this.secrets = secrets;
    this.calls = calls;
    this.warnings = warnings;
    this.ticker = ticker;
  }

  /**
   * All that a pass looks at.
   *
   * @param round how many passes in a row have just changed the mesh
   * @param permit given up while the nodes are waited for
   * @throws IOException if the Secret can't be read and its content is not known yet; or if the
   *     StatefulSet can't, by which our pods are known
   */
  Observation look(BitcoinNetwork network, int round, Permit permit)
      throws IOException, InterruptedException {
    var name = network.metadata().name();
    var statefulSet = statefulSet(network);
    if (statefulSet instanceof Child.Unreadable(String why) && !network.status().isEmpty()) {
      throw new IOException(why); // rather than to tell of pods that were gone
    }
    var secret = secrets.read(network);
    use(secrets.inUse());
    var pods = pods(network, statefulSet);
    var unseen =
        Unseen.of(
            network,
            statefulSet,
            pods,
            stores.pods()::unreadable,
            stores.pods().unreadable() > MOST_NAMED);
    keepOnly(pods, unseen);
    var asked = asked(network, statefulSet, pods, unseen, permit);
    heights.hear(pods, askedAsBefore(asked, pods, permit));
    var told = heights.lastTold(pods, unseen, asked, network.status());
    var chain = Chain.of(network, pods, unseen, asked, told);
    var held = Held.of(network, statefulSet, chain);
    var views = new TreeMap<>(asked).headMap(held.nodes());
    var stalled = heights.stalled(pods, views, ticker.nanos());
    return new Observation(
        network,
        child(network, stores.services(), Resource.SERVICES, Names.service(name)),
        child(network, stores.configMaps(), Resource.CONFIG_MAPS, Names.configMap(name)),
        statefulSet,
        budget(network),
        secret,
        pods,
        held,
        views,
        chain,
        stalled,
        refused(statefulSet, Observation.missing(statefulSet, chain)),
        heights.uncured(pods),
        calls.judgements(stalled, pods, views, credentials, permit),
        calls.listedAnyway(pods, views),
        dial -> calls.mayDial(pods, dial),
        reach -> calls.mayReach(pods, reach),
        round);
  }

  private Child statefulSet(BitcoinNetwork network) throws InterruptedException {
    var name = Names.statefulSet(network.metadata().name());
    var found = child(network, stores.statefulSets(), Resource.STATEFUL_SETS, name);
    return found instanceof Child.Absent
        ? Orphans.inTheWay(network, stores.pods().ownedBy(network.key())).orElse(found)
        : found;
  }

  /** One that is not wanted any more is known by the cache: it is ours. */
  private Optional<Budget> budget(BitcoinNetwork network) throws InterruptedException {
    var support = stores.budgetSupport().get();
    if (support == BudgetSupport.NONE || !stores.budgets().synced(network.metadata().namespace())) {
      return Optional.empty();
    }
    var name = Names.disruptionBudget(network.metadata().name());
    var key = new ObjectKey(network.metadata().namespace(), name);
    if (!network.spec().disruptionBudget() && stores.budgets().get(key).isEmpty()) {
      return Optional.empty();
    }
    var child = child(network, stores.budgets(), Resource.POD_DISRUPTION_BUDGETS, name);
    if (!network.spec().disruptionBudget() && !(child instanceof Child.Ours)) {
      return Optional.empty();
    }
    var withPolicy = support == BudgetSupport.WITH_EVICTION_POLICY;
    if (!(child instanceof Child.Absent)) {
      rival = Optional.empty();
      return Optional.of(new Budget(child, withPolicy, rival));
    }
    return Optional.of(lookForRival(network, name, withPolicy));
  }

  private Budget lookForRival(BitcoinNetwork network, String own, boolean withPolicy)
      throws InterruptedException {
    if (rival.isPresent() && ticker.nanos() - rivalUntil < 0) {
      return new Budget(new Child.Absent(), withPolicy, rival);
    }
    rivalUntil = ticker.nanos() + RIVAL_FOR.toNanos();
    var all =
        Requests.collection(
            Resource.POD_DISRUPTION_BUDGETS, network.metadata().namespace(), Map.of());
    var labels = Names.labels(network.metadata().name());
    var unreadable = "the namespace's PodDisruptionBudgets can't be read: ";
    try {
      return switch (api.send(all, DEADLINE)) {
        case Reply.Success(_, var list) -> {
          rival = Rivals.first(list, own, labels);
          yield new Budget(new Child.Absent(), withPolicy, rival);
        }
        case Reply.Failure failure ->
            new Budget(
                new Child.Unreadable(unreadable + failure.text()), withPolicy, Optional.empty());
      };
    } catch (IOException e) {
      return new Budget(new Child.Unreadable(unreadable + e), withPolicy, Optional.empty());
    }
  }

  private Optional<String> refused(Child statefulSet, Set<Integer> missing)
      throws InterruptedException {
    return statefulSet instanceof Child.Ours(var set)
        ? warnings.look(set.metadata(), !missing.isEmpty())
        : Optional.empty();
  }

  /** The credentials that the nodes are talked to with; empty if there are none. */
  Optional<Credentials> credentials() {
    return credentials;
  }

  /** What a pass did for nodes that had not grown gets time to work. */
  void cured(MeshPlan plan, Map<Integer, Pod> pods) {
    heights.cured(plan.cured().stream().map(pods::get).toList(), ticker.nanos());
  }

  private void use(Optional<Credentials> now) {
    if (!now.equals(credentials)) {
      before = credentials.isPresent() ? credentials : before;
      credentials = now;
      calls.forgetAll();
    }
  }

  private Map<Integer, Pod> pods(BitcoinNetwork network, Child statefulSet) {
    var owner = statefulSet instanceof Child.Ours(var object) ? object.metadata().uid() : "nobody";
    return Observation.byOrdinal(
        network.metadata().name(),
        stores.pods().ownedBy(network.key()).stream()
            .filter(pod -> pod.metadata().ownedBy(owner))
            .toList());
  }

  private void keepOnly(Map<Integer, Pod> pods, Map<Integer, Unseen> unseen) {
    var uids = new HashSet<String>();
    pods.values().forEach(pod -> uids.add(pod.metadata().uid()));
    calls.keepOnly(uids);
    heights.keepOnly(uids, unseen);
  }

  /** Those that are to go are asked too: before they may, their blocks have to be elsewhere. */
  private Map<Integer, NodeView> asked(
      BitcoinNetwork network,
      Child statefulSet,
      Map<Integer, Pod> pods,
      Map<Integer, Unseen> unseen,
      Permit permit)
      throws InterruptedException {
    if (credentials.isEmpty()) {
      return Map.of();
    }
    var present = statefulSet instanceof Child.Ours(var object) ? Children.replicas(object) : 0;
    var asked = Math.max(network.spec().nodes(), present);
    var ready = new TreeMap<>(pods);
    ready.entrySet().removeIf(e -> e.getKey() >= asked || !e.getValue().ready());
    var views = calls.read(ready, credentials.get(), permit);
    if (views.values().stream().anyMatch(NodeView.Unauthorized.class::isInstance)) {
      secrets.doubt();
    }
    var all = new TreeMap<>(views);
    unseen.forEach(
        (ordinal, pod) -> all.put(ordinal, new NodeView.Silent("unreadable: " + pod.why())));
    return all;
  }

  /**
   * Pods wait for a changed Secret, and blocks are mined there meanwhile. All that is used of what
   * they say is how many: what is told them needs the credentials of today.
   */
  private Map<Integer, NodeView> askedAsBefore(
      Map<Integer, NodeView> asked, Map<Integer, Pod> pods, Permit permit)
      throws InterruptedException {
    var deaf = new TreeMap<>(pods);
    deaf.keySet().removeIf(ordinal -> !(asked.get(ordinal) instanceof NodeView.Unauthorized));
    return deaf.isEmpty() || before.isEmpty()
        ? Map.of()
        : calls.readDeaf(deaf, before.get(), permit);
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
    var key = new ObjectKey(network.metadata().namespace(), name);
    var cached = store.get(key);
    if (cached.isPresent()) {
      return judge(network, resource, cached.get());
    }
    var what = resource.kind() + " " + name;
    try {
      return switch (api.send(Requests.get(resource, key), DEADLINE)) {
        case Reply.Success(_, var body) ->
            judge(network, resource, Json.read(body, StoredObject.class));
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
    var what = resource.kind() + " " + found.metadata().name();
    var controller = found.metadata().controllerOwner();
    if (controller.filter(o -> predecessor(o, network)).isPresent()) {
      return new Child.Leftover(what);
    }
    var owner =
        controller
            .map(o -> o.kind() + " " + o.name() + " (UID " + o.uid() + ")")
            .orElse("nobody that this controller knows");
    return new Child.Foreign(what, owner);
  }

  static boolean predecessor(OwnerReference owner, BitcoinNetwork network) {
    return owner.kind().equals(BitcoinNetwork.RESOURCE.kind())
        && owner.name().equals(network.metadata().name())
        && !owner.uid().equals(network.metadata().uid());
  }
}
