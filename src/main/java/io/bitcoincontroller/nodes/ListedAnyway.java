package io.bitcoincontroller.nodes;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * @param list as it was first read after the last address was refused
   */
  private record Known(Set<String> addresses, Optional<List<String>> list) {}

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** A pod's bitcoind was to add this address, and answered that it is listed. */
  void said(String podUid, String address) {
    known.merge(
        podUid,
        new Known(Set.of(address), Optional.empty()),
        (before, now) -> {
          var all = new HashSet<>(before.addresses());
          all.addAll(now.addresses());
          return all.size() > MOST ? now : new Known(Set.copyOf(all), Optional.empty());
        });
  }

  /** The addresses that need not be added to this list, which was just read. */
  Set<String> of(String podUid, List<String> list) {
    var now =
        known.computeIfPresent(
            podUid,
            (_, before) ->
                before.list().filter(seen -> !seen.equals(list)).isPresent()
                    ? null
                    : new Known(before.addresses(), Optional.of(list)));
    return now == null ? Set.of() : now.addresses();
  }

  void keepOnly(Set<String> podUids) {
    known.keySet().retainAll(podUids);
  }
}
