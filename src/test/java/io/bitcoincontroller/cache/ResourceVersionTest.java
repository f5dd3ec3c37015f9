package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ResourceVersionTest {
  @Test
  void numbersCompareAsNumbersOfAnyLength() {
    assertTrue(ResourceVersion.older("9", "10"));
    assertTrue(ResourceVersion.older("99999999999999999999", "100000000000000000000"));
    assertFalse(ResourceVersion.older("10", "9"));
    assertFalse(ResourceVersion.older("10", "10"));
    assertTrue(ResourceVersion.reached("10", "9"));
    assertTrue(ResourceVersion.reached("10", "10"));
    assertFalse(ResourceVersion.reached("9", "10"));
  }

  @Test
  void whatIsNoNumberHasNoOrder() {
    for (var odd : new String[] {"", "0", "007", "-1", "1a", "abc"}) {
      assertFalse(ResourceVersion.older(odd, "5"), odd);
      assertFalse(ResourceVersion.older("5", odd), odd);
      assertFalse(ResourceVersion.reached(odd, "5"), odd);
      assertFalse(ResourceVersion.reached("5", odd), odd);
      assertTrue(ResourceVersion.reached(odd, odd), odd);
    }
  }
}
