package io.bitcoincontroller.local.demo;

import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The controller's processes, one after the other, with one log. */
final class Controllers {
  private final Opened opened;
  private final List<String> program;
  private final Path kubeconfig;
  private final Path log;

  /** The one that shall run now; empty before the first start and after a kill. */
  private Optional<ControllerProgram> current = Optional.empty();

  Controllers(Opened opened, List<String> program, Path kubeconfig, Path log) {
    this.opened = opened;
    this.program = program;
    this.kubeconfig = kubeconfig;
    this.log = log;
  }

  void start() throws IOException, InterruptedException {
    current =
        Optional.of(
            opened.open(
                () -> ControllerProgram.start(program, kubeconfig, log), ControllerProgram::end));
  }

  void kill() throws IOException, InterruptedException {
    var process = current.orElseThrow();
    current = Optional.empty();
    process.kill();
  }

  Seen running() {
    return trouble().isEmpty() && current.isPresent()
        ? new Seen.Good("pid " + current.get().pid())
        : new Seen.NotYet("a running controller", trouble().orElse("none"));
  }

  /** Host and port of the page, the probes and the metrics; empty if none runs that has said it. */
  Optional<String> httpAddress() {
    try {
      return running() instanceof Seen.Good
          ? Optional.of(current.orElseThrow().httpAddress())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it has not come so far
    }
  }

  /** Where a controller shall run but does not any more. */
  Optional<String> trouble() {
    return current
        .filter(process -> !process.alive())
        .map(process -> "the controller (pid " + process.pid() + ") has ended by itself");
  }
}
