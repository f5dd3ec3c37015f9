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
 * @param budgets empty where there is no support for them
 * @param budgetSupport known before the first pass
 */
public record Stores(
    Store<StoredObject> networks,
    Store<StoredObject> services,
    Store<StoredObject> configMaps,
    Store<StoredObject> statefulSets,
    Store<StoredObject> budgets,
    Supplier<BudgetSupport> budgetSupport,
    Store<Pod> pods) {
  /** All there is of this namespace was complete at least once. */
  public boolean synced(String namespace) {
    var budgetsIfAny =
        budgetSupport.get() == BudgetSupport.NONE ? Stream.<Store<?>>of() : Stream.of(budgets);
    return Stream.concat(
            Stream.of(networks, services, configMaps, statefulSets, pods), budgetsIfAny)
        .allMatch(store -> store.synced(namespace));
  }
}
