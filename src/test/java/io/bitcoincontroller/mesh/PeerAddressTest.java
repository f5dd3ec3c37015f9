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
    "10.1.2.3:018444, 10.1.2.3",
    "10.1.2.3:00000000018444, 10.1.2.3",
    "[10.1.2.3]:5, 10.1.2.3:5",
    "0xa.0x1.0x2.0x3, 10.1.2.3",
    "0XA.1.2.3:18444, 10.1.2.3",
    "012.01.2.0x3, 10.1.2.3",
    "10.1.515, 10.1.2.3",
    "10.66051, 10.1.2.3",
    "167838211, 10.1.2.3",
    "01200201003, 10.1.2.3",
    "0xa010203:9000, 10.1.2.3:9000",
    "010.1.2.3, 8.1.2.3",
    "::ffff:10.1.2.3, 10.1.2.3",
    "[::FFFF:a01:203]:9000, 10.1.2.3:9000",
    "[fd00::1]:18444, fd00::1",
    "[fd00::1], fd00::1",
    "[FD00:0::1]:9000, [fd00::1]:9000",
    "fd00::1, fd00::1",
    "fd00:0:0:0:0:0:0:1, fd00::1",
    "fd00::0.0.0.1, fd00::1",
    "FD00:0:0:0:00AB:0:0:0, fd00::ab:0:0:0",
    "fd00:1:0:0:2:0:0:3, fd00:1::2:0:0:3",
    "fd00:1:0:2:3:4:5:6, fd00:1:0:2:3:4:5:6",
    "fd00:1:2:3:4:5:0:0, fd00:1:2:3:4:5::",
    "::, ::",
    "::1, ::1",
    "::10.1.2.3, ::a01:203",
    "2001:DB8:0:0:A::1, 2001:db8::a:0:0:1",
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
        "[seed.example.org]:5",
        "[fd00::1].",
        "[]",
        "10.0.0.1:+18444",
        "10.0.0.1 ",
        " 10.0.0.1",
        "10.0.0.1\n",
        "10.0.0.1.",
        "10.0.0.08",
        "10.0.0.256",
        "10.0.65536",
        "1.2.3.4.5",
        "4294967296",
        "0x",
        "0x.1",
        "seed.0x1f",
        "fe80::1%1",
        "fe80::1%eth0",
        "[fe80::1%1]:18444",
        "10.0.0.1%1",
        "::ffff:0xa.1.2.3",
        "fd00::1::2",
        "::1:18444",
        "a b",
        "-x.org"
      })
  void whatIsNoAddressIsToldApart(String text) {
    assertTrue(PeerAddress.parse(text).isEmpty(), text);
  }

  @Test
  void anEndlessTextIsNoAddress() {
    for (var part : new String[] {"0", "1", "a", "a.", ":", "::", "0x", "[", "fd00:"}) {
      assertTrue(PeerAddress.parse(part.repeat(700_000)).isEmpty(), part);
      assertTrue(PeerAddress.parse("10.1.2.3:" + part.repeat(700_000)).isEmpty(), part);
    }
  }

  @Test
  void theCanonicalFormReadsBackAsTheSameAddress() {
    for (var text :
        new String[] {
          "10.1.2.3", "[fd00::1]:9000", "fd00::1", "a.org:7", "1.2.3.4:7", "0xa.1", "::"
        }) {
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
