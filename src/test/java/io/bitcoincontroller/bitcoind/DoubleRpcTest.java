package io.bitcoincontroller.bitcoind;

import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.doubles.RpcNode;
import io.bitcoincontroller.local.doubles.RpcServerOptions;
import io.bitcoincontroller.local.kubelet.LoopbackAddresses;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/** The double, held to what bitcoind does. */
final class DoubleRpcTest extends RpcContract {
  private final LoopbackAddresses addresses = new LoopbackAddresses(new Random());
  private final DoubleNetwork network = new DoubleNetwork();

  @Override
  RpcNode start(RpcServerOptions options) throws IOException {
    var address = addresses.next(List.of());
    return network.start(address, BitcoindClient.RPC_PORT, options);
  }

  @Override
  void stopAll() throws IOException {
    network.close();
  }
}
