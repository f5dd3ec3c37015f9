package io.bitcoincontroller.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.mesh.PeerChange.Add;
import io.bitcoincontroller.mesh.PeerChange.Remove;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeshTest {
  private static List<PeerAddress> addresses(String... texts) {
    return Arrays.stream(texts).map(text -> PeerAddress.parse(text).orElseThrow()).toList();
  }

  private static List<PeerChange> diff(
      List<PeerAddress> wanted, List<PeerAddress> declared, String... listed) {
    return Mesh.diff(wanted, declared, List.of(listed));
  }

  @Test
  void aListThatIsAsWantedNeedsNothing() {
    assertEquals(
        List.of(), diff(addresses("10.0.0.1", "10.0.0.2"), List.of(), "10.0.0.2", "10.0.0.1"));
  }

  @Test
  void anEntryWithTheDefaultPortIsTheSameEntry() {
    assertEquals(List.of(), diff(addresses("10.0.0.1"), List.of(), "10.0.0.1:18444"));
  }

  @Test
  void aRemovalNamesTheEntryToTheLetter() {
    assertEquals(
        List.of(new Remove("10.0.0.9:18444"), new Add("10.0.0.1")),
        diff(addresses("10.0.0.1"), List.of(), "10.0.0.9:18444"));
  }

  @Test
  void whatIsMissingIsAddedInTheWantedOrder() {
    assertEquals(
        List.of(new Add("10.0.0.3"), new Add("10.0.0.1")),
        diff(addresses("10.0.0.3", "10.0.0.2", "10.0.0.1"), List.of(), "10.0.0.2"));
  }

  @Test
  void aDeclaredPeerIsAddedAndNeverRemoved() {
    assertEquals(
        List.of(new Add("seed.example.org:7")),
        diff(List.of(), addresses("seed.example.org:7", "10.9.9.9"), "10.9.9.9"));
  }

  @Test
  void garbageInTheListIsRemovedAsItStands() {
    assertEquals(
        List.of(new Remove(""), new Remove("garbage!!"), new Remove("10.0.0.1:99999")),
        diff(List.of(), List.of(), "", "garbage!!", "10.0.0.1:99999"));
  }

  @Test
  void twoSpellingsOfOneAddressAreKeptOnce() {
    assertEquals(
        List.of(new Remove("10.0.0.1:18444")),
        diff(addresses("10.0.0.1"), List.of(), "10.0.0.1", "10.0.0.1:18444"));
  }

  @Test
  void anAddressThatIsWantedAndDeclaredIsAddedOnce() {
    assertEquals(
        List.of(new Add("10.0.0.1")), diff(addresses("10.0.0.1"), addresses("10.0.0.1:18444")));
  }

  /** Listed by a controller of before: neither taken out nor added again. */
  @Test
  void anAddressInTheLongFormOfIpv6StaysAsItIsListed() {
    assertEquals(List.of(), diff(addresses("fd00::1"), List.of(), "fd00:0:0:0:0:0:0:1"));
    assertEquals(List.of(new Add("fd00::1")), diff(addresses("fd00:0:0:0:0:0:0:1"), List.of()));
  }
}
