package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.plan.Child;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Reads the children of one network, and whose they are. */
final class ChildReader {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final ApiSender api;

  /** Names of children that were taken for absent without a look. */
  private final Set<String> assumed = new HashSet<>();

  ChildReader(ApiSender api) {
    this.api = api;
  }

  /**
   * The cache shows only objects with our labels. The API server is asked for the rest: it may be
   * ours and have lost a label, or somebody else's. For a new network, it is not asked at first: if
   * something has the name of a child, the POST of the child fails.
   */
  Child read(
      BitcoinNetwork network,
      Store<StoredObject> store,
      Resource<StoredObject> resource,
      String name)
      throws InterruptedException {
    var key = new ObjectKey(network.metadata().namespace(), name);
    var cached = store.get(key);
    if (cached.isPresent()) {
      return Child.of(network, resource, cached.get());
    }
    if (network.status().isEmpty() && assumed.add(name)) {
      return new Child.Absent();
    }
    return ask(network, resource, name);
  }

  /** Asks the API server, whatever the cache shows. */
  Child ask(BitcoinNetwork network, Resource<StoredObject> resource, String name)
      throws InterruptedException {
    var key = new ObjectKey(network.metadata().namespace(), name);
    var what = resource.kind() + " " + name;
    try {
      return switch (api.send(Requests.get(resource, key), DEADLINE)) {
        case Reply.Success(_, var body) ->
            Child.of(network, resource, Json.read(body, StoredObject.class));
        case Reply.Failure failure when failure.code() == 404 -> new Child.Absent();
        case Reply.Failure failure ->
            new Child.Unreadable(what + " can't be read: " + failure.text());
      };
    } catch (IOException e) {
      return new Child.Unreadable(what + " can't be read: " + e);
    }
  }
}
