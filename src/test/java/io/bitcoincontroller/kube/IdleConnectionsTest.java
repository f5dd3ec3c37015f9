package io.bitcoincontroller.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The JVM's own part, that the property is obeyed, was measured: a connection ends after 19.9 s.
 */
class IdleConnectionsTest {
  private static final String PROPERTY = "jdk.httpclient.keepalive.timeout";

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void theLimitIsBelowBitcoindsAndTheCommandLineWins() {
    IdleConnections.limit();
    assertEquals("20", System.getProperty(PROPERTY));
    System.setProperty(PROPERTY, "5");
    IdleConnections.limit();
    assertEquals("5", System.getProperty(PROPERTY));
  }
}
