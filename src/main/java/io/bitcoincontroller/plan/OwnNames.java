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
 * Which declared peers are nodes of the network itself, by name or by address: those the topology
 * links. Pure.
 */
final class OwnNames {
  private OwnNames() {}

  /**
   * The declared peers that are not of this network.
   *
   * @param live addresses of its pods
   */
  static Set<PeerAddress> declared(BitcoinNetwork network, Collection<PeerAddress> live) {
    var own = own(network);
    var addresses = new HashSet<String>();
    live.forEach(pod -> addresses.add(pod.host().replaceAll("[.:]", "-")));
    var declared = new LinkedHashSet<>(network.spec().peers());
    declared.removeIf(
        peer -> {
          var name = own.matcher(peer.host());
          return live.contains(peer)
              || (name.matches() && (name.group(1) == null || addresses.contains(name.group(1))));
        });
    return declared;
  }

  /**
   * The headless Service and all that stands below it, as far as a pod's resolver completes it, and
   * a pod by its address: Kubernetes, "DNS for Services and Pods". The cluster's domain may be any.
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
