package io.bitcoincontroller.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.LocalApiServer;
import io.bitcoincontroller.local.api.PodStreams;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.controllers.GarbageCollector;
import io.bitcoincontroller.local.controllers.StatefulSetController;
import io.bitcoincontroller.local.kubelet.Bitcoind;
import io.bitcoincontroller.local.kubelet.Kubelet;
import io.bitcoincontroller.local.kubelet.SimulatedPods;
import io.bitcoincontroller.local.streams.ExecStream;
import io.bitcoincontroller.local.streams.LogStream;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.timing.Backoff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A whole cluster in this JVM, with pods as processes of this machine (Linux only). It leaves
 * nothing behind when it is closed, nor when the JVM is killed.
 */
public final class LocalCluster implements AutoCloseable {
  /**
   * How the cluster is set up.
   *
   * @param programs the folder of bitcoind and bitcoin-cli
   * @param folder for all the cluster's files; absent or empty at the start, removed at the end
   * @param api how the API server serves
   * @param restartBackoff the wait before the second, third, … restart of a container
   * @param simulated if present, pods are no processes
   */
  public record Options(
      Path programs,
      Path folder,
      LocalApiServer.Options api,
      Backoff restartBackoff,
      Optional<SimulatedPods> simulated,
      Log log) {

    /**
     * Real bitcoinds. Restarts come sooner than Kubernetes' 10 s to 5 min: 1 s to 1 min, as with
     * its gate ReduceDefaultCrashLoopBackOffDecay.
     */
    public static Options ordinary(Path programs, Path folder) {
      var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), 0);
      var api = LocalApiServer.Options.ordinary();
      return new Options(
          programs, folder, api, backoff, Optional.empty(), LogLines.onStandardError());
    }

    public Options withApi(LocalApiServer.Options other) {
      return new Options(programs, folder, other, restartBackoff, simulated, log);
    }

    public Options withSimulatedPods(SimulatedPods pods) {
      return new Options(programs, folder, api, restartBackoff, Optional.of(pods), log);
    }

    public Options withLog(Log other) {
      return new Options(programs, folder, api, restartBackoff, simulated, other);
    }
  }

  private final LocalApiServer api;
  private final Kubelet kubelet;
  private final StatefulSetController statefulSets;
  private final GarbageCollector garbageCollector;
  private final Path kubeconfig;

  private LocalCluster(Options options, Path folder) throws IOException {
    this.api = new LocalApiServer(options.api());
    var node =
        new Kubelet.Options(
            folder,
            options.programs().toAbsolutePath(),
            options.restartBackoff(),
            options.simulated(),
            new SecureRandom());
    this.kubelet = new Kubelet(api.storage(), node, options.log());
    this.statefulSets = new StatefulSetController(api.storage(), Kubelet.NODE_NAME, options.log());
    this.garbageCollector = new GarbageCollector(api.storage(), this::kinds, options.log());
    this.kubeconfig = folder.resolve("kubeconfig");
    api.writeKubeconfig(kubeconfig);
    api.podStreams().register("log", new LogStream(kubelet));
    api.podStreams().register("exec", new ExecStream(kubelet));
    api.podStreams().register("attach", refusing("attach", "use kubectl logs -f, or exec"));
    api.podStreams()
        .register(
            "portforward", refusing("port-forward", "pods' addresses are this machine's own"));
  }

  private static PodStreams.PodHandler refusing(String what, String instead) {
    return (_, _, _) -> {
      throw new StatusException(
          400, "BadRequest", "the local cluster has no " + what + ": " + instead);
    };
  }

  private List<Kind> kinds() {
    var kinds = new ArrayList<>(api.kinds());
    kinds.add(StatefulSetController.CONTROLLER_REVISIONS);
    return kinds;
  }

  /**
   * Starts a cluster without pods.
   *
   * @throws IOException if the folder is not empty, or can't be written
   */
  public static LocalCluster start(Options options) throws IOException {
    var folder = options.folder().toAbsolutePath().normalize();
    Files.createDirectories(folder);
    try (var content = Files.list(folder)) {
      if (content.findAny().isPresent()) {
        throw new IOException("the cluster's folder is not empty, and would be removed: " + folder);
      }
    }
    return new LocalCluster(options, folder);
  }

  /** An ordinary kubeconfig of the administrator, readable by its owner only. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  public LocalApiServer api() {
    return api;
  }

  public Storage storage() {
    return api.storage();
  }

  /** Creates an object as it is, without the API server's admission. */
  public ObjectNode create(Kind kind, ObjectNode object) {
    return storage().create(kind, object);
  }

  /** As {@code kubectl exec}: see {@link Kubelet#exec}. */
  public Kubelet.ExecResult exec(ObjectKey pod, List<String> command, Duration deadline)
      throws IOException, InterruptedException {
    return kubelet.exec(pod, command, deadline);
  }

  /** As {@code kubectl logs}: see {@link Kubelet#logs}. */
  public String logs(ObjectKey pod) throws IOException {
    return kubelet.logs(pod);
  }

  /** The process id of a pod's first container, which is bitcoind's own; empty if none runs. */
  public Optional<Long> pidOf(ObjectKey pod) {
    return kubelet.process(pod).map(Process::pid);
  }

  /** Limits the pods of a namespace from now on, as a ResourceQuota does. */
  public void quota(String namespace, int pods) {
    statefulSets.quota(namespace, pods);
  }

  /** SIGSTOP. */
  public void pause(ObjectKey pod) throws IOException, InterruptedException {
    kubelet.pause(pod);
  }

  /** SIGCONT. */
  public void resume(ObjectKey pod) throws IOException, InterruptedException {
    kubelet.resume(pod);
  }

  /** SIGKILL; then the pod's restart policy applies. */
  public void kill(ObjectKey pod) {
    kubelet.kill(pod);
  }

  /** Ends every process and removes the folder. */
  @Override
  public void close() throws IOException {
    try {
      statefulSets.stop();
      garbageCollector.stop();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // what has to end, ends all the same
    }
    try {
      kubelet.close();
    } finally {
      api.close();
    }
  }

  /** Runs a cluster until SIGINT or SIGTERM: {@code LocalCluster [folder]}. */
  public static void main(String[] args) throws Exception {
    var folder =
        args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("bitcoin-local-cluster");
    var cluster = start(Options.ordinary(Bitcoind.folder(), folder));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> closeOrSay(cluster), "close"));
    System.out.println("KUBECONFIG=" + cluster.kubeconfig());
    Thread.currentThread().join();
  }

  private static void closeOrSay(LocalCluster cluster) {
    try {
      cluster.close();
    } catch (IOException e) {
      System.err.println("the local cluster is not all gone: " + e.getMessage());
    }
  }
}
