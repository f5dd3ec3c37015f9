package io.bitcoincontroller.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The next step from the list that a bitcoind has to the wanted one. A node dials before it lists,
 * so bitcoind finds nothing to dial by itself. It looks at its list every two seconds, and then
 * dials what is not connected, half a second apart. Nobody can stop such a round: it goes on across
 * a partition that comes meanwhile.
 *
 * @param changes to be made now
 * @param dials ordinals that the node is to dial first: each dial is to end before its entry is
 *     added
 * @param complete whether the list is as wanted then; if not, the rest has to wait for bitcoind
 */
public record ListStep(List<PeerChange> changes, List<Integer> dials, boolean complete) {
  /** So many entries that nobody has dialled may be listed at once: their round takes 1.5 s. */
  public static final int UNDIALLED = 3;

  /**
   * The step of one node.
   *
   * @param difference from its list to the wanted one
   * @param free addresses that may be listed as they are: it has dialled them, or they are the
   *     user's
   * @param own ordinals of the others that it dials itself, by address
   * @param room how many other entries may be added
   */
  public static ListStep of(
      List<PeerChange> difference, Set<PeerAddress> free, Map<PeerAddress, Integer> own, int room) {
    var changes = new ArrayList<PeerChange>();
    var dials = new ArrayList<Integer>();
    var undialled = 0;
    for (var change : difference) {
      var address = PeerAddress.parse(change.address());
      if (change instanceof PeerChange.Remove || address.filter(free::contains).isPresent()) {
        changes.add(change);
      } else if (address.filter(own::containsKey).isPresent()) {
        changes.add(change);
        dials.add(own.get(address.get()));
      } else if (undialled < room) {
        changes.add(change);
        undialled++;
      }
    }
    return new ListStep(
        List.copyOf(changes), List.copyOf(dials), changes.size() == difference.size());
  }
}
