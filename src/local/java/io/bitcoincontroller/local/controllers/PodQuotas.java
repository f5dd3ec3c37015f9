package io.bitcoincontroller.local.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Metadata;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.api.Storage.StatusException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many pods each namespace may have; any number where nothing was set. */
final class PodQuotas {
  private final Storage storage;
  private final Map<String, Integer> most = new ConcurrentHashMap<>();

  PodQuotas(Storage storage) {
    this.storage = storage;
  }

  void set(String namespace, int pods) {
    most.put(namespace, pods);
  }

  /** 403 as Kubernetes words it, if the namespace is full. */
  void check(JsonNode pod) {
    var key = Metadata.key(pod);
    var limit = most.getOrDefault(key.namespace(), Integer.MAX_VALUE);
    var used =
        storage.list(Kind.PODS).stream()
            .filter(one -> Metadata.key(one).namespace().equals(key.namespace()))
            .count();
    if (used >= limit) {
      throw new StatusException(
          403,
          "Forbidden",
          "pods \"%s\" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=%d, limited: pods=%d"
              .formatted(key.name(), used, limit));
    }
  }
}
