package io.bitcoincontroller.local.api;

import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.local.real.OnRealCluster;
import io.bitcoincontroller.local.real.RealCluster;
import java.io.IOException;

/** A real server keeps the contract: what the local one does is no invention. */
@OnRealCluster
final class RealApiContractTest extends ApiContract {
  @Override
  ClusterAccess access() throws IOException {
    return RealCluster.started().access();
  }
}
