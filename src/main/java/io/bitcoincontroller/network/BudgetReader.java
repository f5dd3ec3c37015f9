package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiRequest;
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
import java.util.LinkedHashMap;
import java.util.Optional;

/** Reads the disruption budget of one network, and looks for others over the same pods. */
final class BudgetReader {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Until somebody else's budget is looked for again. */
  private static final Duration RIVAL_FOR = Duration.ofMinutes(5);

  /**
   * Until budgets that can't be read are asked for again: the right to read them may be missing.
   */
  private static final Duration UNREADABLE_FOR = Duration.ofSeconds(30);

  /** Of other people's budgets; each may have some tens of kilobytes. */
  private static final int PAGE = 50;

  private static final int MOST_PAGES = 100;

  private static final String UNREADABLE = "the namespace's PodDisruptionBudgets can't be read: ";

  private final ApiSender api;
  private final ChildReader children;
  private final Stores stores;
  private final Ticker ticker;

  /**
   * The last reading that kept a budget from being made; used again until {@link #obstacleUntil}.
   */
  private Optional<Budget> obstacle = Optional.empty();

  /** A ticker's nanoseconds; means nothing without an obstacle. */
  private long obstacleUntil;

  BudgetReader(ApiSender api, ChildReader children, Stores stores, Ticker ticker) {
    this.api = api;
    this.children = children;
    this.stores = stores;
    this.ticker = ticker;
  }

  /** A budget that the spec does not want is looked for only if the cache has one of its name. */
  Optional<Budget> read(BitcoinNetwork network) throws InterruptedException {
    var support = stores.budgetSupport().get();
    if (support == BudgetSupport.NONE || !stores.budgets().synced(network.metadata().namespace())) {
      return Optional.empty();
    }
    var name = Names.disruptionBudget(network.metadata().name());
    var key = new ObjectKey(network.metadata().namespace(), name);
    if (stores.budgets().get(key).isEmpty()) {
      if (!network.spec().disruptionBudget()) {
        return Optional.empty();
      }
      if (obstacle.isPresent() && ticker.nanos() - obstacleUntil < 0) {
        return obstacle;
      }
    }
    obstacle = Optional.empty();
    var child = children.read(network, stores.budgets(), Resource.POD_DISRUPTION_BUDGETS, name);
    if (!network.spec().disruptionBudget() && !(child instanceof Child.Ours)) {
      return Optional.empty();
    }
    var withPolicy = support == BudgetSupport.WITH_EVICTION_POLICY;
    return Optional.of(
        switch (child) {
          case Child.Absent() -> lookForRival(network, name, withPolicy);
          case Child.Unreadable(String why) -> unreadable(why, withPolicy);
          default -> new Budget(child, withPolicy, Optional.empty());
        });
  }

  private Budget lookForRival(BitcoinNetwork network, String own, boolean withPolicy)
      throws InterruptedException {
    var labels = Names.labels(network.metadata().name());
    var token = "";
    try {
      for (var page = 0; page < MOST_PAGES; page++) {
        switch (api.send(page(network.metadata().namespace(), token), DEADLINE)) {
          case Reply.Success(_, var list) -> {
            var rival = Rivals.first(list, own, labels);
            if (rival.isPresent()) {
              return keep(new Budget(new Child.Absent(), withPolicy, rival), RIVAL_FOR);
            }
            token = list.at("/metadata/continue").asText();
          }
          case Reply.Failure failure -> {
            return unreadable(UNREADABLE + failure.text(), withPolicy);
          }
        }
        if (token.isEmpty()) {
          return new Budget(new Child.Absent(), withPolicy, Optional.empty());
        }
      }
      return unreadable(UNREADABLE + "more than " + MOST_PAGES * PAGE, withPolicy);
    } catch (IOException e) {
      return unreadable(UNREADABLE + e, withPolicy);
    }
  }

  /** Without our own budgets: a namespace has one for each network. */
  private static ApiRequest page(String namespace, String token) {
    var query = new LinkedHashMap<String, String>();
    query.put("labelSelector", Names.NOT_OURS);
    query.put("limit", "" + PAGE);
    query.put("continue", token);
    return Requests.collection(Resource.POD_DISRUPTION_BUDGETS, namespace, query);
  }

  private Budget unreadable(String why, boolean withPolicy) {
    var budget = new Budget(new Child.Unreadable(why), withPolicy, Optional.empty());
    return keep(budget, UNREADABLE_FOR);
  }

  private Budget keep(Budget budget, Duration time) {
    obstacle = Optional.of(budget);
    obstacleUntil = ticker.nanos() + time.toNanos();
    return budget;
  }
}
