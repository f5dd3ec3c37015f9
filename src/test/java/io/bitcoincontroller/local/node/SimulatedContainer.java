package io.bitcoincontroller.local.node;

import io.bitcoincontroller.local.node.ContainerState.Running;
import io.bitcoincontroller.local.node.Processes.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** No process at all: running at once, ready after a delay. For benchmarks of many pods. */
record SimulatedContainer(ContainerSpec spec, Duration readyAfter, Consumer<ContainerStatus> report)
    implements ContainerLife {
  @Override
  public void live() throws InterruptedException {
    var running = new Running(Instant.now());
    var status = ContainerStatus.creating(spec);
    report.accept(status.running(running, true, false));
    TimeUnit.NANOSECONDS.sleep(readyAfter.toNanos());
    report.accept(status.running(running, true, true));
  }

  @Override
  public void end(Duration grace) {}

  @Override
  public void kill() {}

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
