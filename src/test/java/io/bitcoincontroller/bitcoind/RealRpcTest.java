package io.bitcoincontroller.bitcoind;

import io.bitcoincontroller.local.doubles.RpcNode;
import io.bitcoincontroller.local.doubles.RpcServerOptions;
import io.bitcoincontroller.local.kubelet.BitcoindProcesses;
import java.io.IOException;

/** The judge: bitcoind itself. */
final class RealRpcTest extends RpcContract {
  private final BitcoindProcesses processes = new BitcoindProcesses();

  RealRpcTest() throws IOException {}

  @Override
  RpcNode start(RpcServerOptions options) throws IOException {
    return processes.start(options);
  }

  @Override
  void stopAll() throws IOException {
    processes.close();
  }
}
