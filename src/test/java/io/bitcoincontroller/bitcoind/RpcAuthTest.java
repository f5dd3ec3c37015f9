package io.bitcoincontroller.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RpcAuthTest {
  private final Credentials credentials = new Credentials("user", "geheim");

  @Test
  void theSameNetworkHasTheSameLine() {
    assertEquals(RpcAuth.line(credentials, "uid-1"), RpcAuth.line(credentials, "uid-1"));
    assertNotEquals(RpcAuth.line(credentials, "uid-1"), RpcAuth.line(credentials, "uid-2"));
  }

  @Test
  void theLineHasUserSaltAndProofButNoPassword() {
    var line = RpcAuth.line(credentials, "uid-1");
    assertTrue(line.matches("user:[0-9a-f]{32}\\$[0-9a-f]{64}"), line);
    assertFalse(line.contains("geheim"));
    assertFalse(credentials.toString().contains("geheim"));
  }
}
