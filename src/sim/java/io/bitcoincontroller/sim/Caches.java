package io.bitcoincontroller.sim;

import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.network.Stores;
import io.bitcoincontroller.sim.world.Etcd;
import io.bitcoincontroller.sim.world.Users;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares what a controller keeps with what the API server has. */
final class Caches {
  private Caches() {}

  /** The first kind of which a controller keeps other objects, or others of their versions. */
  static Optional<String> differ(Stores stores, Etcd etcd) {
    return Stream.of(
            differ(stores.networks(), etcd, Etcd.NETWORKS),
            differ(stores.statefulSets(), etcd, Etcd.SETS),
            differ(stores.pods(), etcd, Etcd.PODS))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static <T extends KubeObject> Optional<String> differ(
      Store<T> store, Etcd etcd, String kind) {
    Map<String, String> kept = new TreeMap<>();
    for (var object : store.all()) {
      kept.put(object.metadata().key().toString(), object.metadata().resourceVersion());
    }
    Map<String, String> there = new TreeMap<>();
    for (var object : etcd.list(kind)) {
      var id = Etcd.idOf(kind, object.tree());
      if (!id.equals(Users.UNREADABLE)) {
        there.put(id.key().toString(), object.at("/metadata/resourceVersion").asText());
      }
    }
    return kept.equals(there)
        ? Optional.empty()
        : Optional.of("of " + kind + " it keeps " + kept + ", and there are " + there);
  }
}
