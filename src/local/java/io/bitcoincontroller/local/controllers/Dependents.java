package io.bitcoincontroller.local.controllers;

import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.OwnerReference;
import io.bitcoincontroller.local.api.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which objects name which owners. It may lag behind the storage. */
final class Dependents {
  /** An object that names owners. */
  record Dependent(Kind kind, ObjectKey key, String uid) {}

  private final Map<Dependent, List<OwnerReference>> owners = new HashMap<>();

  /** The same relation the other way: every dependent here is in {@link #owners}. */
  private final Map<String, Set<Dependent>> byOwnerUid = new HashMap<>();

  /** Notes what an object names as its owners; true if that is news. */
  boolean put(Dependent dependent, List<OwnerReference> named) {
    if (named.equals(owners.getOrDefault(dependent, List.of()))) {
      return false;
    }
    remove(dependent);
    if (!named.isEmpty()) {
      owners.put(dependent, named);
      for (var owner : named) {
        byOwnerUid.computeIfAbsent(owner.uid(), _ -> new HashSet<>()).add(dependent);
      }
    }
    return true;
  }

  void remove(Dependent dependent) {
    var named = owners.remove(dependent);
    for (var owner : named == null ? List.<OwnerReference>of() : named) {
      byOwnerUid.computeIfPresent(
          owner.uid(),
          (_, dependents) -> {
            dependents.remove(dependent);
            return dependents.isEmpty() ? null : dependents;
          });
    }
  }

  Collection<Dependent> of(String ownerUid) {
    return Set.copyOf(byOwnerUid.getOrDefault(ownerUid, Set.of()));
  }

  Collection<Dependent> all() {
    return Set.copyOf(owners.keySet());
  }
}
