package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.plan.Child;
import io.bitcoincontroller.plan.Observation.Budget;
import io.bitcoincontroller.plan.Rivals;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads the disruption budget of one network, and looks for others over the same pods. */
final class BudgetReader {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** The time for which somebody else's budget counts until it is looked for again. */
  private static final Duration RIVAL_FOR = Duration.ofMinutes(5);

  private final ApiSender api;
  private final ChildReader children;
  private final Stores stores;
  private final Ticker ticker;

  /** The name of somebody else's budget over the pods, as it was found last. */
  private Optional<String> rival = Optional.empty();

  /** A ticker's nanoseconds; means nothing without a rival. */
  private long rivalUntil;

  BudgetReader(ApiSender api, ChildReader children, Stores stores, Ticker ticker) {
    this.api = api;
    this.children = children;
    this.stores = stores;
    this.ticker = ticker;
  }

  /** A budget that the spec does not want is only looked for in the cache: there it is ours. */
  Optional<Budget> read(BitcoinNetwork network) throws InterruptedException {
    var support = stores.budgetSupport().get();
    if (support == BudgetSupport.NONE || !stores.budgets().synced(network.metadata().namespace())) {
      return Optional.empty();
    }
    var name = Names.disruptionBudget(network.metadata().name());
    var key = new ObjectKey(network.metadata().namespace(), name);
    if (!network.spec().disruptionBudget() && stores.budgets().get(key).isEmpty()) {
      return Optional.empty();
    }
    var child = children.read(network, stores.budgets(), Resource.POD_DISRUPTION_BUDGETS, name);
    if (!network.spec().disruptionBudget() && !(child instanceof Child.Ours)) {
      return Optional.empty();
    }
    var withPolicy = support == BudgetSupport.WITH_EVICTION_POLICY;
    if (!(child instanceof Child.Absent)) {
      rival = Optional.empty();
      return Optional.of(new Budget(child, withPolicy, rival));
    }
    return Optional.of(lookForRival(network, name, withPolicy));
  }

  private Budget lookForRival(BitcoinNetwork network, String own, boolean withPolicy)
      throws InterruptedException {
    if (rival.isPresent() && ticker.nanos() - rivalUntil < 0) {
      return new Budget(new Child.Absent(), withPolicy, rival);
    }
    rivalUntil = ticker.nanos() + RIVAL_FOR.toNanos();
    var all =
        Requests.collection(
            Resource.POD_DISRUPTION_BUDGETS, network.metadata().namespace(), Map.of());
    var labels = Names.labels(network.metadata().name());
    var unreadable = "the namespace's PodDisruptionBudgets can't be read: ";
    try {
      return switch (api.send(all, DEADLINE)) {
        case Reply.Success(_, var list) -> {
          rival = Rivals.first(list, own, labels);
          yield new Budget(new Child.Absent(), withPolicy, rival);
        }
        case Reply.Failure failure ->
            new Budget(
                new Child.Unreadable(unreadable + failure.text()), withPolicy, Optional.empty());
      };
    } catch (IOException e) {
      return new Budget(new Child.Unreadable(unreadable + e), withPolicy, Optional.empty());
    }
  }
}
