package io.bitcoincontroller.local.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Metadata;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.api.Storage.Change;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.loop.Loop;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Backoff;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Runs the pods of this node, and those that have no node yet: there is no scheduler, since there
 * is one node only. It ends a pod that is deleted (TERM, its grace period, KILL), and then removes
 * its object.
 */
public final class Kubelet implements AutoCloseable {
  /** The one node there is. */
  public static final String NODE_NAME = "local";

  /**
   * How this node runs pods.
   *
   * @param folder absolute; removed at the end with all that is in it
   * @param programs where bitcoind and bitcoin-cli are; searched before this process's PATH
   * @param restartBackoff the wait before the second, third, … restart of a container
   * @param simulated if present, pods are no processes
   * @param random where in 127.0.0.0/8 the pods' addresses begin
   */
  public record Options(
      Path folder,
      Path programs,
      Backoff restartBackoff,
      Optional<SimulatedPods> simulated,
      RandomGenerator random) {}

  /**
   * The end of a command.
   *
   * @param exitCode as a shell gives it: 128 + n after signal n, 127 if there is no such program
   */
  public record ExecResult(int exitCode, String stdout, String stderr, boolean timedOut) {}

  /** The grace period of pods that are still there when the cluster is closed. */
  private static final Duration CLOSING_GRACE = Duration.ofSeconds(5);

  private static final int LONGEST_LOGS_ANSWER = 1024 * 1024;

  private static final Duration CLOSING_PATIENCE = Duration.ofSeconds(30);

  private final Node node;
  private final Map<String, PodRun> runs = new ConcurrentHashMap<>();
  private final Loop loop;

  /** Looks for pods from now on. */
  public Kubelet(Storage storage, Options options, Log log) throws IOException {
    var processes = new Processes(options.folder(), options.programs(), log);
    var addresses = new LoopbackAddresses(options.random());
    this.node = new Node(storage, processes, addresses, options, Ticker.SYSTEM, log);
    this.loop = new Loop("kubelet", storage, () -> List.of(Kind.PODS), new Pods(), log);
    loop.start();
  }

  private final class Pods implements Loop.Controller {
    @Override
    public void see(List<Change> changes) {
      for (var change : changes) {
        var pod = change.object();
        if (!runs.containsKey(Metadata.uid(pod)) || Metadata.deleting(pod) || deleted(change)) {
          look(Metadata.key(pod));
        }
      }
    }

    private static boolean deleted(Change change) {
      return change.type() == Storage.ChangeType.DELETED;
    }

    @Override
    public void lookAround() {
      var there = new HashSet<String>();
      for (var pod : node.storage().list(Kind.PODS)) {
        there.add(Metadata.uid(pod));
        if (ours(pod)) {
          carryOut(Metadata.key(pod), pod);
        }
      }
      runs.forEach(
          (uid, run) -> {
            if (!there.contains(uid)) {
              look(run.key());
            }
          });
    }
  }

  private void look(ObjectKey key) {
    var pod = node.storage().get(Kind.PODS, key);
    var uid = pod.map(Metadata::uid).orElse("");
    runs.forEach(
        (running, run) -> {
          if (run.key().equals(key) && !running.equals(uid)) {
            run.kill();
          }
        });
    pod.filter(Kubelet::ours).ifPresent(p -> carryOut(key, p));
  }

  private static boolean ours(JsonNode pod) {
    var nodeName = pod.path("spec").path("nodeName").asText();
    return nodeName.isEmpty() || nodeName.equals(NODE_NAME);
  }

  private void carryOut(ObjectKey key, ObjectNode pod) {
    var uid = Metadata.uid(pod);
    var run = Optional.ofNullable(runs.get(uid));
    if (Metadata.deleting(pod)) {
      var grace = grace(pod);
      run.ifPresentOrElse(r -> r.end(grace, true), () -> removeUnstarted(key));
    } else if (run.isEmpty()) {
      var started = new PodRun(node, pod, () -> runs.remove(uid));
      runs.put(uid, started);
      started.start();
    }
  }

  private void removeUnstarted(ObjectKey key) {
    try {
      node.storage().remove(Kind.PODS, key);
    } catch (StatusException e) {
      if (e.code != 404) {
        throw e;
      }
    }
  }

  private static Duration grace(JsonNode pod) {
    var asked = pod.path("metadata").path("deletionGracePeriodSeconds");
    return asked.isNumber()
        ? Duration.ofSeconds(asked.asLong())
        : PodSpec.of(pod.path("spec")).terminationGrace();
  }

  /**
   * Runs a command in a pod's first container, with the translation that the container has.
   *
   * @throws StatusException 404 if there is no such pod, 400 if it does not run
   */
  public ExecResult exec(ObjectKey pod, List<String> command, Duration deadline)
      throws IOException, InterruptedException {
    try {
      var result = container(pod, "").exec(command, deadline);
      return new ExecResult(result.exitCode(), result.stdout(), result.stderr(), result.timedOut());
    } catch (NotStartable e) {
      return new ExecResult(127, "", e.getMessage() + "\n", false);
    }
  }

  /** A command that runs in a container. Closing it kills it, with its children. */
  public record Command(Process process) implements AutoCloseable {
    @Override
    public void close() {
      Processes.kill(process);
    }
  }

  /**
   * Starts a command in a container, with the translation that the container has.
   *
   * @param container empty for the first
   * @param merged standard error goes where standard output goes
   * @throws StatusException 404 if there is no such pod, 400 if it has no such container or does
   *     not run, 500 if there is no such program
   */
  public Command start(ObjectKey pod, String container, List<String> command, boolean merged)
      throws IOException {
    try {
      return new Command(container(pod, container).start(command, merged));
    } catch (NotStartable e) {
      throw new StatusException(
          500, "InternalError", "error executing command in container: " + e.getMessage());
    }
  }

  /**
   * The file with a container's stdout and stderr. The kubelet empties it when it gets long, and
   * removes it with the pod.
   *
   * @param container empty for the first
   * @param previous asks for the file of the container's life before this one
   * @return empty if there was no such life
   * @throws StatusException 404 if there is no such pod, 400 if it has no such container or never
   *     ran
   */
  public Optional<Path> log(ObjectKey pod, String container, boolean previous) throws IOException {
    return container(pod, container).log(previous);
  }

  /** The last MiB of what a pod's first container has written to stdout and stderr. */
  public String logs(ObjectKey pod) throws IOException {
    var log = log(pod, "", false);
    return log.isPresent() ? Processes.tail(log.get(), LONGEST_LOGS_ANSWER) : "";
  }

  /** The process of a pod's first container; empty while there is none. */
  public Optional<Process> process(ObjectKey pod) {
    return process(pod, "");
  }

  /** The process of a container; empty while there is none. */
  public Optional<Process> process(ObjectKey pod, String container) {
    return container(pod, container).process().filter(Process::isAlive);
  }

  /** Freezes a pod's process (SIGSTOP): it keeps its connections and answers nothing. */
  public void pause(ObjectKey pod) throws IOException, InterruptedException {
    Processes.freeze(running(pod));
  }

  /** Undoes {@link #pause}. */
  public void resume(ObjectKey pod) throws IOException, InterruptedException {
    Processes.signal(running(pod), "CONT");
  }

  /** Kills a pod's process (SIGKILL); it is restarted as the pod's restart policy says. */
  public void kill(ObjectKey pod) {
    Processes.kill(running(pod));
  }

  private Process running(ObjectKey pod) {
    return process(pod)
        .orElseThrow(
            () -> new StatusException(400, "BadRequest", "pod " + pod + " has no process now"));
  }

  private ContainerLife container(ObjectKey pod, String name) {
    var object =
        node.storage()
            .get(Kind.PODS, pod)
            .orElseThrow(
                () ->
                    new StatusException(404, "NotFound", "pods \"" + pod.name() + "\" not found"));
    return Optional.ofNullable(runs.get(Metadata.uid(object)))
        .orElseThrow(
            () -> new StatusException(400, "BadRequest", "pod " + pod + " is not running yet"))
        .container(name);
  }

  /** Ends every pod's processes, whatever the state of the objects, and removes the folder. */
  @Override
  public void close() throws IOException {
    try {
      loop.stop();
      endAll();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // what is left, the watchdog kills
    }
    node.processes().close();
  }

  private void endAll() throws InterruptedException {
    var left = List.copyOf(runs.values());
    left.forEach(run -> run.end(CLOSING_GRACE, false));
    for (var run : left) {
      if (!run.awaitEnd(CLOSING_PATIENCE)) {
        node.log().warn("pod does not end", "pod", run.key());
      }
    }
  }
}
