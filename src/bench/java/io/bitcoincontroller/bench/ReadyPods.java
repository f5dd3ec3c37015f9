package io.bitcoincontroller.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.cache.Change;
import io.bitcoincontroller.cache.Reflector;
import io.bitcoincontroller.cache.ReflectorGroup;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.cache.Unbounded;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.local.kubelet.LoopbackAddresses;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Plays the node of a real API server, which has none. It gives each pod of a namespace an address
 * with a double of bitcoind, and marks it ready. Deleted pods end at once, since no scheduler has
 * placed them.
 */
final class ReadyPods implements AutoCloseable {
  /** About what a real pod takes. Other controllers were measured with the same delay. */
  private static final Duration READY_AFTER = Duration.ofMillis(800);

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Resource<StoredObject> PODS =
      new Resource<>("", "v1", "Pod", "pods", StoredObject.class);

  /** A pod that was made ready. */
  private record Running(String address, Closeable node) {}

  private final ApiServer api;
  private final DoubleNodes nodes;
  private final LoopbackAddresses addresses = new LoopbackAddresses(new Random());
  private final Store<StoredObject> pods;
  private final Reflector<StoredObject> reflector;
  private final Map<String, Running> running = new ConcurrentHashMap<>();

  /** Begins at once. */
  ReadyPods(ApiServer api, String namespace, DoubleNodes nodes, Log log) {
    this.api = api;
    this.nodes = nodes;
    this.pods =
        Unbounded.store("pods", Set.of(namespace), _ -> Optional.empty(), Ticker.SYSTEM, log);
    this.reflector =
        new Reflector<>(
            api,
            PODS,
            namespace,
            "",
            pods,
            new ReflectorGroup(Recorder.off()),
            Ticker.SYSTEM,
            new Random(),
            log,
            () -> {});
    pods.listen(this::changed);
    reflector.start();
  }

  private void changed(Change<StoredObject> change) {
    if (change.before().isEmpty()) {
      var pod = change.after().orElseThrow();
      Thread.startVirtualThread(
          () -> {
            LockSupport.parkNanos(READY_AFTER.toNanos());
            makeReady(pod);
          });
    } else if (change.after().isEmpty()) {
      end(change.before().get().metadata().uid());
    }
  }

  private void makeReady(StoredObject pod) {
    var uid = pod.metadata().uid();
    try {
      var address = addresses.next(List.of(BitcoindClient.RPC_PORT));
      running.put(uid, new Running(address, nodes.start(address, command(pod.content()))));
      var path = PODS.path(pod.metadata().key()) + "/status";
      var request =
          new ApiRequest(
              "PATCH", path, "application/merge-patch+json", Optional.of(status(uid, address)));
      if (api.send(request, DEADLINE) instanceof Reply.Failure failure) {
        end(uid);
        // deleted meanwhile, or another one is there by now
        if (failure.code() != 404 && failure.code() != 409) {
          System.err.println(pod.metadata().name() + " can't be made ready: " + failure.text());
        }
      }
    } catch (IOException e) {
      System.err.println(pod.metadata().name() + " can't be made ready: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> command(JsonNode pod) {
    var words = new ArrayList<String>();
    var container = pod.at("/spec/containers/0");
    container.path("command").forEach(word -> words.add(word.asText()));
    container.path("args").forEach(word -> words.add(word.asText()));
    return words;
  }

  private static String status(String uid, String address) {
    var patch = Json.MAPPER.createObjectNode();
    patch.putObject("metadata").put("uid", uid);
    var status = patch.putObject("status").put("phase", "Running").put("podIP", address);
    status.putArray("podIPs").addObject().put("ip", address);
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True")
        .put("lastTransitionTime", now);
    return patch.toString();
  }

  private void end(String uid) {
    Optional.ofNullable(running.remove(uid))
        .ifPresent(
            one -> {
              try {
                one.node().close();
              } catch (IOException e) {
                System.err.println("a double does not end: " + e);
              }
            });
  }

  /** How many pods there are. */
  int count() {
    return pods.all().size();
  }

  /** Where the bitcoind of a pod listens; empty while it is not ready. */
  Optional<String> address(ObjectKey pod) {
    return pods.get(pod)
        .filter(stored -> ManyNetworks.isTrue(stored.content().path("status"), "Ready"))
        .flatMap(stored -> Optional.ofNullable(running.get(stored.metadata().uid())))
        .map(Running::address);
  }

  /** Each new pod of this name has another one. */
  String uid(ObjectKey pod) {
    return pods.get(pod).map(stored -> stored.metadata().uid()).orElse("");
  }

  @Override
  public void close() {
    try {
      reflector.stop();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
