package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.plan.Child;
import io.bitcoincontroller.plan.Observation.Budget;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the disruption budget of one network, and looks for others over the same pods. */
final class BudgetReader {
  /** Until somebody else's budget is looked for again; that reading may be a minute old. */
  private static final Duration RIVAL_FOR = Duration.ofMinutes(5);

  /** Until our own that can't be read is asked for again: the right to read it may be missing. */
  private static final Duration UNREADABLE_FOR = Duration.ofSeconds(30);

  private final ApiSender api;
  private final ChildReader children;
  private final RivalReader rivals;
  private final Stores stores;
  private final Ticker ticker;

  /**
   * The last reading that kept a budget from being made; used again until {@link #obstacleUntil}.
   */
  private Optional<Budget> obstacle = Optional.empty();

  /** A ticker's nanoseconds; means nothing without an obstacle. */
  private long obstacleUntil;

  /**
   * Since when the network is without the budget that it is to have, in a ticker's nanoseconds:
   * whoever makes another one and then a network, or takes ours away, is seen to have done so.
   */
  private OptionalLong lackingSince = OptionalLong.empty();

  BudgetReader(
      ApiSender api, ChildReader children, RivalReader rivals, Stores stores, Ticker ticker) {
    this.api = api;
    this.children = children;
    this.rivals = rivals;
    this.stores = stores;
    this.ticker = ticker;
  }

  /**
   * A budget that is not to be made is looked for only if the cache has one of its name.
   *
   * @param nodes how many the network shall have now: one that has none needs no budget yet
   * @param permit given up while other people's budgets are read
   */
  Optional<Budget> read(BitcoinNetwork network, int nodes, Permit permit)
      throws InterruptedException {
    var support = stores.budgetSupport().get();
    if (support == BudgetSupport.NONE || !stores.budgets().synced(network.metadata().namespace())) {
      return Optional.empty();
    }
    var name = Names.disruptionBudget(network.metadata().name());
    var key = new ObjectKey(network.metadata().namespace(), name);
    var isToBe = network.spec().disruptionBudget() && nodes > 0 && !network.metadata().deleting();
    if (stores.budgets().get(key).isPresent()) {
      lackingSince = OptionalLong.empty();
    } else if (!isToBe) {
      lackingSince = OptionalLong.empty();
      return Optional.empty();
    } else if (obstacle.isPresent() && ticker.nanos() - obstacleUntil < 0) {
      return obstacle;
    }
    obstacle = Optional.empty();
    var child = children.read(network, stores.budgets(), Resource.POD_DISRUPTION_BUDGETS, name);
    if (!network.spec().disruptionBudget() && !(child instanceof Child.Ours)) {
      return Optional.empty();
    }
    var withPolicy = support == BudgetSupport.WITH_EVICTION_POLICY;
    var budget = new Budget(child, withPolicy, Optional.empty());
    return Optional.of(
        switch (child) {
          case Child.Absent() -> lookForRival(network, budget, permit);
          case Child.Unreadable _ -> keep(budget, ticker.nanos() + UNREADABLE_FOR.toNanos());
          default -> budget;
        });
  }

  private Budget lookForRival(BitcoinNetwork network, Budget absent, Permit permit)
      throws InterruptedException {
    var since = lackingSince.orElseGet(ticker::nanos);
    lackingSince = OptionalLong.of(since);
    var reading = rivals.read(network.metadata().namespace(), since, api, permit);
    var rival = Optional.ofNullable(reading.rivals().get(network.metadata().name()));
    if (rival.isPresent()) {
      var until = ticker.nanos() + RIVAL_FOR.toNanos();
      return keep(new Budget(absent.child(), absent.withPolicy(), rival), until);
    }
    return reading
        .unread()
        .map(why -> new Budget(new Child.Unreadable(why), absent.withPolicy(), Optional.empty()))
        .map(budget -> keep(budget, reading.until()))
        .orElse(absent);
  }

  private Budget keep(Budget budget, long until) {
    obstacle = Optional.of(budget);
    obstacleUntil = until;
    return budget;
  }
}
