package io.bitcoincontroller.local.kubelet;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Pods that are no processes: for benchmarks of more pods than a machine has room for.
 *
 * @param readyAfter from the container's start
 * @param stand started for each container, and closed when it ends
 */
public record SimulatedPods(Duration readyAfter, StandIn stand) {
  /** What answers at a pod's address. */
  @FunctionalInterface
  public interface StandIn {
    /**
     * Starts it.
     *
     * @param command of the container; references to variables stay as they are
     */
    Closeable start(String address, List<String> command) throws IOException;
  }

  /** At whose addresses nothing answers. */
  public static SimulatedPods mute(Duration readyAfter) {
    return new SimulatedPods(readyAfter, (_, _) -> () -> {});
  }
}
