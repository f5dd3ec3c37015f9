package io.bitcoincontroller.nodes;

import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Addresses that a bitcoind calls listed although its list shows none that we know to be the same:
 * without this, every pass would try to add them. Forgotten when the list has changed, as it has
 * when bitcoind starts anew; and after a while, since a list can be lost and look the same. Safe
 * for many threads.
 */
final class ListedAnyway {
  /** No plan makes a list this long. */
  private static final int MOST = 1000;

  private static final Duration BELIEVED = Duration.ofMinutes(5);

  /**
   * @param list that was to get the addresses, as it was read before
   * @param since when the first of them was refused; of the Ticker
   */
  private record Known(List<String> list, Set<String> addresses, long since) {}

  private final Ticker ticker;

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  ListedAnyway(Ticker ticker) {
    this.ticker = ticker;
  }

  /** A pod's bitcoind was to add this address to this list, and answered that it is listed. */
  void said(String podUid, List<String> list, String address) {
    known.merge(
        podUid,
        new Known(list, Set.of(address), ticker.nanos()),
        (before, now) -> {
          if (!before.list().equals(list) || before.addresses().size() >= MOST) {
            return now;
          }
          var all = new HashSet<>(before.addresses());
          all.addAll(now.addresses());
          return new Known(list, Set.copyOf(all), before.since());
        });
  }

  /** The addresses that need not be added to this list, which was just read. */
  Set<String> of(String podUid, List<String> list) {
    var now = known.computeIfPresent(podUid, (_, it) -> isOf(it, list) ? it : null);
    return now == null ? Set.of() : now.addresses();
  }

  private boolean isOf(Known it, List<String> list) {
    return it.list().equals(list) && ticker.nanos() - it.since() < BELIEVED.toNanos();
  }

  void keepOnly(Set<String> podUids) {
    known.keySet().retainAll(podUids);
  }
}
