package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Spec;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.desired.OldConfigMap;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.mesh.Sides;
import io.bitcoincontroller.nodes.Nodes;
import io.bitcoincontroller.plan.AsRendered;
import io.bitcoincontroller.plan.Chain;
import io.bitcoincontroller.plan.Child;
import io.bitcoincontroller.plan.Forks;
import io.bitcoincontroller.plan.Heights;
import io.bitcoincontroller.plan.Held;
import io.bitcoincontroller.plan.MeshPlan;
import io.bitcoincontroller.plan.NodeView;
import io.bitcoincontroller.plan.Observation;
import io.bitcoincontroller.plan.Ordinals;
import io.bitcoincontroller.plan.Orphans;
import io.bitcoincontroller.plan.Plan;
import io.bitcoincontroller.plan.Reorg;
import io.bitcoincontroller.plan.Rollout;
import io.bitcoincontroller.plan.Rounds;
import io.bitcoincontroller.plan.Unseen;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks at one network: at the cache, at the API server for what the cache can't show, and at the
 * nodes.
 */
final class Observer {
  private final Stores stores;
  private final ChildReader children;
  private final BudgetReader budgets;
  private final Secrets secrets;
  private final Nodes nodes;
  private final SetWarnings warnings;
  private final Ticker ticker;
  private final Heights heights = new Heights();
  private final Forks forks = new Forks();
  private final Rounds rounds = new Rounds();
  private final Newcomers newcomers = new Newcomers();

  /** The nodes are called with these. */
  private Optional<Credentials> credentials = Optional.empty();

  /** What the last plan had nothing to write for. */
  private Optional<AsRendered> asRendered = Optional.empty();

  /** The nodes had these before: pods that are not replaced yet have them still. */
  private Optional<Credentials> before = Optional.empty();

  Observer(
      ApiSender api,
      Stores stores,
      Secrets secrets,
      Nodes nodes,
      SetWarnings warnings,
      RivalReader rivals,
      Ticker ticker) {
    this.stores = stores;
    this.children = new ChildReader(api, ticker);
    this.budgets = new BudgetReader(api, children, rivals, stores, ticker);
    this.secrets = secrets;
    this.nodes = nodes;
    this.warnings = warnings;
    this.ticker = ticker;
  }

  /**
   * All that a pass looks at.
   *
   * @param round how many passes in a row have just changed the mesh
   * @param permit given up while the nodes are waited for
   * @throws IOException if the Secret can't be read and its content is not known yet; or if the
   *     StatefulSet, which tells our pods from others, can't be read
   */
  Observation look(BitcoinNetwork network, int round, Permit permit)
      throws IOException, InterruptedException {
    var name = network.metadata().name();
    var statefulSet = statefulSet(network);
    if (statefulSet instanceof Child.Unreadable(String why) && !network.status().isEmpty()) {
      throw new IOException(why); // or the status would say that all pods are gone
    }
    var secret = secrets.read(network);
    use(secrets.inUse());
    var pods = pods(network, statefulSet);
    var unseen =
        Unseen.of(
            network,
            statefulSet,
            pods,
            unseen(network, statefulSet),
            stores.pods().someOnlyCounted(network.metadata().namespace()));
    keepOnly(pods, unseen);
    var asked = asked(network, statefulSet, pods, unseen, permit);
    heights.hear(pods, askedAsBefore(asked, pods, permit));
    var lastReported = heights.lastReported(pods, unseen, asked, network.status());
    var chain = Chain.of(network, statefulSet, pods, unseen, asked, lastReported);
    var held = Held.of(network, statefulSet, chain);
    var views = new TreeMap<>(asked).headMap(held.nodes());
    var stalled = new HashSet<Integer>();
    for (var side : chain.sides().split(views)) {
      stalled.addAll(heights.stalled(pods, side, ticker.nanos()));
    }
    return new Observation(
        network,
        children.read(network, stores.services(), Resource.SERVICES, Names.service(name)),
        statefulSet,
        oldConfigMap(network, statefulSet, chain),
        budgets.read(network, held.nodes(), permit),
        secret,
        pods,
        held,
        views,
        chain,
        stalled,
        refused(statefulSet, Observation.missing(statefulSet, chain)),
        heights.leaveTaller(pods),
        nodes.judgements(stalled, pods, chain.sides().split(views), credentials, permit),
        reorgs(network, chain.sides(), pods, views, permit),
        nodes.listedAnyway(pods, views),
        rounds.look(network.spec().wiring(), pods, views, ticker.nanos()),
        nodes.restingDials(pods),
        nodes.restingReaches(pods),
        round,
        asRendered);
  }

  private List<Reorg> reorgs(
      BitcoinNetwork network,
      Sides sides,
      Map<Integer, Pod> pods,
      Map<Integer, NodeView> views,
      Permit permit)
      throws InterruptedException {
    if (credentials.isEmpty()) {
      return List.of();
    }
    var moved = forks.look(sides, pods, views, network.status());
    if (moved.isEmpty()) {
      return List.of();
    }
    var reorgs = nodes.reorgs(moved.get(), pods, credentials, permit);
    if (reorgs.isPresent()) {
      forks.told(sides);
    }
    return reorgs.orElse(List.of());
  }

  private Child statefulSet(BitcoinNetwork network) throws InterruptedException {
    var name = Names.statefulSet(network.metadata().name());
    var found = children.read(network, stores.statefulSets(), Resource.STATEFUL_SETS, name);
    if (!(found instanceof Child.Absent)) {
      return found;
    }
    var unreadable = unreadable(network, Spec.MOST_NODES).keySet();
    return Orphans.inTheWay(network, stores.pods().ownedBy(network.key()), unreadable)
        .orElse(found);
  }

  /** Looked for until it is known to be gone: then the StatefulSet names it no longer. */
  private Optional<Child> oldConfigMap(BitcoinNetwork network, Child statefulSet, Chain chain)
      throws InterruptedException {
    if (!(statefulSet instanceof Child.Ours(var stored))
        || !OldConfigMap.mayBeThere(stored)
        || OldConfigMap.isMountedByNewPods(stored)
        || !Rollout.isOver(stored, chain)) {
      return Optional.empty();
    }
    var name = Names.configMap(network.metadata().name());
    return Optional.of(children.ask(network, Resource.CONFIG_MAPS, name));
  }

  private Optional<String> refused(Child statefulSet, Set<Integer> missing)
      throws InterruptedException {
    return statefulSet instanceof Child.Ours(var set)
        ? warnings.look(set.metadata(), !missing.isEmpty())
        : Optional.empty();
  }

  /** The credentials that the nodes are called with; empty if none are known. */
  Optional<Credentials> credentials() {
    return credentials;
  }

  /** When to look again because the first nodes of a new network wait for the others. */
  Optional<Duration> nextLook() {
    return newcomers.nextLook(ticker.nanos());
  }

  /** The next look hands on what this plan leaves to the next one. */
  void planned(Plan plan) {
    asRendered = plan.asRendered();
  }

  /** The next look is as the first one: while none is made, nothing is kept for it. */
  void forgetPlan() {
    asRendered = Optional.empty();
  }

  /** The stalled nodes of this plan have been reconnected; that gets time to work. */
  void reconnected(MeshPlan plan, Map<Integer, Pod> pods) {
    heights.reconnected(plan.reconnected().stream().map(pods::get).toList(), ticker.nanos());
  }

  private void use(Optional<Credentials> now) {
    if (!now.equals(credentials)) {
      before = credentials.isPresent() ? credentials : before;
      credentials = now;
      nodes.forgetAll();
    }
  }

  private Map<Integer, Pod> pods(BitcoinNetwork network, Child statefulSet) {
    var all = stores.pods().ownedBy(network.key()).stream();
    return switch (statefulSet) {
      case Child.Ours(var object) ->
          Ordinals.of(
              network, all.filter(pod -> pod.metadata().ownedBy(object.metadata().uid())).toList());
      case Child.Orphaned _ -> Ordinals.of(network, all.filter(Orphans::isOne).toList());
      default -> Map.of();
    };
  }

  /** The pods that can't be seen, as far as the cache knows their names, and those of nobody. */
  private Map<Integer, Unseen> unseen(BitcoinNetwork network, Child statefulSet) {
    var all = stores.pods().ownedBy(network.key());
    var unseen = new TreeMap<>(Orphans.notTakenOver(network, statefulSet, all));
    unseen.putAll(unreadable(network, Ordinals.end(network, statefulSet)));
    return unseen;
  }

  /** Those below this ordinal that the cache leaves out. */
  private Map<Integer, Unseen> unreadable(BitcoinNetwork network, int end) {
    var unreadable = new TreeMap<Integer, Unseen>();
    for (var ordinal = 0; ordinal < end; ordinal++) {
      var name = Names.pod(network.metadata().name(), ordinal);
      var found = stores.pods().unreadable(new ObjectKey(network.metadata().namespace(), name));
      if (found.isPresent()) {
        unreadable.put(
            ordinal, new Unseen("can't be read (" + found.get().why() + ")", found.get().uid()));
      }
    }
    return unreadable;
  }

  private void keepOnly(Map<Integer, Pod> pods, Map<Integer, Unseen> unseen) {
    var uids = new HashSet<String>();
    pods.values().forEach(pod -> uids.add(pod.metadata().uid()));
    nodes.keepOnly(uids);
    heights.keepOnly(uids, unseen);
    newcomers.keepOnly(uids);
  }

  /** Nodes that are to go are asked too: first their blocks have to be elsewhere. */
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
    var asked = Ordinals.end(network, statefulSet);
    var ready = new TreeMap<>(pods);
    ready.entrySet().removeIf(e -> e.getKey() >= asked || !e.getValue().ready());
    if (newcomers.waits(network, ready.values(), ticker.nanos())) {
      return Map.of();
    }
    var fresh = newcomers.of(network, ready);
    ready.keySet().removeAll(fresh);
    var views = nodes.read(ready, credentials.get(), permit);
    if (views.values().stream().anyMatch(NodeView.Unauthorized.class::isInstance)) {
      secrets.doubt();
    }
    var all = new TreeMap<>(views);
    fresh.forEach(ordinal -> all.put(ordinal, new NodeView.New()));
    unseen.forEach((ordinal, pod) -> all.put(ordinal, new NodeView.Silent("its pod " + pod.why())));
    return all;
  }

  /**
   * Asks pods that still have the credentials of before, since blocks may be mined there. Only
   * their height is used.
   */
  private Map<Integer, NodeView> askedAsBefore(
      Map<Integer, NodeView> asked, Map<Integer, Pod> pods, Permit permit)
      throws InterruptedException {
    var refusing = new TreeMap<>(pods);
    refusing.keySet().removeIf(ordinal -> !(asked.get(ordinal) instanceof NodeView.Unauthorized));
    return before.isEmpty() ? Map.of() : nodes.readAsBefore(refusing, before.get(), permit);
  }
}
