package io.bitcoincontroller.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindAddressTest {
  @Test
  void noHostIsAllAddresses() {
    var address = BindAddress.parse(":8080");
    assertTrue(address.getAddress().isAnyLocalAddress());
    assertEquals(8080, address.getPort());
  }

  @Test
  void ipv4AndIpv6AreTakenAsTheyAreUsuallyWritten() {
    assertEquals("127.0.0.1", BindAddress.parse("127.0.0.1:0").getHostString());
    assertTrue(BindAddress.parse("[::1]:65535").getAddress().isLoopbackAddress());
    assertTrue(BindAddress.parse("[::]:8080").getAddress().isAnyLocalAddress());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "8080", ":", ":65536", ":123456", "::1:80", "[::1]", "a b:-1", "host:http"})
  void whatIsNoAddressIsRefusedInALineThatSaysWhatToGive(String text) {
    var refused = assertThrows(IllegalArgumentException.class, () -> BindAddress.parse(text));
    assertEquals(
        "\"" + text + "\" is no address to listen on: give host:port, [IPv6]:port or :port",
        refused.getMessage());
  }
}
