package io.bitcoincontroller;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.controller.Controller;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.NotSentException;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.leader.LeaderElector;
import io.bitcoincontroller.network.NetworkMetrics;
import io.bitcoincontroller.network.NetworkReconciler;
import io.bitcoincontroller.network.Surroundings;
import io.bitcoincontroller.observe.Check;
import io.bitcoincontroller.observe.HealthServer;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.recorder.Page;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import io.bitcoincontroller.workqueue.RetryLimits;
import io.bitcoincontroller.workqueue.WorkQueue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** All parts of a running controller, wired: watches, queue, workers, election, probes. */
final class ControllerProcess implements AutoCloseable {
  /** Together with the kubelet's grace period of 30 s: work in hand is finished or given up. */
  private static final Duration WORK_IN_HAND = Duration.ofSeconds(20);

  private static final Duration RELEASE = Duration.ofSeconds(5);

  /** Asked afresh each time: ThreadLocalRandom must not be handed from thread to thread. */
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

  private final Config config;
  private final String instance = name();
  private final ApiServer api;
  private final Log log;
  private final WorkQueue<ObjectKey> queue =
      new WorkQueue<>(Ticker.SYSTEM, RetryLimits.DEFAULT, RANDOM);
  private final Metrics metrics;
  private final Recorder recorder;
  private final Watches watches;
  private final Controller<ObjectKey> controller;
  private final HealthServer http;
  private final Optional<LeaderElector> elector;
  private final Runnable lost;
  private final Thread starter = Thread.ofVirtual().name("start").unstarted(this::startWhenSynced);
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
    this.recorder = new Recorder(Ticker.SYSTEM, config.page() ? Recorder.DEFAULT_BYTES : 0);
    this.elector = lease.map(this::elector);
    this.watches =
        new Watches(
            config.namespaces(), api, this::lookAt, Ticker.SYSTEM, RANDOM, metrics, recorder, log);
    if (lease.isEmpty()) {
      watches.begin();
    }
    var workLog = log.onlyWhile(this::mayAct);
    var reconciler =
        new NetworkReconciler(
            new Surroundings(
                this::send,
                bitcoind,
                watches.stores(),
                instance,
                this::mayAct,
                key -> lookAt(key, Cause.of(Cause.Kind.LATE)),
                Ticker.SYSTEM,
                Instant::now,
                RANDOM,
                recorder,
                new NetworkMetrics(metrics, this::mayAct, Ticker.SYSTEM),
                workLog));
    var settings =
        new Controller.Settings(
            config.workers(),
            Controller.Settings.DEFAULT.deadline(),
            Controller.Settings.DEFAULT.period());
    this.controller =
        new Controller<>(
            "bitcoinnetwork",
            queue,
            reconciler,
            settings,
            Ticker.SYSTEM,
            RANDOM,
            workLog,
            metrics,
            recorder);
    var probes = watches.probes();
    this.http =
        new HealthServer(
            config.bindAddress(),
            List.of(
                Check.PING,
                new Check("watches", probes::stuck),
                new Check("election", this::electionEnded),
                new Check("start", () -> Optional.of(startFailed).filter(t -> !t.isEmpty()))),
            List.of(
                Check.PING,
                new Check("caches", this::notSynced),
                new Check("watches", probes::troubled)),
            metrics,
            log);
    if (config.page()) {
      var now = System.currentTimeMillis();
      new Page(recorder, instance, Main.version(), now, this::lookForReader).serve(http);
    }
    metrics.gauge("recorder_bytes", "Memory that the flight recorder takes", recorder::bytes);
  }

  private void lookAt(ObjectKey key, Cause cause) {
    var added = queue.add(key, cause);
    recorder.record(
        "cause",
        key.toString(),
        json -> {
          cause.write(json);
          json.writeStringField("how", added.word());
        });
  }

  /** While nobody looked, less was recorded: whoever looks now sees how things are. */
  private void lookForReader() {
    if (mayAct()) {
      for (var network : watches.stores().networks().all()) {
        lookAt(network.metadata().key(), Cause.of(Cause.Kind.ASKED, 0, "to look at the recording"));
      }
    }
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
            leads(true);
            watches.begin();
            controller.start();
          }

          @Override
          public void stopped() throws InterruptedException {
            leads(false);
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
      throw new NotSentException("not the leader any more: not sent: " + request);
    }
    return api.send(request, deadline);
  }

  private void leads(boolean leads) {
    recorder.record("leader", "", json -> json.writeBooleanField("leads", leads));
  }

  private Optional<String> electionEnded() {
    return elector.flatMap(LeaderElector::trouble);
  }

  private Optional<String> notSynced() {
    return working ? watches.probes().notSynced() : Optional.of("not synced yet, or stopping");
  }

  String httpAddress() {
    var address = http.address();
    return address.getHostString() + ":" + address.getPort();
  }

  /** Begins to watch; the workers begin when all caches of a namespace have been complete once. */
  void start() {
    http.start();
    watches.start();
    starter.start();
  }

  /** A namespace in which we may not look must not stop the others. */
  private void startWhenSynced() {
    try {
      watches.awaitSynced();
      log.info("caches synced", "networks", watches.stores().networks().all().size());
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
    starter.interrupt();
    starter.join();
    working = false;
    var idle = controller.stop(WORK_IN_HAND);
    finished = true;
    if (!idle) {
      log.warn("work in hand did not end in time: the lease is kept", "bound", WORK_IN_HAND);
    } else if (elector.isPresent() && !elector.get().stop(RELEASE)) {
      log.warn("the lease was not given up in time", "bound", RELEASE);
    }
    watches.stop();
  }

  @Override
  public void close() {
    http.close();
  }
}
