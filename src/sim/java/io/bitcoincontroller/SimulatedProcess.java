package io.bitcoincontroller;

import io.bitcoincontroller.bitcoind.RpcSender;
import io.bitcoincontroller.controller.Controller;
import io.bitcoincontroller.controller.Reconciler;
import io.bitcoincontroller.kube.ApiClient;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.NotSentException;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.leader.LeaderElector;
import io.bitcoincontroller.leader.LeaseTimes;
import io.bitcoincontroller.network.NetworkMetrics;
import io.bitcoincontroller.network.NetworkReconciler;
import io.bitcoincontroller.network.Stores;
import io.bitcoincontroller.network.Surroundings;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import io.bitcoincontroller.workqueue.RetryLimits;
import io.bitcoincontroller.workqueue.WorkQueue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A controller, wired as {@link ControllerProcess} wires it, but for probes and metrics: nobody
 * asks for them. To be made on a thread of the simulation, which its own threads then belong to.
 */
public final class SimulatedProcess {
  private static final Duration WORK_IN_HAND = Duration.ofSeconds(20);
  private static final Duration RELEASE = Duration.ofSeconds(5);

  /**
   * What a process is made of. A safeguard that a simulation does without is taken away here.
   *
   * @param reconciler put around the controller's own
   * @param lookAt put around the way from the watches to the queue
   * @param period between two looks at a key that is well
   * @param fenced false: it acts whoever leads
   * @param lease empty: it works alone
   * @param lost runs when the lease was lost and the work has stopped
   * @param recorder gets what a recorder gets in a cluster
   */
  public record Parts(
      String name,
      ApiClient api,
      RpcSender bitcoind,
      UnaryOperator<Reconciler<ObjectKey>> reconciler,
      UnaryOperator<BiConsumer<ObjectKey, Cause>> lookAt,
      Duration period,
      boolean fenced,
      Optional<ObjectKey> lease,
      Runnable lost,
      Ticker ticker,
      Supplier<Instant> wallClock,
      RandomGenerator random,
      Recorder recorder,
      Log log) {}

  private final Parts parts;
  private final WorkQueue<ObjectKey> queue;
  private final Watches watches;
  private final Controller<ObjectKey> controller;
  private final Optional<LeaderElector> elector;
  private volatile boolean finished;

  /** Sends nothing before {@link #run}. */
  public SimulatedProcess(Parts parts) {
    this.parts = parts;
    var metrics = new Metrics();
    this.queue = new WorkQueue<>(parts.ticker(), RetryLimits.DEFAULT, parts.random());
    this.elector = parts.lease().map(lease -> elector(lease, metrics));
    var recorder = parts.recorder();
    var lookAt = parts.lookAt().apply(this::lookAt);
    this.watches =
        new Watches(
            Set.of(),
            parts.api(),
            lookAt,
            parts.ticker(),
            parts.random(),
            metrics,
            recorder,
            parts.log());
    if (parts.lease().isEmpty()) {
      watches.begin();
    }
    var workLog = parts.log().onlyWhile(this::mayAct);
    var reconciler =
        new NetworkReconciler(
            new Surroundings(
                this::send,
                parts.bitcoind(),
                watches.stores(),
                parts.name(),
                this::mayAct,
                key -> lookAt.accept(key, Cause.of(Cause.Kind.LATE)),
                parts.ticker(),
                parts.wallClock(),
                parts.random(),
                recorder,
                new NetworkMetrics(metrics, this::mayAct, parts.ticker()),
                workLog));
    this.controller =
        new Controller<>(
            "bitcoinnetwork",
            queue,
            parts.reconciler().apply(reconciler),
            new Controller.Settings(
                Controller.Settings.DEFAULT.workers(),
                Controller.Settings.DEFAULT.deadline(),
                parts.period()),
            parts.ticker(),
            parts.random(),
            workLog,
            metrics,
            recorder);
  }

  private void lookAt(ObjectKey key, Cause cause) {
    var added = queue.add(key, cause);
    parts
        .recorder()
        .record(
            "cause",
            key.toString(),
            json -> {
              cause.write(json);
              json.writeStringField("how", added.word());
            });
  }

  private void leads(boolean leads) {
    parts.recorder().record("leader", "", json -> json.writeBooleanField("leads", leads));
  }

  private LeaderElector elector(ObjectKey lease, Metrics metrics) {
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
            parts.lost().run();
          }
        };
    return new LeaderElector(
        lease,
        parts.name(),
        LeaseTimes.DEFAULT,
        parts.api(),
        listener,
        parts.ticker(),
        parts.wallClock(),
        parts.random(),
        parts.log(),
        metrics);
  }

  private boolean mayAct() {
    return !parts.fenced() || (!finished && elector.map(LeaderElector::leads).orElse(true));
  }

  private Reply send(ApiRequest request, Duration deadline)
      throws IOException, InterruptedException {
    if (!mayAct()) {
      throw new NotSentException("not the leader any more: not sent: " + request);
    }
    return parts.api().send(request, deadline);
  }

  /** Watches, and works once the caches are complete. */
  public void run() {
    watches.start();
    try {
      watches.awaitSynced();
      elector.ifPresentOrElse(LeaderElector::start, controller::start);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As after SIGTERM. */
  public void stop() throws InterruptedException {
    var idle = controller.stop(WORK_IN_HAND);
    finished = true;
    if (idle && elector.isPresent()) {
      elector.get().stop(RELEASE);
    }
    watches.stop();
  }

  public Stores stores() {
    return watches.stores();
  }

  /** Keys that wait for a worker. */
  public int queued() {
    return queue.len();
  }

  public boolean leads() {
    return elector.map(LeaderElector::leads).orElse(true);
  }
}
