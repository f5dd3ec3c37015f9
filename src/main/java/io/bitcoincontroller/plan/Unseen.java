package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import io.bitcoincontroller.kube.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A pod that is there, and that the cache can't show: it may have any blocks, and be of any
 * template, so that nothing is done that could make it go. Pure.
 *
 * @param why for people
 * @param uid may be empty
 */
public record Unseen(String why, String uid) {
  /**
   * All of a network, by ordinal.
   *
   * @param pods those that the cache shows
   * @param unreadable what it says of others
   * @param someOnlyCounted it does not know the names of all that it leaves out
   */
  public static Map<Integer, Unseen> of(
      BitcoinNetwork network,
      Child statefulSet,
      Map<Integer, Pod> pods,
      Function<ObjectKey, Optional<Parsed.Unreadable<Pod>>> unreadable,
      boolean someOnlyCounted) {
    var replicas = statefulSet instanceof Child.Ours(var object) ? Children.replicas(object) : 0;
    var counted =
        statefulSet instanceof Child.Ours(var object)
            ? object.content().at("/status/replicas").asInt()
            : 0;
    var unseen = new TreeMap<Integer, Unseen>();
    for (var ordinal = 0; ordinal < Math.max(network.spec().nodes(), replicas); ordinal++) {
      if (pods.containsKey(ordinal)) {
        continue;
      }
      var name = Names.pod(network.metadata().name(), ordinal);
      var said = unreadable.apply(new ObjectKey(network.metadata().namespace(), name));
      if (said.isPresent()) {
        unseen.put(ordinal, new Unseen(said.get().why(), said.get().uid()));
      } else if (someOnlyCounted && counted > pods.size() && ordinal < replicas) {
        unseen.put(ordinal, new Unseen("very many objects can't be read", ""));
      }
    }
    return unseen;
  }
}
