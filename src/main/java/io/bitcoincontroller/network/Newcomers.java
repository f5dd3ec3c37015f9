package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.kube.Pod;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The nodes of one network that nobody has called yet: they need not be read before they are
 * linked. The first nodes of a new network wait a moment for the others, so that each is called
 * once for all of them.
 */
final class Newcomers {
  /** Pods that are made together are ready together, give or take this. */
  private static final Duration TOGETHER = Duration.ofSeconds(1);

  /** UIDs of the pods that are no newcomers any more. */
  private final Set<String> met = new HashSet<>();

  /** When the first pod of a new network was seen ready; a ticker's nanoseconds. */
  private OptionalLong firstReady = OptionalLong.empty();

  private boolean waiting;

  void keepOnly(Set<String> podUids) {
    met.retainAll(podUids);
  }

  /** Whether these nodes are to be let alone for now. */
  boolean waits(BitcoinNetwork network, Collection<Pod> ready, long now) {
    if (firstReady.isEmpty() && !ready.isEmpty()) {
      firstReady = OptionalLong.of(now);
    }
    waiting =
        network.status().isEmpty()
            && !ready.isEmpty()
            && ready.size() < network.spec().nodes()
            && left(now) > 0;
    return waiting;
  }

  private long left(long now) {
    return firstReady.orElse(now) + TOGETHER.toNanos() - now;
  }

  /** When the wait is over; empty if there is none. */
  Optional<Duration> nextLook(long now) {
    return waiting ? Optional.of(Duration.ofNanos(Math.max(left(now), 0))) : Optional.empty();
  }

  /**
   * The ordinals of the newcomers. From now on they are none. A node that the status shows ready
   * was called by an earlier process; and one alone has nobody to be linked with.
   */
  Set<Integer> of(BitcoinNetwork network, Map<Integer, Pod> ready) {
    var fresh = new HashSet<Integer>();
    ready.forEach(
        (ordinal, pod) -> {
          var known = network.status().path("nodes").path(ordinal);
          var called =
              known.path("ready").asBoolean()
                  && known.path("ip").asText().equals(pod.status().podIP());
          if (met.add(pod.metadata().uid()) && !called && network.spec().nodes() > 1) {
            fresh.add(ordinal);
          }
        });
    return fresh;
  }
}
