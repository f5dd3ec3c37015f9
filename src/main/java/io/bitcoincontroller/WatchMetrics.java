package io.bitcoincontroller;

import io.bitcoincontroller.cache.Reflector;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.timing.Ticker;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/** What /metrics says of one cache and its watches. */
record WatchMetrics(Metrics metrics, Ticker ticker, String resource) {
  void of(Store<?> store) {
    metrics.gauge(
        "cache_unreadable_objects",
        "Objects that can't be read, or for which there is no room",
        store::unreadable,
        "resource",
        resource);
    metrics.counter(
        "cache_writes_never_seen_total",
        "Own writes that the watch has not shown in time",
        store::writesNeverSeen,
        "resource",
        resource);
  }

  /** Shows the oldest of all namespaces: there may be a thousand. */
  <T extends KubeObject> void of(List<Reflector<T>> of, BooleanSupplier watched) {
    metrics.gauge(
        "watch_last_byte_age_seconds",
        "Time since the last byte of the watch",
        () -> watched.getAsBoolean() ? ageSeconds(of, Reflector::lastByteNanos) : 0,
        "resource",
        resource);
    metrics.gauge(
        "cache_proved_age_seconds",
        "Time since the cache was last known to be as new as the API server",
        () -> watched.getAsBoolean() ? ageSeconds(of, Reflector::provedNanos) : 0,
        "resource",
        resource);
  }

  private <T extends KubeObject> double ageSeconds(
      List<Reflector<T>> of, ToLongFunction<Reflector<T>> moment) {
    var now = ticker.nanos();
    return of.stream().mapToLong(reflector -> now - moment.applyAsLong(reflector)).max().orElse(0)
        / 1e9;
  }
}
