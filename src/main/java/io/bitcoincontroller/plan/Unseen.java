package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.kube.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pod that is there, and that the cache can't show, or not as the StatefulSet's. It may have any
 * blocks, and be of any template: nothing is done that could make it go.
 *
 * @param why for people: what follows "it is there and"
 * @param uid may be empty
 */
public record Unseen(String why, String uid) {
  /**
   * All of a network, by ordinal.
   *
   * @param pods those that the cache shows
   * @param unreadable those that the cache leaves out, as far as it knows their names, and those
   *     that the StatefulSet has not taken over
   * @param someOnlyCounted the cache does not know the names of all that it leaves out
   */
  public static Map<Integer, Unseen> of(
      BitcoinNetwork network,
      Child statefulSet,
      Map<Integer, Pod> pods,
      Map<Integer, Unseen> unreadable,
      boolean someOnlyCounted) {
    var replicas = statefulSet instanceof Child.Ours(var object) ? Children.replicas(object) : 0;
    var counted =
        statefulSet instanceof Child.Ours(var object)
            ? object.content().at("/status/replicas").asInt()
            : 0;
    var unseen = new TreeMap<Integer, Unseen>();
    for (var ordinal = 0; ordinal < Ordinals.end(network, statefulSet); ordinal++) {
      var left = Optional.ofNullable(unreadable.get(ordinal));
      if (pods.containsKey(ordinal)) {
        continue;
      }
      if (left.isPresent()) {
        unseen.put(ordinal, left.get());
      } else if (someOnlyCounted && counted > pods.size() && ordinal < replicas) {
        unseen.put(ordinal, new Unseen("can't be read (as very many others)", ""));
      }
    }
    return unseen;
  }
}
