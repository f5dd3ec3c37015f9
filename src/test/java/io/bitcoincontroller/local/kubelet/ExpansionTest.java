package io.bitcoincontroller.local.kubelet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExpansionTest {
  private static final Map<String, String> VARIABLES = Map.of("POD_IP", "127.3.2.1", "EMPTY", "");

  @Test
  void aDefinedNameIsReplaced() {
    assertEquals("-bind=127.3.2.1", expand("-bind=$(POD_IP)"));
    assertEquals("[]", expand("[$(EMPTY)]"));
  }

  @Test
  void anUndefinedNameStaysAsItIs() {
    assertEquals("$(NOT_THERE)", expand("$(NOT_THERE)"));
  }

  @Test
  void twoDollarsAreOneAndHideAReference() {
    assertEquals("$(POD_IP)", expand("$$(POD_IP)"));
    assertEquals("user:salt$hash", expand("user:salt$$hash"));
    assertEquals("$127.3.2.1", expand("$$$(POD_IP)"));
  }

  @Test
  void whatIsNoReferenceStaysAsItIs() {
    assertEquals("a$b $( $", expand("a$b $( $"));
  }

  private static String expand(String text) {
    return Expansion.expand(text, VARIABLES);
  }
}
