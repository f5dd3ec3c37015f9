package io.bitcoincontroller.local.api;

import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.local.realcluster.OnRealCluster;
import io.bitcoincontroller.local.realcluster.RealCluster;
import java.io.IOException;

/** A real server keeps the contract: what the local one does is no invention. */
@OnRealCluster
final class RealApiContractTest extends ApiContract {
  @Override
  ClusterAccess access() throws IOException {
    return RealCluster.started().access();
  }
}
