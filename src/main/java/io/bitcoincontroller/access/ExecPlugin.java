package io.bitcoincontroller.access;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A program that hands out tokens; the kubeconfigs of cloud providers name one. It is run when a
 * token is first needed, has expired, or was refused. One thread at a time runs it, and at most
 * twice within {@link #TWO_RUNS}: a plugin that fails would otherwise run in a loop.
 *
 * <p>It gets no input: a controller has no terminal. Its standard error becomes ours, as in
 * kubectl. No message of this class repeats its output.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/config-api/client-authentication.v1/">client.authentication.k8s.io</a>
 */
final class ExecPlugin implements Credential {
  /** A token is some KiB. */
  private static final int LONGEST_OUTPUT = 1024 * 1024;

  /** Shorter than the time in which a leader has to renew its lease. */
  static final Duration TWO_RUNS = Duration.ofSeconds(5);

  private final Settings settings;
  private final InstantSource wallClock;
  private final LongSupplier nanoTime;
  private final ReentrantLock running = new ReentrantLock();

  /** The last one. Not guarded by the lock: a thread that reports one must not wait for a run. */
  private volatile Optional<String> refusedHeader = Optional.empty();

  /** Empty before the first run. Guarded by {@code running}, as what follows. */
  private Optional<Run> last = Optional.empty();

  /** When the run before the last one ended. */
  private OptionalLong endBefore = OptionalLong.empty();

  /**
   * The result of a run.
   *
   * @param reply empty if the run failed
   * @param why the run failed
   * @param endNanos when the run ended
   */
  private record Run(Optional<ExecReply> reply, String why, long endNanos) {}

  /**
   * How the plugin is run.
   *
   * @param origin the kubeconfig and the user in it, at the head of messages
   * @param command a path
   * @param environment the whole environment
   * @param timeout of a run
   * @param installHint the kubeconfig's advice on how to get the program; may be empty
   */
  record Settings(
      String origin,
      String apiVersion,
      String command,
      List<String> arguments,
      Map<String, String> environment,
      Duration timeout,
      String installHint) {
    Settings {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }

    /** Arguments and environment may hold secrets. */
    @Override
    public String toString() {
      return "ExecPlugin[" + command + "]";
    }
  }

  ExecPlugin(Settings settings, InstantSource wallClock, LongSupplier nanoTime) {
    this.settings = settings;
    this.wallClock = wallClock;
    this.nanoTime = nanoTime;
  }

  @Override
  public Optional<String> authorization() throws IOException, InterruptedException {
    return Optional.of(reply().authorization());
  }

  @Override
  public void refused(String sent) {
    refusedHeader = Optional.of(sent);
  }

  private ExecReply reply() throws IOException, InterruptedException {
    running.lockInterruptibly();
    try {
      if (last.isEmpty() || (isUsedUp(last.get()) && mayRun())) {
        var fresh = runOnce();
        endBefore = last.map(run -> OptionalLong.of(run.endNanos())).orElse(OptionalLong.empty());
        last = Optional.of(fresh);
        // a plugin may give the same token again: it gets another try
        refusedHeader = Optional.empty();
      }
      var why = last.get().why();
      return last.get().reply().orElseThrow(() -> new IOException(why));
    } finally {
      running.unlock();
    }
  }

  private boolean isUsedUp(Run run) {
    return run.reply().isEmpty()
        || run.reply().get().expired(wallClock.instant())
        || refusedHeader.equals(Optional.of(run.reply().get().authorization()));
  }

  private boolean mayRun() {
    return endBefore.isEmpty()
        || nanoTime.getAsLong() - endBefore.getAsLong() >= TWO_RUNS.toNanos();
  }

  private Run runOnce() throws InterruptedException {
    try {
      var reply = ExecReply.parse(name(), settings.apiVersion(), run());
      return new Run(Optional.of(reply), "", nanoTime.getAsLong());
    } catch (IOException e) {
      return new Run(Optional.empty(), String.valueOf(e.getMessage()), nanoTime.getAsLong());
    }
  }

  private String run() throws IOException, InterruptedException {
    var process = start();
    var output = new FutureTask<>(() -> process.getInputStream().readNBytes(LONGEST_OUTPUT + 1));
    Thread.ofVirtual().name("exec-plugin-output").start(output);
    var end = System.nanoTime() + settings.timeout().toNanos();
    try {
      var bytes = output.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
      if (bytes.length > LONGEST_OUTPUT) {
        throw failure("wrote over " + LONGEST_OUTPUT + " bytes instead of an ExecCredential");
      }
      if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw late();
      }
      if (process.exitValue() != 0) {
        throw failure(
            "ended with exit code " + process.exitValue() + ": run it by hand to see why");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (TimeoutException e) {
      throw late();
    } catch (ExecutionException e) {
      throw failure("closed its output in a way that can't be read");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start() throws IOException {
    var builder = new ProcessBuilder(settings.command());
    builder.command().addAll(settings.arguments());
    builder.environment().clear();
    builder.environment().putAll(settings.environment());
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    builder.redirectError(Redirect.INHERIT);
    try {
      return builder.start();
    } catch (IOException e) {
      // in our words: those of the JDK name a folder and a number, and no remedy
      throw failure("can't be started: install it, or mend its path. " + settings.installHint());
    }
  }

  private IOException late() {
    return failure(
        "did not end within " + settings.timeout().toSeconds() + " s: run it by hand to see why");
  }

  private IOException failure(String what) {
    return new IOException((name() + " " + what).strip());
  }

  private String name() {
    return settings.origin() + " exec plugin '" + settings.command() + "'";
  }

  @Override
  public String toString() {
    return settings.toString();
  }
}
