package io.bitcoincontroller.local.kubelet;

import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.kubelet.ContainerState.Running;
import io.bitcoincontroller.local.kubelet.ContainerState.Terminated;
import io.bitcoincontroller.local.kubelet.Processes.Result;
import io.bitcoincontroller.local.kubelet.Processes.Surroundings;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One container as a process: started, probed, and started again when it ends.
 *
 * <p>One virtual thread waits for the process and one more runs each probe, so that a probe that
 * hangs (its bitcoind is frozen) holds up nothing but itself.
 */
final class RealContainer implements ContainerLife {
  /** What a container is told by the pod it belongs to. */
  record Place(Node node, ObjectKey key, PodSpec pod, PodFolder folder, Environment environment) {}

  /** One life, from start to end, as those who come later need to know it. */
  private record Life(
      Process process, Surroundings surroundings, Translation translation, Path log) {}

  /** The kubelet's own limit ({@code containerLogMaxSize}) in bytes: a longer log starts anew. */
  private static final long LONGEST_LOG = 10 * 1024 * 1024;

  private static final Duration LOG_LOOK = Duration.ofSeconds(10);

  /** A container that ran so long is forgiven its earlier ends, as by Kubernetes' kubelet. */
  private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

  /** How soon to look again for a Secret or ConfigMap that is missing. */
  private static final Duration MISSING_WAIT = Duration.ofSeconds(1);

  private final Place place;
  private final ContainerSpec spec;
  private final Consumer<ContainerStatus> report;
  private volatile Optional<Life> life = Optional.empty();

  /** Guarded by this, as its threads report in the order in which they change it. */
  private ContainerStatus status;

  RealContainer(Place place, ContainerSpec spec, Consumer<ContainerStatus> report) {
    this.place = place;
    this.spec = spec;
    this.report = report;
    this.status = ContainerStatus.creating(spec);
  }

  @Override
  public void live() throws InterruptedException {
    var failures = 0;
    while (true) {
      var ended = liveOnce();
      become(now -> now.terminated(ended));
      if (!place.pod().restartPolicy().restarts(ended.exitCode())) {
        return;
      }
      var lasted = Duration.between(ended.startedAt(), ended.finishedAt());
      failures = lasted.compareTo(FORGIVEN_AFTER) > 0 ? 0 : failures;
      backOff(failures++);
      become(ContainerStatus::restarted);
    }
  }

  /** The first restart is at once, as by Kubernetes' kubelet. */
  private void backOff(int failures) throws InterruptedException {
    if (failures > 0) {
      var nanos = place.node().options().restartBackoff().nanos(failures, 0);
      var message = "back-off " + Duration.ofNanos(nanos).toSeconds() + "s restarting container";
      become(now -> now.waiting("CrashLoopBackOff", message));
      TimeUnit.NANOSECONDS.sleep(nanos);
    }
  }

  private Terminated liveOnce() throws InterruptedException {
    var startedAt = Instant.now();
    try {
      var started = startWhenPossible();
      life = Optional.of(started);
      startedAt = Instant.now();
      var exitCode = mind(started, new Running(startedAt));
      var reason = exitCode == 0 ? "Completed" : "Error";
      var words = exitCode != 0 && spec.endsInLog() ? LogTail.of(started.log()) : "";
      return new Terminated(exitCode, reason, words, startedAt, Instant.now());
    } catch (ClosedByInterruptException _) {
      throw new InterruptedException();
    } catch (NotStartable | IOException e) {
      var message = String.valueOf(e.getMessage());
      return new Terminated(128, "StartError", message, startedAt, Instant.now());
    }
  }

  /** Waits, as a waiting container, for the ConfigMaps and Secrets it needs. */
  private Life startWhenPossible() throws NotStartable, IOException, InterruptedException {
    while (true) {
      try {
        return start();
      } catch (NotStartable e) {
        if (e.reason == NotStartable.Reason.PROGRAM) {
          throw e;
        }
        become(now -> now.waiting(e.reason.shown, String.valueOf(e.getMessage())));
        TimeUnit.NANOSECONDS.sleep(MISSING_WAIT.toNanos());
      }
    }
  }

  private Life start() throws NotStartable, IOException {
    var folder = place.folder();
    var mounts = folder.mounts(place.pod(), spec);
    var translation = new Translation(mounts, place.environment().podAddress());
    folder.fill(place.pod(), spec, place.environment(), translation);
    var variables = place.environment().values(spec.env());
    var command = spec.command().stream().map(word -> Expansion.expand(word, variables)).toList();
    var log = folder.log(spec.name(), status().restartCount());
    var surroundings = surroundings(variables, translation, log);
    var output = ProcessBuilder.Redirect.appendTo(log.toFile());
    var words = translation.command(command);
    var process = place.node().processes().start(words, surroundings, output, output);
    return new Life(process, surroundings, translation, log);
  }

  private Surroundings surroundings(
      Map<String, String> variables, Translation translation, Path log) throws IOException {
    var home = place.folder().home();
    var environment = new HashMap<String, String>();
    environment.put("HOME", home.toString());
    environment.put("HOSTNAME", place.environment().podMetadata().path("name").asText());
    variables.forEach((name, value) -> environment.put(name, translation.paths(value)));
    environment.put(Processes.CONTAINER, log.toString());
    return new Surroundings(environment, home);
  }

  /** Returns the exit code of the process; probes run as long as it does. */
  private int mind(Life started, Running running) throws IOException, InterruptedException {
    var health = new Health(spec, new Probed(started, running), place.node().ticker());
    health.begin();
    try {
      while (!started.process().waitFor(LOG_LOOK)) {
        if (Files.size(started.log()) > LONGEST_LOG) {
          Files.newOutputStream(started.log()).close();
        }
      }
      Processes.endRest(nameOf(started));
      return started.process().exitValue();
    } finally {
      health.end();
    }
  }

  private static String nameOf(Life life) {
    return life.log().toString();
  }

  private final class Probed implements Health.Probed {
    private final Life probed;
    private final Running running;

    Probed(Life probed, Running running) {
      this.probed = probed;
      this.running = running;
    }

    @Override
    public boolean passes(Probe probe) throws InterruptedException {
      try {
        var result = run(probed, probe.command(), probe.timeout());
        return result.exitCode() == 0 && !result.timedOut();
      } catch (ClosedByInterruptException _) {
        throw new InterruptedException();
      } catch (NotStartable | IOException e) {
        place.node().log().warn("probe can't run", "pod", place.key(), "because", e);
        return false;
      }
    }

    @Override
    public void healthy(boolean started, boolean ready) {
      become(now -> now.running(running, started, ready));
    }

    @Override
    public void unhealthy(String why) throws InterruptedException {
      place.node().log().warn("container will be restarted", "pod", place.key(), "why", why);
      try {
        Processes.end(probed.process(), place.pod().terminationGrace());
      } catch (IOException e) {
        place.node().log().warn("container not ended", "pod", place.key(), "because", e);
      }
    }
  }

  private synchronized void become(UnaryOperator<ContainerStatus> change) {
    var next = change.apply(status);
    if (!next.equals(status)) {
      status = next;
      report.accept(next);
    }
  }

  private synchronized ContainerStatus status() {
    return status;
  }

  @Override
  public void end(Duration grace) throws IOException, InterruptedException {
    if (life.isPresent()) {
      Processes.end(life.get().process(), grace);
      Processes.endRest(nameOf(life.get()));
    }
  }

  @Override
  public void kill() {
    life.ifPresent(
        started -> {
          Processes.kill(started.process());
          try {
            Processes.killRest(nameOf(started));
          } catch (IOException e) {
            place.node().log().warn("processes not looked for", "pod", place.key(), "because", e);
          }
        });
  }

  @Override
  public Result exec(List<String> command, Duration deadline)
      throws NotStartable, IOException, InterruptedException {
    return run(running(), command, deadline);
  }

  @Override
  public Process start(List<String> command, boolean merged) throws NotStartable, IOException {
    var in = running();
    var words = in.translation().command(command);
    return place.node().processes().startWithPipes(words, in.surroundings(), merged);
  }

  private Life running() {
    return life.filter(started -> started.process().isAlive())
        .orElseThrow(
            () ->
                new StatusException(
                    400, "BadRequest", "container " + spec.name() + " is not running"));
  }

  private Result run(Life in, List<String> command, Duration deadline)
      throws NotStartable, IOException, InterruptedException {
    var words = in.translation().command(command);
    return place.node().processes().run(words, in.surroundings(), deadline);
  }

  @Override
  public Optional<Path> log(boolean previous) throws IOException {
    var restarts = status().restartCount();
    return previous
        ? Optional.of(place.folder().log(spec.name(), restarts - 1)).filter(Files::exists)
        : life.map(Life::log);
  }

  @Override
  public Optional<Process> process() {
    return life.map(Life::process);
  }
}
