package io.bitcoincontroller.observe;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ChangesTest {
  private final Changes<String> changes = new Changes<>();

  @Test
  void theSameThingSaidAgainIsNoNews() {
    assertTrue(changes.isNew("a", "refused"));
    assertFalse(changes.isNew("a", "refused"));
    assertTrue(changes.isNew("a", "timed out"));
    assertTrue(changes.isNew("a", "refused"));
  }

  @Test
  void beingWellAgainIsNewsOnce() {
    assertFalse(changes.clear("a"));
    changes.isNew("a", "refused");
    changes.isNew("b", "refused");
    assertTrue(changes.clear("a"));
    assertFalse(changes.clear("a"));
    assertTrue(changes.isNew("a", "refused"));
    assertFalse(changes.isNew("b", "refused"));
  }
}
