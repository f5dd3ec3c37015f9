package io.bitcoincontroller;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.cache.Change;
import io.bitcoincontroller.cache.Reflector;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.cache.Troubles;
import io.bitcoincontroller.controller.Controller;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.network.NetworkReconciler;
import io.bitcoincontroller.network.NetworkReconciler.Surroundings;
import io.bitcoincontroller.network.Owners;
import io.bitcoincontroller.network.Stores;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** All parts of a running controller, wired: reflectors, stores, queue, workers, probes. */
final class ControllerProcess implements AutoCloseable {
  /** Together with the kubelet's grace period of 30 s: work in hand is finished or given up. */
  private static final Duration WORK_IN_HAND = Duration.ofSeconds(20);

  private static final Duration SYNC_PATIENCE = Duration.ofSeconds(1);

  /** Asked afresh each time: ThreadLocalRandom must not be handed from thread to thread. */
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

  private final Config config;
  private final ApiServer api;
  private final Log log;
  private final WorkQueue<ObjectKey> queue =
      new WorkQueue<>(Ticker.SYSTEM, RetryLimits.DEFAULT, RANDOM);
  private final Metrics metrics = new Metrics();
  private final List<Reflector<?>> reflectors = new ArrayList<>();
  private final Troubles troubles = new Troubles();
  private final Stores stores;
  private final Controller<ObjectKey> controller;
  private final HealthServer http;
  private final Thread starter = Thread.ofVirtual().name("start").unstarted(this::startWhenSynced);
  private volatile boolean working;

  /** Takes the HTTP port; nothing else happens before {@link #start}. */
  ControllerProcess(Config config, ApiServer api, BitcoindClient bitcoind, Log log)
      throws IOException {
    this.config = config;
    this.api = api;
    this.log = log;
    this.stores =
        new Stores(
            watch(
                BitcoinNetwork.RESOURCE,
                "",
                object -> Optional.of(object.metadata().key()),
                Owners::concerns),
            watch(Resource.SERVICES, Names.SELECTOR, Owners::keyOf, _ -> true),
            watch(Resource.CONFIG_MAPS, Names.SELECTOR, Owners::keyOf, _ -> true),
            watch(Resource.STATEFUL_SETS, Names.SELECTOR, Owners::keyOf, Owners::childConcerns),
            watch(Resource.PODS, Names.SELECTOR, Owners::keyOf, Owners::podConcerns));
    var reconciler =
        new NetworkReconciler(
            new Surroundings(
                api,
                bitcoind,
                stores,
                instance(),
                queue::add,
                Ticker.SYSTEM,
                Instant::now,
                RANDOM,
                log));
    var settings =
        new Controller.Settings(
            config.workers(),
            Controller.Settings.DEFAULT.deadline(),
            Controller.Settings.DEFAULT.period());
    this.controller =
        new Controller<>(
            "bitcoinnetwork", queue, reconciler, settings, Ticker.SYSTEM, RANDOM, log, metrics);
    this.http =
        new HealthServer(
            config.bindAddress(),
            List.of(new Check("watches", this::stuck)),
            List.of(new Check("caches", this::notSynced), new Check("watches", this::troubled)),
            metrics,
            log);
  }

  private static String instance() {
    return "bitcoin-controller-" + ProcessHandle.current().pid();
  }

  /** A store, its reflectors, and the way from its changes into the queue. */
  private <T extends KubeObject> Store<T> watch(
      Resource<T> resource,
      String selector,
      Function<T, Optional<ObjectKey>> keyOf,
      Predicate<Change<T>> concerns) {
    var store = new Store<T>(resource.plural(), config.namespaces(), keyOf, Ticker.SYSTEM, log);
    store.listen(
        change -> {
          if (concerns.test(change)) {
            change.before().flatMap(keyOf).ifPresent(queue::add);
            change.after().flatMap(keyOf).ifPresent(queue::add);
          }
        });
    var namespaces = config.namespaces().isEmpty() ? Set.of("") : config.namespaces();
    for (var namespace : namespaces) {
      var reflector =
          new Reflector<>(
              api, resource, namespace, selector, store, troubles, Ticker.SYSTEM, RANDOM, log);
      reflectors.add(reflector);
      metrics.gauge(
          "watch_last_byte_age_seconds",
          "Time since the last byte of the watch",
          () -> (System.nanoTime() - reflector.lastByteNanos()) / 1e9,
          "resource",
          resource.plural(),
          "namespace",
          namespace);
    }
    return store;
  }

  private Optional<String> stuck() {
    var now = Ticker.SYSTEM.nanos();
    return reflectors.stream().allMatch(reflector -> reflector.alive(now))
        ? Optional.empty()
        : Optional.of("a watch loop no longer turns");
  }

  private Optional<String> notSynced() {
    return working ? Optional.empty() : Optional.of("not synced yet, or stopping");
  }

  private Optional<String> troubled() {
    return reflectors.stream().map(Reflector::trouble).filter(t -> !t.isEmpty()).findFirst();
  }

  String httpAddress() {
    var address = http.address();
    return address.getHostString() + ":" + address.getPort();
  }

  /** Begins to watch; the workers begin when all caches have been complete once. */
  void start() {
    http.start();
    reflectors.forEach(Reflector::start);
    starter.start();
  }

  private void startWhenSynced() {
    try {
      for (var store :
          List.of(
              stores.networks(),
              stores.services(),
              stores.configMaps(),
              stores.statefulSets(),
              stores.pods())) {
        while (!store.awaitSynced(SYNC_PATIENCE)) {
          log.debug("waiting for the caches");
        }
      }
      log.info("caches synced", "networks", stores.networks().all().size());
      controller.start();
      working = true;
    } catch (InterruptedException e) {
      // stopped before the caches were synced
    }
  }

  /** Readiness false, no new work, work in hand finished or interrupted, then the watches. */
  void stop() throws InterruptedException {
    working = false;
    starter.interrupt();
    starter.join();
    if (!controller.stop(WORK_IN_HAND)) {
      log.warn("work in hand did not end in time", "bound", WORK_IN_HAND);
    }
    for (var reflector : reflectors) {
      reflector.stop();
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
