package io.bitcoincontroller;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.cache.Budget;
import io.bitcoincontroller.cache.Change;
import io.bitcoincontroller.cache.Reflector;
import io.bitcoincontroller.cache.ReflectorGroup;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiClient;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.network.BudgetSupport;
import io.bitcoincontroller.network.ChangeWords;
import io.bitcoincontroller.network.NetworkReconciler;
import io.bitcoincontroller.network.Owners;
import io.bitcoincontroller.network.Stores;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * All that is watched: for each kind a store, its reflectors, and the way from its changes to the
 * key of a network.
 */
final class Watches {
  private static final Duration ASKED_AGAIN_AFTER = Duration.ofSeconds(1);

  private final Set<String> namespaces;
  private final ApiClient api;
  private final BiConsumer<ObjectKey, Cause> lookAt;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final Metrics metrics;
  private final Recorder recorder;
  private final Log log;
  private final ReflectorGroup group;
  private final Budget budget = Budget.ofHeap();
  private final List<Reflector<?>> reflectors = new ArrayList<>();

  /** Begun only where there are budgets; what troubles them keeps nothing else from working. */
  private final List<Reflector<?>> budgetReflectors = new ArrayList<>();

  private final Thread asker = Thread.ofVirtual().name("budgets").unstarted(this::askForBudgets);
  private volatile BudgetSupport budgetSupport = BudgetSupport.NONE;
  private volatile boolean asks;
  private final Stores stores;

  /** Over when the caches of a namespace are complete. */
  private final CountDownLatch someSynced = new CountDownLatch(1);

  /**
   * Sends nothing before {@link #start}, and asks for no look before {@link #begin}.
   *
   * @param namespaces empty for all
   * @param lookAt takes the key of a network that needs a look; quick
   * @param random safe for many threads
   */
  Watches(
      Set<String> namespaces,
      ApiClient api,
      BiConsumer<ObjectKey, Cause> lookAt,
      Ticker ticker,
      RandomGenerator random,
      Metrics metrics,
      Recorder recorder,
      Log log) {
    this.namespaces = namespaces;
    this.api = api;
    this.lookAt = lookAt;
    this.ticker = ticker;
    this.random = random;
    this.metrics = metrics;
    this.recorder = recorder;
    this.group = new ReflectorGroup(recorder);
    this.log = log;
    metrics.gauge(
        "cache_bytes",
        "Memory that the caches take, and what is kept beside about their objects, about",
        budget::used);
    metrics.gauge("cache_budget_bytes", "Memory that the caches may take", budget::bytes);
    this.stores =
        new Stores(
            watch(
                BitcoinNetwork.RESOURCE,
                "",
                object -> Optional.of(object.metadata().key()),
                network -> network,
                NetworkReconciler::keptOf,
                Owners::concerns),
            watchChildren(Resource.SERVICES, _ -> true),
            watchChildren(Resource.STATEFUL_SETS, Owners::childConcerns),
            watchChildren(Resource.POD_DISRUPTION_BUDGETS, Owners::childConcerns),
            () -> budgetSupport,
            watch(
                Resource.PODS,
                Names.SELECTOR,
                Owners::keyOf,
                Owners::kept,
                _ -> NetworkReconciler.KEPT_OF_POD,
                Owners::podConcerns));
  }

  private Store<StoredObject> watchChildren(
      Resource<StoredObject> resource, Predicate<Change<StoredObject>> concerns) {
    return watch(resource, Names.SELECTOR, Owners::keyOf, Owners::kept, _ -> 0, concerns);
  }

  /** A store, its reflectors, and the way from its changes to the keys of networks. */
  private <T extends KubeObject> Store<T> watch(
      Resource<T> resource,
      String selector,
      Function<T, Optional<ObjectKey>> keyOf,
      UnaryOperator<T> kept,
      ToIntFunction<T> beside,
      Predicate<Change<T>> concerns) {
    var store =
        new Store<T>(resource.plural(), namespaces, keyOf, kept, beside, budget, ticker, log);
    var complete = ConcurrentHashMap.<String>newKeySet();
    store.listen(
        change -> {
          // before that, all is new: the end of the list asks for a look at all networks
          if (complete.contains(namespaces.isEmpty() ? "" : change.key().namespace())) {
            changed(resource, change, keyOf, concerns);
          }
        });
    store.listenUnreadable(
        key ->
            (resource.equals(BitcoinNetwork.RESOURCE) ? Optional.of(key) : Owners.keyOfName(key))
                .ifPresent(network -> ask(network, Cause.of(Cause.Kind.UNREADABLE))));
    var own = reflectors(resource, selector, store, complete);
    var isBudgets = resource.equals(Resource.POD_DISRUPTION_BUDGETS);
    (isBudgets ? budgetReflectors : reflectors).addAll(own);
    var measured = new WatchMetrics(metrics, ticker, resource.plural());
    measured.of(store);
    measured.of(own, () -> !isBudgets || budgetSupport != BudgetSupport.NONE);
    return store;
  }

  /** Hands on the keys, and not the object: a pass looks at the world afresh. */
  private <T extends KubeObject> void changed(
      Resource<T> resource,
      Change<T> change,
      Function<T, Optional<ObjectKey>> keyOf,
      Predicate<Change<T>> concerns) {
    var before = change.before().flatMap(keyOf);
    var after = change.after().flatMap(keyOf);
    var concern = concerns.test(change);
    var number = recorded(resource, change, after.or(() -> before), concern);
    if (concern) {
      var cause = Cause.of(Cause.Kind.CHANGE, number, "");
      before.ifPresent(key -> ask(key, cause));
      after.filter(key -> !before.equals(Optional.of(key))).ifPresent(key -> ask(key, cause));
    }
  }

  private <T extends KubeObject> long recorded(
      Resource<T> resource, Change<T> change, Optional<ObjectKey> network, boolean concerns) {
    return recorder.record(
        "change",
        network.map(ObjectKey::toString).orElse(""),
        json -> {
          json.writeStringField("resource", resource.plural());
          json.writeStringField("object", change.key().toString());
          var type = change.before().isEmpty() ? "ADDED" : "MODIFIED";
          json.writeStringField("type", change.after().isEmpty() ? "DELETED" : type);
          var now = change.after().or(change::before).orElseThrow();
          json.writeStringField("version", now.metadata().resourceVersion());
          json.writeBooleanField("concerns", concerns);
          json.writeStringField("words", Recorder.cut(ChangeWords.of(change)));
        });
  }

  private <T extends KubeObject> List<Reflector<T>> reflectors(
      Resource<T> resource, String selector, Store<T> store, Set<String> complete) {
    var own = new ArrayList<Reflector<T>>();
    for (var namespace : eachNamespace()) {
      own.add(
          new Reflector<>(
              api,
              resource,
              namespace,
              selector,
              store,
              group,
              ticker,
              random,
              log,
              () -> {
                complete.add(namespace);
                synced(namespace);
              }));
    }
    return own;
  }

  /** The empty one, which stands for all, if none are named. */
  private Set<String> eachNamespace() {
    return namespaces.isEmpty() ? Set.of("") : namespaces;
  }

  /** One more kind of this namespace, or of all, is complete: perhaps it was the last of it. */
  private void synced(String namespace) {
    if (stores.synced(namespace)) {
      log.debug("caches of a namespace synced", "namespace", namespace);
      someSynced.countDown();
      // what was looked at too early, or not at all: what the first lists had
      lookAtAll(namespace);
    }
  }

  private void lookAtAll(String namespace) {
    stores.networks().all().stream()
        .map(network -> network.metadata().key())
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .forEach(key -> ask(key, Cause.of(Cause.Kind.SYNCED)));
  }

  /**
   * Asks for a look at all networks, and from now on at each that changes. Until then changes only
   * fill the stores: while another process leads, nobody would take the keys, and those of networks
   * that are long gone would pile up.
   */
  void begin() {
    asks = true;
    eachNamespace().stream().filter(stores::synced).forEach(this::lookAtAll);
    stores.networks().unreadableKeys().forEach(key -> ask(key, Cause.of(Cause.Kind.UNREADABLE)));
  }

  private void ask(ObjectKey key, Cause cause) {
    if (asks) {
      lookAt.accept(key, cause);
    }
  }

  Stores stores() {
    return stores;
  }

  WatchProbes probes() {
    return new WatchProbes(eachNamespace(), stores, reflectors, budgetReflectors);
  }

  void start() {
    // one namespace after the other: the first is served while the last one waits for its turn
    reflectors.stream()
        .sorted(Comparator.comparing(reflector -> reflector.namespace()))
        .forEach(Reflector::start);
    asker.start();
  }

  /** Beside all else: networks work without. */
  private void askForBudgets() {
    try {
      var support = Optional.<BudgetSupport>empty();
      while (support.isEmpty()) {
        try {
          support = Optional.of(BudgetSupport.ask(api, eachNamespace().iterator().next(), log));
        } catch (IOException e) {
          log.debug("the API server does not say whether it has disruption budgets", "why", e);
          Thread.sleep(ASKED_AGAIN_AFTER);
        }
      }
      budgetSupport = support.get();
      if (budgetSupport != BudgetSupport.NONE) {
        budgetReflectors.forEach(Reflector::start);
      }
    } catch (InterruptedException e) {
      // stopped
    } catch (RuntimeException e) {
      log.bug("no disruption budgets", e);
    }
  }

  /** Waits until all caches of a namespace have been complete once. */
  void awaitSynced() throws InterruptedException {
    someSynced.await();
  }

  void stop() throws InterruptedException {
    asker.interrupt();
    asker.join();
    for (var reflector : reflectors) {
      reflector.stop();
    }
    for (var reflector : budgetReflectors) {
      reflector.stop();
    }
  }
}
