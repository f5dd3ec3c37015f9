package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.plan.World;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NewcomersTest {
  private final Newcomers newcomers = new Newcomers();

  private static Map<Integer, Pod> ready(int nodes) {
    var pods = new TreeMap<Integer, Pod>();
    for (var ordinal = 0; ordinal < nodes; ordinal++) {
      pods.put(ordinal, World.pod(ordinal, "10.0.0." + ordinal, true));
    }
    return pods;
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  private static BitcoinNetwork reported(String nodes) {
    var network = World.network("nodes: 3");
    return new BitcoinNetwork(
        network.metadata(), network.spec(), World.yaml("{nodes: " + nodes + "}"));
  }

  @Test
  void theFirstNodesOfANewNetworkWaitASecondForTheOthers() {
    var network = World.network("nodes: 3");
    assertFalse(newcomers.waits(network, ready(0).values(), 0), "nobody is there");
    assertTrue(newcomers.waits(network, ready(1).values(), 0));
    assertEquals(Optional.of(Duration.ofSeconds(1)), newcomers.nextLook(0));
    assertTrue(newcomers.waits(network, ready(2).values(), millis(999)));
    assertFalse(newcomers.waits(network, ready(2).values(), millis(1000)));
    assertEquals(Optional.empty(), newcomers.nextLook(millis(1000)));
  }

  @Test
  void whenAllAreReadyNobodyWaits() {
    var network = World.network("nodes: 3");
    assertTrue(newcomers.waits(network, ready(2).values(), 0));
    assertFalse(newcomers.waits(network, ready(3).values(), 1));
  }

  @Test
  void aNetworkThatWasReportedDoesNotWait() {
    assertFalse(newcomers.waits(reported("[]"), ready(2).values(), 0));
  }

  @Test
  void eachIsANewcomerOnce() {
    var network = World.network("nodes: 3");
    assertEquals(Set.of(0, 1), newcomers.of(network, ready(2)));
    assertEquals(Set.of(2), newcomers.of(network, ready(3)));
    assertEquals(Set.of(), newcomers.of(network, ready(3)));
    newcomers.keepOnly(Set.of());
    assertEquals(Set.of(0, 1, 2), newcomers.of(network, ready(3)), "other pods by now");
  }

  @Test
  void oneThatTheStatusShowsReadyAtThisAddressIsNone() {
    var status = "[{ready: true, ip: 10.0.0.0}, {ready: true, ip: 10.9.9.9}, {ip: 10.0.0.2}]";
    assertEquals(Set.of(1, 2), newcomers.of(reported(status), ready(3)));
  }

  @Test
  void aNodeAloneIsReadAtOnce() {
    assertEquals(Set.of(), newcomers.of(World.network("nodes: 1"), ready(1)));
  }
}
