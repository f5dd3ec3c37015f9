package io.bitcoincontroller.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressTest {
  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 10.1.2.3",
    "10.1.2.3:18444, 10.1.2.3",
    "10.1.2.3:18333, 10.1.2.3:18333",
    "[fd00::1]:18444, fd00:0:0:0:0:0:0:1",
    "[fd00::1], fd00:0:0:0:0:0:0:1",
    "[FD00:0::1]:9000, [fd00:0:0:0:0:0:0:1]:9000",
    "fd00::1, fd00:0:0:0:0:0:0:1",
    "Seed.Example.org, seed.example.org",
    "seed.example.org:1, seed.example.org:1",
    "seed.example.org:65535, seed.example.org:65535",
  })
  void oneFormForEachAddress(String text, String canonical) {
    var address = PeerAddress.parse(text).orElseThrow();
    assertEquals(canonical, address.text());
    assertEquals(canonical, "" + address, "in a message, too");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":18444",
        "garbage!!",
        "10.0.0.1:",
        "10.0.0.1:0",
        "10.0.0.1:65536",
        "10.0.0.1:99999",
        "10.0.0.1:1e3",
        "[fd00::1",
        "[fd00::1]18444",
        "[10.0.0.1]:5",
        "fd00::1::2",
        "::1:18444",
        "a b",
        "-x.org"
      })
  void whatIsNoAddressIsToldApart(String text) {
    assertTrue(PeerAddress.parse(text).isEmpty(), text);
  }

  @Test
  void theCanonicalFormReadsBackAsTheSameAddress() {
    for (var text :
        new String[] {"10.1.2.3", "[fd00::1]:9000", "fd00::1", "a.org:7", "1.2.3.4:7"}) {
      var address = PeerAddress.parse(text).orElseThrow();
      assertEquals(address, PeerAddress.parse(address.text()).orElseThrow());
    }
  }

  @Test
  void aPodsAddressHasTheDefaultPort() {
    assertEquals(PeerAddress.parse("[fd00::1]:18444").orElseThrow(), PeerAddress.ofPod("fd00::1"));
    assertThrows(IllegalArgumentException.class, () -> new PeerAddress("a", 0));
  }
}
