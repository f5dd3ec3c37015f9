package io.bitcoincontroller.local.kubelet;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Pods that are no processes: a machine has room for many of them.
 *
 * @param readyAfter from the container's start
 * @param stand started for each container, and closed when it ends
 */
public record SimulatedPods(Duration readyAfter, StandIn stand) {
  /** Answers at a pod's address. */
  @FunctionalInterface
  public interface StandIn {
    /**
     * Starts it.
     *
     * @param command of the container; references to variables stay as they are
     */
    Closeable start(String address, List<String> command) throws IOException;
  }

  /** Nothing answers at their addresses. */
  public static SimulatedPods mute(Duration readyAfter) {
    return new SimulatedPods(readyAfter, (_, _) -> () -> {});
  }
}
