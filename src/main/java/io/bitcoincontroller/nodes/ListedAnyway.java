package io.bitcoincontroller.nodes;

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
   * @param list hash of the one that was to get the addresses, as it was read before: a node may
   *     say megabytes
   * @param since when the first of them was refused; of the Ticker
   */
  private record Known(int list, Set<String> addresses, long since) {}

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * A pod's bitcoind was to add this address to a list, and answered that it is listed.
   *
   * @param list its hash
   * @param now of a Ticker
   */
  void said(String podUid, int list, String address, long now) {
    known.merge(
        podUid,
        new Known(list, Set.of(address), now),
        (before, fresh) -> {
          if (!isOf(before, list, now) || before.addresses().size() >= MOST) {
            return fresh;
          }
          var all = new HashSet<>(before.addresses());
          all.add(address);
          return new Known(list, Set.copyOf(all), before.since());
        });
  }

  /**
   * The addresses that need not be added to this list, which was just read.
   *
   * @param now of a Ticker
   */
  Set<String> of(String podUid, List<String> list, long now) {
    var still =
        known.computeIfPresent(podUid, (_, it) -> isOf(it, list.hashCode(), now) ? it : null);
    return still == null ? Set.of() : still.addresses();
  }

  private static boolean isOf(Known it, int list, long now) {
    return it.list() == list && now - it.since() < BELIEVED.toNanos();
  }

  void keepOnly(Set<String> podUids) {
    known.keySet().retainAll(podUids);
  }
}
