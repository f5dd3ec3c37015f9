package io.bitcoincontroller.network;

import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.stream.Stream;

/**
 * What is watched.
 *
 * @param networks all; the others hold only what carries our labels
 */
public record Stores(
    Store<StoredObject> networks,
    Store<StoredObject> services,
    Store<StoredObject> configMaps,
    Store<StoredObject> statefulSets,
    Store<Pod> pods) {
  /** All there is of this namespace was complete at least once. */
  public boolean synced(String namespace) {
    return Stream.of(networks, services, configMaps, statefulSets, pods)
        .allMatch(store -> store.synced(namespace));
  }
}
