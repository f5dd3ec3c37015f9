package io.bitcoincontroller.local.kubelet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LoopbackAddressesTest {
  @Test
  void noAddressIsHandedOutTwiceAndAllAreOutsideWhatMachinesUse() throws IOException {
    var seed = System.nanoTime();
    var addresses = new LoopbackAddresses(new Random(seed));
    var seen = new HashSet<String>();
    for (var i = 0; i < 100_000; i++) {
      var address = addresses.next(List.of());
      assertTrue(address.matches("127\\.[1-9]\\d*\\.\\d+\\.\\d+"), address + ", seed " + seed);
      assertTrue(seen.add(address), address + " twice, seed " + seed);
    }
  }

  @Test
  void anAddressWithATakenPortIsPassedOver() throws IOException {
    var next = new LoopbackAddresses(new Random(7)).next(List.of());
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral(next))) {
      var after = new LoopbackAddresses(new Random(7)).next(List.of(taken.getLocalPort()));
      assertTrue(!after.equals(next), "the same address although its port is taken");
    }
    assertEquals(next, new LoopbackAddresses(new Random(7)).next(List.of()));
  }

  @Test
  void aPortTakenOnAllAddressesIsOneClearError() throws IOException {
    try (var everywhere = new ServerSocket(0)) {
      var addresses = new LoopbackAddresses(new Random(7));
      var error =
          assertThrows(IOException.class, () -> addresses.next(List.of(everywhere.getLocalPort())));
      assertTrue(String.valueOf(error.getMessage()).contains("0.0.0.0"), error.toString());
    }
  }
}
