package io.bitcoincontroller.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  /** The coin has two chars. */
  @Test
  void noCharacterIsCutInTwo() {
    assertEquals("ab🪙", Excerpt.beginning("ab🪙", 4));
    assertEquals("ab", Excerpt.beginning("ab🪙", 3));
    assertEquals("ab", Excerpt.beginning("ab🪙", 2));
    assertEquals("", Excerpt.beginning("🪙", 1));
    assertEquals("", Excerpt.beginning("ab", 0));
  }

  @Test
  void whatIsCutForPeopleShowsIt() {
    assertEquals("abcd", Excerpt.of("abcd", 4));
    assertEquals("abc…", Excerpt.of("abcde", 4));
    assertEquals("ab…", Excerpt.of("ab🪙d", 4));
  }
}
