package io.bitcoincontroller.mesh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;

/** The rule of reconciliation of an added-node list. */
public final class Mesh {
  private Mesh() {}

  /**
   * The changes that make {@code listed} the wanted list. Removals come first: an entry that leads
   * nowhere costs bitcoind's single dialler a try in every round. Then come the missing entries,
   * the declared ones first: bitcoind itself dials the first eight, and the controller dials
   * declared peers more rarely than links.
   *
   * @param wanted addresses that the controller puts there
   * @param declared addresses that the user wants there as well: {@code spec.peers}
   * @param listed what {@code getaddednodeinfo} shows
   */
  public static List<PeerChange> diff(
      Collection<PeerAddress> wanted, Collection<PeerAddress> declared, Collection<String> listed) {
    var missing = new LinkedHashSet<>(declared);
    missing.addAll(wanted);
    var keep = new HashSet<>(missing);
    var changes = new ArrayList<PeerChange>();
    for (var entry : listed) {
      var address = PeerAddress.parse(entry);
      if (address.isPresent() && keep.remove(address.get())) {
        missing.remove(address.get());
      } else {
        changes.add(new PeerChange.Remove(entry));
      }
    }
    missing.forEach(address -> changes.add(new PeerChange.Add(address.text())));
    return List.copyOf(changes);
  }
}
