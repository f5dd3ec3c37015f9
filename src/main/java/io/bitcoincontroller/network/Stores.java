package io.bitcoincontroller.network;

import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The watched objects, one store for each kind.
 *
 * @param networks all of them; the other stores hold only objects with our labels
 * @param budgets empty and not synced if the cluster has none, or we may not see them
 * @param budgetSupport {@code NONE} until it is known
 */
public record Stores(
    Store<StoredObject> networks,
    Store<StoredObject> services,
    Store<StoredObject> statefulSets,
    Store<StoredObject> budgets,
    Supplier<BudgetSupport> budgetSupport,
    Store<Pod> pods) {
  /**
   * Whether each store has been complete once for this namespace. Budgets don't count: networks do
   * without them.
   */
  public boolean synced(String namespace) {
    return Stream.of(networks, services, statefulSets, pods)
        .allMatch(store -> store.synced(namespace));
  }
}
