package io.bitcoincontroller.observe;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LastSaidTest {
  private final LastSaid<String> lastSaid = new LastSaid<>();

  @Test
  void theSameThingSaidAgainIsNoNews() {
    assertTrue(lastSaid.isNew("a", "refused"));
    assertFalse(lastSaid.isNew("a", "refused"));
    assertTrue(lastSaid.isNew("a", "timed out"));
    assertTrue(lastSaid.isNew("a", "refused"));
  }

  @Test
  void beingWellAgainIsNewsOnce() {
    assertFalse(lastSaid.clear("a"));
    lastSaid.isNew("a", "refused");
    lastSaid.isNew("b", "refused");
    assertTrue(lastSaid.clear("a"));
    assertFalse(lastSaid.clear("a"));
    assertTrue(lastSaid.isNew("a", "refused"));
    assertFalse(lastSaid.isNew("b", "refused"));
  }
}
