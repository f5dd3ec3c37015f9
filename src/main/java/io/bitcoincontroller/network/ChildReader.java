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
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the children of one network, and whose they are. */
final class ChildReader {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** A child that is not ours is in the way for a while. */
  private static final Duration ASKED_AGAIN_AFTER = Duration.ofSeconds(30);

  private final ApiSender api;
  private final Ticker ticker;

  /** By name: when the API server was asked for a cached child that is not ours. */
  private final Map<String, Long> askedAt = new HashMap<>();

  /** Names of children that were taken for absent without a look. */
  private final Set<String> assumed = new HashSet<>();

  ChildReader(ApiSender api, Ticker ticker) {
    this.api = api;
    this.ticker = ticker;
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
      var child = Child.of(network, resource, cached.get());
      return child instanceof Child.Ours || !askIsDue(name)
          ? child
          : confirmed(network, store, resource, cached.get(), child);
    }
    if (network.status().isEmpty() && assumed.add(name)) {
      return new Child.Absent();
    }
    return ask(network, resource, name);
  }

  private boolean askIsDue(String name) {
    var now = ticker.nanos();
    var before = Optional.ofNullable(askedAt.get(name));
    var due = before.filter(at -> now - at < ASKED_AGAIN_AFTER.toNanos()).isEmpty();
    if (due) {
      askedAt.put(name, now);
    }
    return due;
  }

  /** Nothing is written to such a child, so no write would show that the cache alone has it. */
  private Child confirmed(
      BitcoinNetwork network,
      Store<StoredObject> store,
      Resource<StoredObject> resource,
      StoredObject cached,
      Child child)
      throws InterruptedException {
    var found = ask(network, resource, cached.metadata().name());
    if (found.getClass() != child.getClass() && !(found instanceof Child.Unreadable)) {
      store.doubt(cached.metadata());
    }
    return child;
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
