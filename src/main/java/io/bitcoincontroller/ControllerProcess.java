package io.bitcoincontroller;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.cache.Budget;
import io.bitcoincontroller.cache.Change;
import io.bitcoincontroller.cache.Reflector;
import io.bitcoincontroller.cache.ReflectorGroup;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.controller.Controller;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.leader.LeaderElector;
import io.bitcoincontroller.network.BudgetSupport;
import io.bitcoincontroller.network.NetworkReconciler;
import io.bitcoincontroller.network.Owners;
import io.bitcoincontroller.network.Stores;
import io.bitcoincontroller.network.Surroundings;
import io.bitcoincontroller.observe.Check;
import io.bitcoincontroller.observe.HealthServer;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.timing.Ticker;
import io.bitcoincontroller.workqueue.RetryLimits;
import io.bitcoincontroller.workqueue.WorkQueue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** All parts of a running controller, wired: reflectors, stores, queue, workers, probes. */
final class ControllerProcess implements AutoCloseable {
  /** Together with the kubelet's grace period of 30 s: work in hand is finished or given up. */
  private static final Duration WORK_IN_HAND = Duration.ofSeconds(20);

  private static final Duration RELEASE = Duration.ofSeconds(5);

  /** A probe names so many namespaces that are in trouble: nobody would read a thousand. */
  private static final int NAMED = 3;

  private static final Duration ASKED_AGAIN_AFTER = Duration.ofSeconds(1);

  /** Asked afresh each time: ThreadLocalRandom must not be handed from thread to thread. */
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

  private final Config config;
  private final String instance = name();
  private final ApiServer api;
  private final Log log;
  private final WorkQueue<ObjectKey> queue =
      new WorkQueue<>(Ticker.SYSTEM, RetryLimits.DEFAULT, RANDOM);
  private final Metrics metrics;
  private final List<Reflector<?>> reflectors = new ArrayList<>();

  /** Begun only where there are budgets; what troubles them keeps nothing else from working. */
  private final List<Reflector<?>> budgetReflectors = new ArrayList<>();

  private final ReflectorGroup group = new ReflectorGroup();
  private final Budget budget = Budget.ofHeap();
  private final Stores stores;
  private final Controller<ObjectKey> controller;
  private final HealthServer http;
  private final Optional<LeaderElector> elector;
  private final Runnable lost;
  private final Thread starter = Thread.ofVirtual().name("start").unstarted(this::startWhenSynced);
  private final Thread asker = Thread.ofVirtual().name("budgets").unstarted(this::askForBudgets);

  /** Over when the caches of a namespace are complete. */
  private final CountDownLatch someSynced = new CountDownLatch(1);

  private volatile BudgetSupport budgetSupport = BudgetSupport.NONE;
  private volatile boolean working;

  /** Why the workers can't begin: our bug. */
  private volatile String startFailed = "";

  /** The workers have ended; calls that outlasted their pass must not go on either. */
  private volatile boolean finished;

  /**
   * Takes the HTTP port; nothing else happens before {@link #start}.
   *
   * @param lease where leadership is decided; empty: this process works alone
   * @param lost run when the lease was lost and the work has stopped
   */
  ControllerProcess(
      Config config,
      ApiServer api,
      BitcoindClient bitcoind,
      Optional<ObjectKey> lease,
      Runnable lost,
      Metrics metrics,
      Log log)
      throws IOException {
    this.config = config;
    this.api = api;
    this.metrics = metrics;
    this.log = log;
    this.lost = lost;
    this.elector = lease.map(this::elector);
    metrics.gauge("cache_bytes", "Memory that the caches take, about", budget::used);
    metrics.gauge("cache_budget_bytes", "Memory that the caches may take", budget::bytes);
    this.stores =
        new Stores(
            watch(
                BitcoinNetwork.RESOURCE,
                "",
                object -> Optional.of(object.metadata().key()),
                network -> network,
                Owners::concerns),
            watch(Resource.SERVICES, Names.SELECTOR, Owners::keyOf, Owners::kept, _ -> true),
            watch(Resource.CONFIG_MAPS, Names.SELECTOR, Owners::keyOf, Owners::kept, _ -> true),
            watch(
                Resource.STATEFUL_SETS,
                Names.SELECTOR,
                Owners::keyOf,
                Owners::kept,
                Owners::childConcerns),
            watch(
                Resource.POD_DISRUPTION_BUDGETS,
                Names.SELECTOR,
                Owners::keyOf,
                Owners::kept,
                Owners::childConcerns),
            () -> budgetSupport,
            watch(Resource.PODS, Names.SELECTOR, Owners::keyOf, Owners::kept, Owners::podConcerns));
    var workLog = log.onlyWhile(this::mayAct);
    var reconciler =
        new NetworkReconciler(
            new Surroundings(
                this::send,
                bitcoind,
                stores,
                instance,
                this::mayAct,
                queue::add,
                Ticker.SYSTEM,
                Instant::now,
                RANDOM,
                workLog));
    var settings =
        new Controller.Settings(
            config.workers(),
            Controller.Settings.DEFAULT.deadline(),
            Controller.Settings.DEFAULT.period());
    this.controller =
        new Controller<>(
            "bitcoinnetwork", queue, reconciler, settings, Ticker.SYSTEM, RANDOM, workLog, metrics);
    this.http =
        new HealthServer(
            config.bindAddress(),
            List.of(
                new Check("watches", this::stuck),
                new Check("election", this::electionEnded),
                new Check("start", () -> Optional.of(startFailed).filter(t -> !t.isEmpty()))),
            List.of(new Check("caches", this::notSynced), new Check("watches", this::troubled)),
            metrics,
            log);
  }

  /** Unique for each start; begins with the pod's name where there is one. */
  private static String name() {
    var host = System.getenv().getOrDefault("HOSTNAME", "bitcoin-controller");
    return host + "_" + Long.toHexString(RANDOM.nextLong());
  }

  private LeaderElector elector(ObjectKey lease) {
    var listener =
        new LeaderElector.Listener() {
          @Override
          public void started() {
            controller.start();
          }

          @Override
          public void stopped() throws InterruptedException {
            controller.stop(WORK_IN_HAND);
            lost.run();
          }
        };
    return new LeaderElector(
        lease,
        instance,
        config.leaseTimes(),
        api,
        listener,
        Ticker.SYSTEM,
        Instant::now,
        RANDOM,
        log,
        metrics);
  }

  /**
   * A process that has stopped, or was frozen past its lease, must not act on what it knew before.
   */
  private boolean mayAct() {
    return !finished && elector.map(LeaderElector::leads).orElse(true);
  }

  private Reply send(ApiRequest request, Duration deadline)
      throws IOException, InterruptedException {
    if (!mayAct()) {
      throw new IOException("not the leader any more: not sent: " + request);
    }
    return api.send(request, deadline);
  }

  /** A store, its reflectors, and the way from its changes into the queue. */
  private <T extends KubeObject> Store<T> watch(
      Resource<T> resource,
      String selector,
      Function<T, Optional<ObjectKey>> keyOf,
      UnaryOperator<T> kept,
      Predicate<Change<T>> concerns) {
    var store =
        new Store<T>(
            resource.plural(), config.namespaces(), keyOf, kept, budget, Ticker.SYSTEM, log);
    store.listenUnreadable(
        key ->
            (resource.equals(BitcoinNetwork.RESOURCE) ? Optional.of(key) : Owners.keyOfName(key))
                .ifPresent(queue::add));
    metrics.gauge(
        "cache_unreadable_objects",
        "Objects that can't be read, or for which there is no room",
        store::unreadable,
        "resource",
        resource.plural());
    store.listen(
        change -> {
          if (concerns.test(change)) {
            change.before().flatMap(keyOf).ifPresent(queue::add);
            change.after().flatMap(keyOf).ifPresent(queue::add);
          }
        });
    metrics.counter(
        "cache_writes_never_seen_total",
        "Own writes that the watch has not shown in time",
        store::writesNeverSeen,
        "resource",
        resource.plural());
    var own = new ArrayList<Reflector<T>>();
    for (var namespace : namespaces()) {
      own.add(
          new Reflector<>(
              api,
              resource,
              namespace,
              selector,
              store,
              group,
              Ticker.SYSTEM,
              RANDOM,
              log,
              () -> synced(namespace)));
    }
    var isBudgets = resource.equals(Resource.POD_DISRUPTION_BUDGETS);
    (isBudgets ? budgetReflectors : reflectors).addAll(own);
    BooleanSupplier watched = () -> !isBudgets || budgetSupport != BudgetSupport.NONE;
    // the oldest of all namespaces: there may be a thousand
    metrics.gauge(
        "watch_last_byte_age_seconds",
        "Time since the last byte of the watch",
        () -> watched.getAsBoolean() ? ageSeconds(own, Reflector::lastByteNanos) : 0,
        "resource",
        resource.plural());
    metrics.gauge(
        "cache_proved_age_seconds",
        "Time since the cache was last known to be as new as the API server",
        () -> watched.getAsBoolean() ? ageSeconds(own, Reflector::provedNanos) : 0,
        "resource",
        resource.plural());
    return store;
  }

  private static <T extends KubeObject> double ageSeconds(
      List<Reflector<T>> of, ToLongFunction<Reflector<T>> moment) {
    var now = Ticker.SYSTEM.nanos();
    return of.stream().mapToLong(reflector -> now - moment.applyAsLong(reflector)).max().orElse(0)
        / 1e9;
  }

  /** Empty for all of them. */
  private Set<String> namespaces() {
    return config.namespaces().isEmpty() ? Set.of("") : config.namespaces();
  }

  /** One more kind of this namespace, or of all, is complete: perhaps it was the last of it. */
  private void synced(String namespace) {
    if (stores.synced(namespace)) {
      log.debug("caches of a namespace synced", "namespace", namespace);
      someSynced.countDown();
      // what was looked at too early
      stores.networks().all().stream()
          .map(network -> network.metadata().key())
          .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
          .forEach(queue::add);
    }
  }

  private Optional<String> stuck() {
    var now = Ticker.SYSTEM.nanos();
    return Stream.concat(reflectors.stream(), budgetReflectors.stream())
            .allMatch(reflector -> reflector.alive(now))
        ? Optional.empty()
        : Optional.of("a watch loop no longer turns");
  }

  private Optional<String> electionEnded() {
    return elector.flatMap(LeaderElector::trouble);
  }

  private Optional<String> notSynced() {
    if (!working) {
      return Optional.of("not synced yet, or stopping");
    }
    return some(
        namespaces().stream()
            .filter(namespace -> !stores.synced(namespace))
            .map(
                namespace ->
                    (namespace.isEmpty() ? "the cache" : "namespace " + namespace)
                        + " is not synced yet"));
  }

  private Optional<String> troubled() {
    var byNamespace = new LinkedHashMap<String, String>();
    for (var reflector : reflectors) {
      var trouble = reflector.setback();
      if (!trouble.isEmpty()) {
        byNamespace.putIfAbsent(reflector.namespace(), trouble);
      }
    }
    return some(byNamespace.values().stream());
  }

  /** One problem a namespace. */
  private static Optional<String> some(Stream<String> problems) {
    var all = problems.toList();
    var text = String.join("; ", all.subList(0, Math.min(NAMED, all.size())));
    var more = all.size() - NAMED;
    return Optional.of(more > 0 ? text + "; and so of " + more + " more namespaces" : text)
        .filter(t -> !t.isEmpty());
  }

  String httpAddress() {
    var address = http.address();
    return address.getHostString() + ":" + address.getPort();
  }

  /** Begins to watch; the workers begin when all caches of a namespace have been complete once. */
  void start() {
    http.start();
    // one namespace after the other: the first is served while the last one waits for its turn
    reflectors.stream()
        .sorted(Comparator.comparing(reflector -> reflector.namespace()))
        .forEach(Reflector::start);
    starter.start();
    asker.start();
  }

  /** Beside all else: networks work without. */
  private void askForBudgets() {
    try {
      var support = Optional.<BudgetSupport>empty();
      while (support.isEmpty()) {
        try {
          support = Optional.of(BudgetSupport.ask(api, namespaces().iterator().next(), log));
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

  /** A namespace in which we may not look must not stop the others. */
  private void startWhenSynced() {
    try {
      someSynced.await();
      log.info("caches synced", "networks", stores.networks().all().size());
      working = true;
      elector.ifPresentOrElse(LeaderElector::start, controller::start);
    } catch (InterruptedException e) {
      // stopped before the caches were synced
    } catch (RuntimeException e) {
      log.bug("the workers can't begin", e);
      startFailed = "the workers could not begin: " + e;
    }
  }

  /** Readiness false, no new work, work in hand finished or interrupted, then the watches. */
  void stop() throws InterruptedException {
    for (var thread : List.of(starter, asker)) {
      thread.interrupt();
      thread.join();
    }
    working = false;
    var idle = controller.stop(WORK_IN_HAND);
    finished = true;
    if (!idle) {
      log.warn("work in hand did not end in time: the lease is kept", "bound", WORK_IN_HAND);
    } else if (elector.isPresent() && !elector.get().stop(RELEASE)) {
      log.warn("the lease was not given up in time", "bound", RELEASE);
    }
    for (var reflector : reflectors) {
      reflector.stop();
    }
    for (var reflector : budgetReflectors) {
      reflector.stop();
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
