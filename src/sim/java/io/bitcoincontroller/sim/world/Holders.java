package io.bitcoincontroller.sim.world;

import io.bitcoincontroller.sim.world.Etcd.ObjectId;
import java.util.Optional;

/** Finds the last node that has a chain. */
public final class Holders {
  private Holders() {}

  /**
   * The bitcoind of this pod, if it alone has the tallest chain of its network, and has had it for
   * this long: nobody can know what was mined just now. Empty if a person has given up the blocks.
   */
  public static Optional<Bitcoind> isLast(World world, ObjectId pod, long nanos) {
    var ip = world.etcd.get(pod).map(p -> p.at("/status/podIP").asText()).orElse("");
    var node = world.nodes.at(ip).filter(n -> n.pod.equals(pod.key().name()));
    return node.filter(n -> n.tip.height() > 0 && world.users.wantsBlocks(n.network))
        .filter(n -> world.nanos() - n.tip.minedAt() >= nanos)
        .filter(
            n ->
                world.nodes.all().stream()
                    .filter(other -> other != n && other.networkUid.equals(n.networkUid))
                    .noneMatch(other -> other.tip.height() >= n.tip.height()));
  }
}
