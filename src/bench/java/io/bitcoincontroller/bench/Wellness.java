package io.bitcoincontroller.bench;

import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.api.Storage.ChangeType;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Knows which networks are well, by the storage's log: it sends no request and does not poll. */
final class Wellness implements AutoCloseable {
  private static final Duration BOUND = Duration.ofMinutes(15);

  private final Storage.Changes changes;
  private final Set<ObjectKey> well = new HashSet<>();

  /** Begins with what is stored now. */
  Wellness(ManyNetworks networks) {
    var storage = networks.cluster.storage();
    this.changes = storage.changes(networks.kind, storage.revision());
    storage.list(networks.kind).stream()
        .filter(ManyNetworks::well)
        .forEach(
            network ->
                well.add(
                    new ObjectKey(
                        network.at("/metadata/namespace").asText(),
                        network.at("/metadata/name").asText())));
  }

  /** Returns when so many networks are well at one time. */
  void await(int count) throws InterruptedException {
    var end = System.nanoTime() + BOUND.toNanos();
    while (well.size() < count) {
      var left = end - System.nanoTime();
      var change =
          changes
              .next(Duration.ofNanos(left))
              .orElseThrow(
                  () -> new IllegalStateException("after " + BOUND + " only " + well.size()));
      var metadata = change.object().path("metadata");
      var key = new ObjectKey(metadata.path("namespace").asText(), metadata.path("name").asText());
      if (change.type() != ChangeType.DELETED && ManyNetworks.well(change.object())) {
        well.add(key);
      } else {
        well.remove(key);
      }
    }
  }

  @Override
  public void close() {
    changes.close();
  }
}
