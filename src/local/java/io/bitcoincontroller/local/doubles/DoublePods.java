package io.bitcoincontroller.local.doubles;

import io.bitcoincontroller.local.kubelet.Expansion;
import io.bitcoincontroller.local.kubelet.SimulatedPods;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Pods whose bitcoind is a double: they start at once, and cost little. */
public final class DoublePods {
  private static final int RPC_PORT = 18443;
  private static final String RPC_AUTH = "-rpcauth=";

  private DoublePods() {}

  /**
   * Pods with a node each, which takes the credentials in its pod's command.
   *
   * @param nodes closed by the caller, after the cluster
   * @param readyAfter from the container's start
   */
  public static SimulatedPods of(DoubleNetwork nodes, Duration readyAfter) {
    return new SimulatedPods(
        readyAfter, (address, command) -> nodes.start(address, RPC_PORT, options(command)));
  }

  /** The options of a node whose container has this command: its {@code -rpcauth} lines. */
  public static RpcServerOptions options(List<String> command) {
    return RpcServerOptions.of(
        command.stream()
            .filter(word -> word.startsWith(RPC_AUTH))
            .map(word -> Expansion.expand(word.substring(RPC_AUTH.length()), Map.of()))
            .toArray(String[]::new));
  }
}
