package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.mesh.PeerAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells declared peers from the network's own nodes, which a peer may name by name or by address:
 * the topology links those.
 */
final class OwnNames {
  private OwnNames() {}

  /**
   * The declared peers outside this network.
   *
   * @param live addresses of the network's pods
   */
  static Set<PeerAddress> declared(BitcoinNetwork network, Collection<PeerAddress> live) {
    var declared = new LinkedHashSet<>(network.spec().peers());
    if (declared.isEmpty()) {
      return declared; // the pattern costs more than all the rest of a small plan
    }
    var own = own(network);
    var addresses = new HashSet<String>();
    live.forEach(pod -> addresses.add(pod.host().replaceAll("[.:]", "-")));
    declared.removeIf(
        peer -> {
          var name = own.matcher(peer.host());
          return live.contains(peer)
              || (name.matches() && (name.group(1) == null || addresses.contains(name.group(1))));
        });
    return declared;
  }

  /**
   * The names of the headless Service and of its pods, in all forms that a pod's resolver
   * completes, and a pod's name by its address: Kubernetes, "DNS for Services and Pods". The
   * cluster may have any domain.
   */
  private static Pattern own(BitcoinNetwork network) {
    var service = Pattern.quote(Names.service(network.metadata().name()));
    var namespace = Pattern.quote(network.metadata().namespace());
    return Pattern.compile(
        "(?:(?:[^.]+\\.)?"
            + service
            + "(?:\\."
            + namespace
            + "(?:\\.svc(?:\\..+)?)?)?|([0-9a-f-]+)\\."
            + namespace
            + "\\.pod(?:\\..+)?)\\.?");
  }
}
