package io.bitcoincontroller.local.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.doubles.RpcServerOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A double of bitcoind at the address of each simulated pod, as long as the pod is there. */
final class Doubles implements AutoCloseable {
  private static final int RPC_PORT = 18443;
  private static final String RPC_AUTH = "-rpcauth=";
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Storage storage;
  private final DoubleNetwork network = new DoubleNetwork();

  /** By the pod's UID; for the follower's thread alone. */
  private final Map<String, Closeable> running = new HashMap<>();

  private final Thread follower;

  /** Follows the pods from now on; there are none yet. */
  Doubles(Storage storage) {
    this.storage = storage;
    this.follower = Thread.ofVirtual().name("doubles").start(this::follow);
  }

  private void follow() {
    try (var changes = storage.changes(Kind.PODS, storage.revision())) {
      while (true) {
        var change = changes.next(PATIENCE);
        if (change.isPresent()) {
          see(change.get());
        }
      }
    } catch (InterruptedException _) {
      // closed
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void see(Storage.Change change) throws IOException {
    var pod = change.object();
    var uid = pod.at("/metadata/uid").asText();
    var address = pod.at("/status/podIP").asText();
    if (change.type() == Storage.ChangeType.DELETED) {
      var gone = running.remove(uid);
      if (gone != null) {
        gone.close();
      }
    } else if (!address.isEmpty() && !running.containsKey(uid)) {
      running.put(uid, network.start(address, RPC_PORT, RpcServerOptions.of(rpcAuth(pod))));
    }
  }

  /** What the controller wrote into the pod's arguments, in which {@code $$} stands for a $. */
  private static String rpcAuth(JsonNode pod) {
    for (var argument : pod.at("/spec/containers/0/args")) {
      if (argument.asText().startsWith(RPC_AUTH)) {
        return argument.asText().substring(RPC_AUTH.length()).replace("$$", "$");
      }
    }
    throw new IllegalStateException("a pod without " + RPC_AUTH + ": " + pod.at("/metadata/name"));
  }

  @Override
  public void close() throws IOException {
    follower.interrupt();
    try {
      follower.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // what has to end, ends all the same
    }
    network.close();
  }
}
