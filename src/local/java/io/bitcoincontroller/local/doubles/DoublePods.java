package io.bitcoincontroller.local.doubles;

import io.bitcoincontroller.local.kubelet.Expansion;
import io.bitcoincontroller.local.kubelet.SimulatedPods;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Pods whose bitcoind is a double: for stories that are played many times. */
public final class DoublePods {
  private static final int RPC_PORT = 18443;
  private static final String RPC_AUTH = "-rpcauth=";

  private DoublePods() {}

  /**
   * Each pod's node takes the credentials that the pod's command names.
   *
   * @param nodes closed by the caller, after the cluster
   * @param readyAfter from the container's start
   */
  public static SimulatedPods of(DoubleNetwork nodes, Duration readyAfter) {
    return new SimulatedPods(
        readyAfter, (address, command) -> nodes.start(address, RPC_PORT, options(command)));
  }

  /** Whom a node takes calls from, by the {@code -rpcauth} of its container's command. */
  public static RpcServerOptions options(List<String> command) {
    return RpcServerOptions.of(
        command.stream()
            .filter(word -> word.startsWith(RPC_AUTH))
            .map(word -> Expansion.expand(word.substring(RPC_AUTH.length()), Map.of()))
            .toArray(String[]::new));
  }
}
