package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.bitcoind.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretRulesTest {
  private static ObjectNode data(String user, String password) {
    var data = JsonNodeFactory.instance.objectNode();
    data.put("BC_RPC_USER", base64(user));
    return data.put("BC_RPC_PASSWORD", base64(password));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Trouble trouble(ObjectNode data) {
    return why(SecretRules.read("rpc", "default", data));
  }

  private static Trouble why(SecretState state) {
    return assertInstanceOf(SecretState.Unavailable.class, state).why();
  }

  @Test
  void aUserAndAPasswordAreUsable() {
    assertEquals(
        new SecretState.Usable(new Credentials("us er", "pass:w ö rd")),
        SecretRules.read("rpc", "default", data("us er", "pass:w ö rd")));
  }

  @Test
  void aMissingOrEmptyKeyIsNamed() {
    var noUser = data("user", "geheim");
    noUser.remove("BC_RPC_USER");
    assertEquals("SecretIncomplete", trouble(noUser).reason());
    assertTrue(trouble(noUser).message().contains("BC_RPC_USER"));
    assertTrue(trouble(data("user", "")).message().contains("BC_RPC_PASSWORD"));
  }

  @Test
  void aColonEndsAUserButNotAPassword() {
    assertEquals("SecretUnusable", trouble(data("a:b", "geheim")).reason());
    assertTrue(trouble(data("a:b", "geheim")).message().contains("BC_RPC_USER with a colon"));
  }

  /** A line break at the end of a password: all is green, and users get 401. */
  @Test
  void whatNobodySeesIsRefusedInBothAlike() {
    for (var unseen :
        List.of(
            "\n",
            "\r\n",
            "\t",
            "\0",
            "\u007f",
            "\u0085",
            "\u00a0",
            "\u00ad",
            "\u200b",
            "\u2028",
            "\u3000",
            "\ufeff",
            "\u034f",
            "\u2800",
            "\u3164",
            "\ufe0f",
            "\udb40\udd00")) {
      for (var text : List.of("x" + unseen, unseen + "x", "x" + unseen + "y", unseen)) {
        assertUnseen(text);
      }
    }
    for (var text : List.of(" x", "x ", " ", "   ")) {
      assertUnseen(text);
    }
  }

  private static void assertUnseen(String text) {
    var words = text.codePoints().mapToObj(Integer::toHexString).toList().toString();
    for (var data : List.of(data(text, "geheim"), data("user", text))) {
      assertEquals("SecretUnusable", trouble(data).reason(), words);
      assertTrue(trouble(data).message().contains("printf"), words);
    }
    assertTrue(trouble(data(text, "geheim")).message().contains("has a BC_RPC_USER with"), words);
    assertTrue(trouble(data("u", text)).message().contains("has a BC_RPC_PASSWORD with"), words);
  }

  @Test
  void whatIsTooLongForARequestIsRefused() {
    var longest = "ö".repeat(500);
    assertInstanceOf(
        SecretState.Usable.class, SecretRules.read("rpc", "default", data(longest, longest)));
    for (var data : List.of(data(longest + "x", "geheim"), data("user", longest + "x"))) {
      assertTrue(trouble(data).message().contains("more than 1000 bytes"));
    }
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    var data = data("user", "geheim");
    data.put("BC_RPC_PASSWORD", Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff}));
    assertEquals("SecretUnusable", trouble(data).reason());
    data.put("BC_RPC_PASSWORD", "not base64!");
    assertEquals("SecretUnusable", trouble(data).reason());
  }

  @Test
  void noMessageShowsAnythingOfTheSecret() {
    assertFalse(trouble(data("a:b", "geheim")).message().contains("geheim"));
    assertFalse(
        SecretRules.read("rpc", "default", data("user", "geheim")).toString().contains("geheim"));
  }

  @Test
  void aSecretThatIsNotThereIsToldWithTheCommandThatMakesIt() {
    var missing = why(SecretRules.missing("rpc", "prod"));
    assertEquals("SecretMissing", missing.reason());
    assertTrue(
        missing
            .message()
            .contains(
                "kubectl create secret generic rpc -n prod --from-literal=BC_RPC_USER=…"
                    + " --from-literal=BC_RPC_PASSWORD=…"),
        missing.message());
  }

  @Test
  void aSpaceIsALetterLikeAnyOther() {
    assertInstanceOf(
        SecretState.Usable.class, SecretRules.read("rpc", "default", data("a b", "c d")));
  }

  @Test
  void paddingAloneIsNoPassword() {
    var data = data("user", "geheim");
    for (var nothing : new String[] {"=", "==", "====", " "}) {
      data.put("BC_RPC_PASSWORD", nothing);
      assertEquals("SecretUnusable", trouble(data).reason(), nothing);
    }
  }
}
