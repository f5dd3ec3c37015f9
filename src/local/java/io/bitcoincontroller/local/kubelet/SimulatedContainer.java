package io.bitcoincontroller.local.kubelet;

import io.bitcoincontroller.local.kubelet.ContainerState.Running;
import io.bitcoincontroller.local.kubelet.Processes.Result;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** No process at all: running at once, ready after a delay. */
final class SimulatedContainer implements ContainerLife {
  private final SimulatedPods pods;
  private final String address;
  private final ContainerSpec spec;
  private final Consumer<ContainerStatus> report;
  private Optional<Closeable> standIn = Optional.empty();
  private boolean ended;

  SimulatedContainer(
      SimulatedPods pods, String address, ContainerSpec spec, Consumer<ContainerStatus> report) {
    this.pods = pods;
    this.address = address;
    this.spec = spec;
    this.report = report;
  }

  @Override
  public void live() throws InterruptedException {
    var running = new Running(Instant.now());
    var status = ContainerStatus.creating(spec);
    begin();
    report.accept(status.running(running, true, false));
    TimeUnit.NANOSECONDS.sleep(pods.readyAfter().toNanos());
    report.accept(status.running(running, true, true));
  }

  private synchronized void begin() {
    try {
      if (!ended) {
        var command = spec.command().stream().map(w -> Expansion.expand(w, Map.of())).toList();
        standIn = Optional.of(pods.stand().start(address, command));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("nothing can stand in at " + address, e);
    }
  }

  @Override
  public synchronized void end(Duration grace) throws IOException {
    ended = true;
    if (standIn.isPresent()) {
      standIn.get().close();
    }
  }

  @Override
  public void kill() {
    try {
      end(Duration.ZERO);
    } catch (IOException e) {
      throw new UncheckedIOException("what stands in at " + address + " does not end", e);
    }
  }

  @Override
  public Result exec(List<String> command, Duration deadline) {
    return new Result(126, "", "a simulated container runs no commands", false);
  }

  @Override
  public Process start(List<String> command, boolean merged) throws NotStartable {
    throw new NotStartable(NotStartable.Reason.PROGRAM, "a simulated container runs no commands");
  }

  @Override
  public Optional<Path> log(boolean previous) {
    return Optional.empty();
  }

  @Override
  public Optional<Process> process() {
    return Optional.empty();
  }
}
