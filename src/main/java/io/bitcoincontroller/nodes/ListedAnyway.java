package io.bitcoincontroller.nodes;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Addresses that a bitcoind calls listed although its list shows none that we know to be the same:
 * without this, every pass would try to add them. Forgotten when the list has changed, as it has
 * when bitcoind starts anew. Safe for many threads.
 */
final class ListedAnyway {
  /** No plan makes a list this long. */
  private static final int MOST = 1000;

  /**
   * @param list that was to get the addresses, as it was read before
   */
  private record Known(List<String> list, Set<String> addresses) {}

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** A pod's bitcoind was to add this address to this list, and answered that it is listed. */
  void said(String podUid, List<String> list, String address) {
    known.merge(
        podUid,
        new Known(list, Set.of(address)),
        (before, now) -> {
          if (!before.list().equals(list) || before.addresses().size() >= MOST) {
            return now;
          }
          var all = new HashSet<>(before.addresses());
          all.addAll(now.addresses());
          return new Known(list, Set.copyOf(all));
        });
  }

  /** The addresses that need not be added to this list, which was just read. */
  Set<String> of(String podUid, List<String> list) {
    var now = known.computeIfPresent(podUid, (_, it) -> it.list().equals(list) ? it : null);
    return now == null ? Set.of() : now.addresses();
  }

  void keepOnly(Set<String> podUids) {
    known.keySet().retainAll(podUids);
  }
}
