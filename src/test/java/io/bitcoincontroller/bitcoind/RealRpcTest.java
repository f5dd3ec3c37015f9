package io.bitcoincontroller.bitcoind;

import io.bitcoincontroller.local.node.BitcoindProcesses;
import io.bitcoincontroller.local.rpc.RpcNode;
import io.bitcoincontroller.local.rpc.RpcServerOptions;
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
