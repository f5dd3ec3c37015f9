package io.bitcoincontroller;

import io.bitcoincontroller.cache.Reflector;
import io.bitcoincontroller.network.Stores;
import io.bitcoincontroller.timing.Ticker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the probes say about the watches; empty while all is well.
 *
 * @param namespaces each of them; the empty one stands for all
 * @param reflectors without those of the budgets
 * @param budgetReflectors not started where there are no budgets
 */
record WatchProbes(
    Set<String> namespaces,
    Stores stores,
    List<Reflector<?>> reflectors,
    List<Reflector<?>> budgetReflectors) {
  /** A probe names so many namespaces that are in trouble: nobody would read a thousand. */
  private static final int NAMED = 3;

  /** For liveness: only a restart cures it. */
  Optional<String> stuck() {
    var now = Ticker.SYSTEM.nanos();
    return Stream.concat(reflectors.stream(), budgetReflectors.stream())
            .allMatch(reflector -> reflector.alive(now))
        ? Optional.empty()
        : Optional.of("a watch loop no longer turns");
  }

  /** For readiness. */
  Optional<String> notSynced() {
    return some(
        namespaces.stream()
            .filter(namespace -> !stores.synced(namespace))
            .map(
                namespace ->
                    (namespace.isEmpty() ? "the cache" : "namespace " + namespace)
                        + " is not synced yet"));
  }

  /** For readiness: the caches are stale, or may soon be. Budgets don't count. */
  Optional<String> troubled() {
    var byNamespace = new LinkedHashMap<String, String>();
    for (var reflector : reflectors) {
      var trouble = reflector.setback();
      if (!trouble.isEmpty()) {
        byNamespace.putIfAbsent(reflector.namespace(), trouble);
      }
    }
    return some(byNamespace.values().stream());
  }

  /** One problem a namespace. */
  private static Optional<String> some(Stream<String> problems) {
    var all = problems.toList();
    var text = String.join("; ", all.subList(0, Math.min(NAMED, all.size())));
    var more = all.size() - NAMED;
    return Optional.of(more > 0 ? text + "; and so of " + more + " more namespaces" : text)
        .filter(t -> !t.isEmpty());
  }
}
