package io.bitcoincontroller.local.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class JudgeTest {
  private static Peers node(String name, Set<String> listed, Set<String> dialled) {
    return new Peers(name, "at-" + name, listed, dialled, dialled.size());
  }

  @Test
  void aConnectionDialledFromOneSideIsEnough() {
    var nodes =
        List.of(node("a", Set.of("at-b"), Set.of("at-b")), node("b", Set.of("at-a"), Set.of()));
    assertEquals(new Seen.Good("links: 1"), Judge.complete(nodes));
  }

  @Test
  void anOldAddressAMissingOneAndAMissingConnectionAreEachNamed() {
    var nodes =
        List.of(
            node("a", Set.of("at-b", "at-old"), Set.of()), node("b", Set.of(), Set.of("at-old")));
    assertEquals(
        new Seen.NotYet(
            "each list holds all the others and nothing else, each two nodes are connected",
            "a lists at-b, at-old instead of at-b; b lists nothing instead of at-a; "
                + "no live connection of a and b"),
        Judge.complete(nodes));
  }

  @Test
  void theSameHeightOnAnotherChainIsNotInSync() {
    var one = new Chain("a", 101, "00000000aa");
    var other = new Chain("b", 101, "00000000bb");
    assertEquals(new Seen.Good("best block 00000000..."), Judge.synced(List.of(one, one), 101));
    assertEquals(Seen.NotYet.class, Judge.synced(List.of(one, other), 101).getClass());
    assertEquals(Seen.NotYet.class, Judge.synced(List.of(one, one), 102).getClass());
  }
}
