package io.bitcoincontroller.network;

import io.bitcoincontroller.bitcoind.RpcSender;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.nodes.Nodes;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The parts of the process that passes use.
 *
 * @param instance name of this process, as events show it
 * @param mayAct false while another process leads: then nothing is written, and no node is called
 * @param lookAt asks for a pass over a network
 * @param random safe for many threads
 * @param metrics is told what each pass found
 */
public record Surroundings(
    ApiSender api,
    RpcSender bitcoind,
    Stores stores,
    String instance,
    BooleanSupplier mayAct,
    Consumer<ObjectKey> lookAt,
    Ticker ticker,
    Supplier<Instant> wallClock,
    RandomGenerator random,
    Recorder recorder,
    NetworkMetrics metrics,
    Log log) {
  /** Those of a network, by its name; nobody is called yet. */
  Nodes nodes(ObjectKey network) {
    return new Nodes(
        network,
        bitcoind.of(network.namespace()),
        mayAct,
        this::isThere,
        ticker,
        random,
        recorder,
        log,
        () -> lookAt.accept(network));
  }

  /** Whether the cache shows this very pod at the same address. */
  private boolean isThere(Pod pod) {
    return stores
        .pods()
        .get(pod.metadata().key())
        .filter(Pod::live)
        .filter(now -> now.metadata().uid().equals(pod.metadata().uid()))
        .filter(now -> now.status().podIP().equals(pod.status().podIP()))
        .isPresent();
  }
}
