package io.bitcoincontroller;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.user.User;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** One of several controllers of a cluster, wired as the product wires it, in this process. */
final class Replica {
  private static final ObjectKey LEASE = new ObjectKey("default", "bitcoin-controller");

  private final String pod;
  private final ApiServer api;
  private final BitcoindClient bitcoind;
  private final ControllerProcess process;

  /** Starts it; it takes part in the election. */
  Replica(String pod, Path kubeconfig, Log log) throws Exception {
    this.pod = pod;
    var run =
        (Config.CommandLine.Run)
            Config.parse(
                "--bind-address=127.0.0.1:0",
                "--leader-elect-lease-duration=30s",
                "--leader-elect-renew-deadline=20s",
                "--leader-elect-retry-period=200ms");
    var metrics = new Metrics();
    var requests = new RequestMetrics(metrics);
    api = new ApiServer(User.access(kubeconfig), pod, requests);
    bitcoind = new BitcoindClient(requests);
    process =
        new ControllerProcess(
            run.config(), api, bitcoind, Optional.of(LEASE), () -> {}, metrics, log);
    process.start();
  }

  Scrape scrape() throws IOException, InterruptedException {
    return Scrape.of(process.httpAddress(), pod);
  }

  void stop() throws InterruptedException {
    process.stop();
    process.close();
    bitcoind.close();
    api.close();
  }
}
