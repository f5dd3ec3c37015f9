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

/** Reads a child of a network, and whose it is. */
final class ChildReader {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final ApiSender api;

  ChildReader(ApiSender api) {
    this.api = api;
  }

  /**
   * The cache shows only objects with our labels. The API server is asked for the rest: an apply
   * over somebody else's object would make it ours, and would let it go with the network.
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
