package io.bitcoincontroller.local.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Metadata;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.kubelet.ContainerState.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One pod on this node, from its address to the removal of its folder: one virtual thread for the
 * pod and one for each container.
 */
final class PodRun {
  /**
   * @param removeObject whether the pod's object is to go too, which is the kubelet's last word on
   *     a pod that was deleted
   */
  private record End(Duration grace, boolean removeObject) {}

  private static final Duration NO_ADDRESS_WAIT = Duration.ofSeconds(1);

  private final Node node;
  private final ObjectKey key;
  private final String uid;
  private final ObjectNode pod;
  private final PodSpec spec;
  private final Instant startedAt = Instant.now();
  private final Thread thread;
  private final CountDownLatch ending = new CountDownLatch(1);
  private volatile Optional<End> end = Optional.empty();
  private volatile List<ContainerLife> containers = List.of();

  /** Guarded by this: what is written to the status is in the order in which it happened. */
  private final Map<String, ContainerStatus> statuses = new LinkedHashMap<>();

  /** Guarded by this. */
  private Optional<String> address = Optional.empty();

  /**
   * @param ended called when nothing of the pod is left
   */
  PodRun(Node node, ObjectNode pod, Runnable ended) {
    this.node = node;
    this.pod = pod;
    this.key = Metadata.key(pod);
    this.uid = Metadata.uid(pod);
    this.spec = PodSpec.of(pod.path("spec"));
    spec.containers().forEach(c -> statuses.put(c.name(), ContainerStatus.creating(c)));
    this.thread = Thread.ofVirtual().name("pod " + key).unstarted(() -> run(ended));
  }

  void start() {
    thread.start();
  }

  ObjectKey key() {
    return key;
  }

  /** Asks the pod to end, once; {@link #kill} makes it end sooner. */
  synchronized void end(Duration grace, boolean removeObject) {
    if (end.isEmpty()) {
      end = Optional.of(new End(grace, removeObject));
      ending.countDown();
    }
  }

  /** For a pod whose object is gone already. */
  void kill() {
    end(Duration.ZERO, false);
    containers.forEach(ContainerLife::kill);
  }

  /** Waits until nothing of the pod is left; false if that took too long. */
  boolean awaitEnd(Duration patience) throws InterruptedException {
    return thread.join(patience);
  }

  /**
   * @param name empty for the first
   * @throws StatusException 400 if there is none of that name, or nothing runs yet
   */
  ContainerLife container(String name) {
    var names = spec.containers().stream().map(ContainerSpec::name).toList();
    var index = name.isEmpty() ? 0 : names.indexOf(name);
    if (index < 0) {
      throw new StatusException(
          400,
          "BadRequest",
          "container " + name + " is not valid for pod " + key.name() + ", which has " + names);
    }
    return containers.stream()
        .skip(index)
        .findFirst()
        .orElseThrow(
            () -> new StatusException(400, "BadRequest", "pod " + key + " is not running yet"));
  }

  private void run(Runnable ended) {
    try {
      var threads = startContainers();
      ending.await();
      for (var container : threads) {
        container.interrupt();
      }
      for (var container : threads) {
        container.join();
      }
      tearDown(end.orElseThrow());
      ended.run();
    } catch (IOException | ExecutionException e) {
      node.log().warn("pod can't be ended", "pod", key, "because", e);
    } catch (InterruptedException | RuntimeException e) {
      node.log().bug("pod lost", e, "pod", key);
    }
  }

  private List<Thread> startContainers() throws InterruptedException {
    var refusal = PodSpec.refusal(pod.path("spec"));
    if (refusal.isPresent()) {
      allWaiting("CreateContainerError", refusal.get());
      return List.of();
    }
    var taken = takeAddress();
    if (taken.isEmpty()) {
      return List.of();
    }
    containers = spec.containers().stream().map(c -> container(c, taken.get())).toList();
    var threads = new ArrayList<Thread>();
    for (var container : containers) {
      threads.add(Thread.ofVirtual().name("container of " + key).start(() -> live(container)));
    }
    return threads;
  }

  /** Empty if the pod was asked to end before it had one. */
  private Optional<String> takeAddress() throws InterruptedException {
    var simulated = node.options().simulated().isPresent();
    var ports = spec.containers().stream().flatMap(c -> c.ports().stream()).toList();
    do {
      try {
        var next = node.addresses().next(simulated ? List.of() : ports);
        addressed(next);
        return Optional.of(next);
      } catch (IOException e) {
        allWaiting("ContainerCreating", String.valueOf(e.getMessage()));
      }
    } while (!ending.await(NO_ADDRESS_WAIT.toNanos(), TimeUnit.NANOSECONDS));
    return Optional.empty();
  }

  private ContainerLife container(ContainerSpec container, String podAddress) {
    var simulated = node.options().simulated();
    if (simulated.isPresent()) {
      return new SimulatedContainer(simulated.get(), podAddress, container, this::report);
    }
    var folder = new PodFolder(node.podFolder(uid), node.claims(), key.namespace());
    var environment = new Environment(node.storage(), pod.path("metadata"), podAddress);
    var place = new RealContainer.Place(node, key, spec, folder, environment);
    return new RealContainer(place, container, this::report);
  }

  private void live(ContainerLife container) {
    try {
      container.live();
    } catch (InterruptedException _) {
      // the pod ends
    } catch (RuntimeException e) {
      node.log().bug("container lost", e, "pod", key);
    }
  }

  /** All containers at once, so that the pod's end takes one grace period. */
  private void tearDown(End how) throws IOException, InterruptedException, ExecutionException {
    try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
      var ends = new ArrayList<Future<?>>();
      for (var container : containers) {
        ends.add(
            each.submit(
                () -> {
                  container.end(how.grace());
                  return container;
                }));
      }
      for (var ended : ends) {
        ended.get();
      }
    }
    PodFolder.removeTree(node.podFolder(uid));
    var stored = node.storage().get(Kind.PODS, key);
    if (how.removeObject() && stored.map(Metadata::uid).equals(Optional.of(uid))) {
      node.storage().remove(Kind.PODS, key);
    }
  }

  private synchronized void addressed(String podAddress) {
    address = Optional.of(podAddress);
    writeStatus();
  }

  private synchronized void allWaiting(String reason, String message) {
    statuses.replaceAll(
        (_, status) ->
            new ContainerStatus(
                status.name(),
                status.image(),
                new Waiting(reason, message),
                status.last(),
                0,
                false,
                false));
    writeStatus();
  }

  private synchronized void report(ContainerStatus status) {
    statuses.put(status.name(), status);
    writeStatus();
  }

  private void writeStatus() {
    var status =
        new PodStatus(
            uid, spec.restartPolicy(), address, startedAt, List.copyOf(statuses.values()));
    try {
      node.storage().update(Kind.PODS, key, stored -> withStatus(stored, status));
    } catch (StatusException e) {
      if (e.code != 404) {
        throw e;
      }
      // deleted by force: the kubelet's loop will see it and end this
    }
  }

  private ObjectNode withStatus(ObjectNode stored, PodStatus status) {
    if (Metadata.uid(stored).equals(uid)) {
      stored.withObject("/spec").put("nodeName", Kubelet.NODE_NAME);
      stored.set("status", status.toJson(stored.path("status"), Instant.now()));
    }
    return stored;
  }
}
