package io.bitcoincontroller.plan;

import java.util.Optional;

/**
 * All that the writes of the children depend on, in a pass that had none to make. As long as it
 * stays the same there is none, and nothing has to be rendered to find that out: most passes look
 * for news of the nodes. The spec is not kept, and its generation is: it may take much memory.
 *
 * @param uid of the network
 * @param partition that of the {@link Rollout}
 */
public record AsRendered(
    String uid,
    long generation,
    Child statefulSet,
    Child service,
    SecretState secret,
    Optional<Child> oldConfigMap,
    Optional<Observation.Budget> budget,
    int nodes,
    int replicas,
    int partition) {

  static AsRendered of(Observation seen, int partition) {
    var network = seen.network();
    return new AsRendered(
        network.metadata().uid(),
        network.metadata().generation(),
        seen.statefulSet(),
        seen.service(),
        seen.secret(),
        seen.oldConfigMap(),
        seen.budget(),
        seen.nodes(),
        seen.held().replicas(),
        partition);
  }
}
