package io.bitcoincontroller.local.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The shipped controller, run as its users run it: {@code java -jar}, with a kubeconfig. */
final class ControllerJar {
  /** The controller's own bound for an orderly end is 20 s. */
  private static final Duration TERM_WAIT = Duration.ofSeconds(25);

  private static final Duration KILL_WAIT = Duration.ofSeconds(10);

  private final Process process;

  private ControllerJar(Process process) {
    this.process = process;
  }

  /**
   * @param log what it prints is added to this file
   */
  static ControllerJar start(Path jar, Path kubeconfig, Path log) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var builder =
        new ProcessBuilder(
            java.toString(),
            "-jar",
            jar.toString(),
            "--kubeconfig",
            kubeconfig.toString(),
            "--bind-address",
            "127.0.0.1:0");
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new ControllerJar(builder.start());
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** As {@code kill -9}; returns when it is gone. */
  void kill() throws IOException, InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(KILL_WAIT)) {
      throw new IOException("the controller (pid " + pid() + ") does not end, although killed");
    }
  }

  /** As {@code kill}: lets it end in order, and kills it if it does not. */
  void end() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(TERM_WAIT)) {
      kill();
    }
  }
}
