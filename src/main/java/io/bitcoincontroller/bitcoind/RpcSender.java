package io.bitcoincontroller.bitcoind;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Sends calls to a node: {@link BitcoindClient}, or a simulated one. */
@FunctionalInterface
public interface RpcSender {
  /** As {@link BitcoindClient#call}. */
  Answer call(
      URI server,
      Credentials credentials,
      List<RpcRequest> requests,
      Duration deadline,
      BooleanSupplier wanted)
      throws IOException, InterruptedException;

  /** The same for the nodes of one namespace, which may not take all that there is for all. */
  default RpcSender of(String namespace) {
    return this;
  }
}
