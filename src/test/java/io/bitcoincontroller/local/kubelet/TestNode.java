package io.bitcoincontroller.local.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.MemoryStorage;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.timing.Backoff;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A storage and a kubelet on it, for one test. */
public final class TestNode implements AutoCloseable {
  /** Far more than anything here takes on a loaded machine. */
  private static final Duration BOUND = Duration.ofSeconds(60);

  public final Storage storage = new MemoryStorage();
  public final Path folder;
  public final Kubelet kubelet;

  public TestNode() throws IOException {
    this.folder = Files.createTempDirectory("kubelet-test");
    var backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0);
    var options =
        new Kubelet.Options(folder, Bitcoind.folder(), backoff, Optional.empty(), new Random());
    this.kubelet = new Kubelet(storage, options, LogLines.onStandardError());
  }

  @Override
  public void close() throws IOException {
    kubelet.close();
  }

  public static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }

  /** An object of the core group from a text of JSON in which ' stands for ". */
  public static ObjectNode object(String kind, String name, String rest) {
    try {
      ObjectNode object = Json.MAPPER.readTree(rest.replace('\'', '"')).require();
      object.put("apiVersion", "v1").put("kind", kind);
      object.withObject("/metadata").put("name", name).put("namespace", "default");
      return object;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pod as the controller's template makes it, but for shorter times. */
  public static ObjectNode bitcoindPod(String name) {
    return object(
        "Pod",
        name,
        """
        {'spec': {
          'terminationGracePeriodSeconds': 2,
          'containers': [{
            'name': 'bitcoind',
            'image': 'bitcoin/bitcoin:29',
            'command': ['bitcoind', '-conf=/bitcoin.conf', '-bind=$(POD_IP)',
                        '-rpcbind=$(POD_IP)', '-rpcbind=127.0.0.1',
                        '-rpcauth=user:cafe$$0123456789abcdef'],
            'env': [{'name': 'POD_IP', 'valueFrom': {'fieldRef': {'fieldPath': 'status.podIP'}}}],
            'ports': [{'name': 'p2p', 'containerPort': 18444},
                      {'name': 'rpc', 'containerPort': 18443}],
            'volumeMounts': [{'name': 'data', 'mountPath': '/data'},
                             {'name': 'conf', 'mountPath': '/bitcoin.conf',
                              'subPath': 'bitcoin.conf'}],
            'startupProbe': {'periodSeconds': 1, 'timeoutSeconds': 5, 'failureThreshold': 60,
              'exec': {'command':
                ['bitcoin-cli', '-regtest', '-conf=/bitcoin.conf', 'getnetworkinfo']}},
            'readinessProbe': {'periodSeconds': 1, 'timeoutSeconds': 1, 'failureThreshold': 2,
              'exec': {'command':
                ['bitcoin-cli', '-regtest', '-conf=/bitcoin.conf', 'getnetworkinfo']}}
          }],
          'volumes': [{'name': 'data', 'emptyDir': {}},
                      {'name': 'conf', 'configMap': {'name': 'conf'}}]
        }}
        """);
  }

  public static ObjectNode bitcoinConf() {
    return object(
        "ConfigMap",
        "conf",
        """
        {'data': {'bitcoin.conf': 'regtest=1\\n[regtest]\\nserver=1\\ndatadir=/data\\nrpcallowip=0.0.0.0/0\\ndbcache=4\\n'}}
        """);
  }

  /** A pod of one container that runs a shell script. */
  public static ObjectNode shellPod(String name, String script, String containerRest) {
    var pod =
        object(
            "Pod",
            name,
            """
            {'spec': {'terminationGracePeriodSeconds': 1,
              'containers': [{'name': 'main', 'command': ['sh', '-c']}]}}
            """);
    var container = (ObjectNode) pod.at("/spec/containers/0");
    container.withArray("command").add(script);
    ObjectNode rest = object("", "", containerRest);
    rest.remove(List.of("metadata", "kind", "apiVersion"));
    container.setAll(rest);
    return pod;
  }

  public JsonNode pod(String name) {
    return storage.get(Kind.PODS, key(name)).orElseThrow();
  }

  /** The status of the pod's only container. */
  public JsonNode container(String name) {
    return pod(name).at("/status/containerStatuses/0");
  }

  public boolean ready(String name) {
    return storage
        .get(Kind.PODS, key(name))
        .map(pod -> pod.at("/status/containerStatuses/0/ready").asBoolean())
        .orElse(false);
  }

  public boolean gone(String name) {
    return storage.get(Kind.PODS, key(name)).isEmpty();
  }

  public static void await(String what, BooleanSupplier condition) {
    var end = System.nanoTime() + BOUND.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + BOUND + ": " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
