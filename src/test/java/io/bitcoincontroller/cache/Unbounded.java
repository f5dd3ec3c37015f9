package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Stores for tests to which it does not matter how much is kept. */
public final class Unbounded {
  private Unbounded() {}

  /** As {@link Store}, and keeps all of every object. */
  public static <T extends KubeObject> Store<T> store(
      String plural,
      Set<String> namespaces,
      Function<T, Optional<ObjectKey>> ownerOf,
      Ticker ticker,
      Log log) {
    var budget = new Budget(Long.MAX_VALUE);
    return new Store<>(plural, namespaces, ownerOf, object -> object, _ -> 0, budget, ticker, log);
  }
}
