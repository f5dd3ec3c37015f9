package io.bitcoincontroller.local.kubelet;

import io.bitcoincontroller.timing.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The probes of one life of a container: until the startup probe has said yes the other two wait;
 * readiness says whether the container is ready; startup and liveness end a container that fails.
 */
final class Health {
  /** The container that is probed. */
  interface Probed {
    /** Runs the probe once: true if its command ended in time with exit code 0. */
    boolean passes(Probe probe) throws InterruptedException;

    /** Told at every verdict, also if nothing is new. */
    void healthy(boolean started, boolean ready);

    /** Has to end this life of the container. */
    void unhealthy(String why) throws InterruptedException;
  }

  private final ContainerSpec spec;
  private final Probed container;
  private final Ticker ticker;
  private final CountDownLatch started = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  Health(ContainerSpec spec, Probed container, Ticker ticker) {
    this.spec = spec;
    this.container = container;
    this.ticker = ticker;
  }

  void begin() {
    container.healthy(spec.startup().isEmpty(), readyWhenStarted() && spec.startup().isEmpty());
    if (spec.startup().isEmpty()) {
      started.countDown();
    }
    spec.startup().ifPresent(probe -> thread(() -> prober(probe).run(this::startup)));
    spec.readiness().ifPresent(probe -> thread(() -> afterStart(probe, this::readiness)));
    spec.liveness().ifPresent(probe -> thread(() -> afterStart(probe, this::liveness)));
  }

  /** No verdict comes after this. */
  void end() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (var thread : threads) {
      thread.join();
    }
  }

  private boolean readyWhenStarted() {
    return spec.readiness().isEmpty();
  }

  private void afterStart(Probe probe, Prober.Verdict verdict) throws InterruptedException {
    started.await();
    prober(probe).run(verdict);
  }

  private boolean startup(boolean success) throws InterruptedException {
    if (success) {
      container.healthy(true, readyWhenStarted());
      started.countDown();
    } else {
      container.unhealthy("the startup probe failed");
    }
    return false;
  }

  private boolean readiness(boolean success) {
    container.healthy(true, success);
    return true;
  }

  private boolean liveness(boolean success) throws InterruptedException {
    if (!success) {
      container.unhealthy("the liveness probe failed");
    }
    return success;
  }

  private Prober prober(Probe probe) {
    return new Prober(probe, container::passes, ticker);
  }

  private interface Task {
    void run() throws InterruptedException;
  }

  private void thread(Task task) {
    threads.add(
        Thread.ofVirtual()
            .name("probe of " + spec.name())
            .start(
                () -> {
                  try {
                    task.run();
                  } catch (InterruptedException _) {
                    // the container has ended
                  }
                }));
  }
}
