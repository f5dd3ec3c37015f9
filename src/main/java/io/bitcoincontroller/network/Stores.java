package io.bitcoincontroller.network;

import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What is watched.
 *
 * @param networks all; the others hold only what carries our labels
 * @param budgets empty, and not synced, where there is no support for them, or no right to see them
 * @param budgetSupport {@code NONE} until it is known
 */
public record Stores(
    Store<StoredObject> networks,
    Store<StoredObject> services,
    Store<StoredObject> configMaps,
    Store<StoredObject> statefulSets,
    Store<StoredObject> budgets,
    Supplier<BudgetSupport> budgetSupport,
    Store<Pod> pods) {
  /**
   * All there is of this namespace was complete at least once. Budgets don't count: where they
   * can't be had, networks do without.
   */
  public boolean synced(String namespace) {
    return Stream.of(networks, services, configMaps, statefulSets, pods)
        .allMatch(store -> store.synced(namespace));
  }
}
