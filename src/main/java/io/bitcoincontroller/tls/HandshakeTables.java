package io.bitcoincontroller.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/**
 * Makes beside the rest of a start what the first TLS handshake would wait for: the JDK's table of
 * points of the curve P-256, which every handshake uses, and which takes code that is still cold 60
 * ms.
 */
public final class HandshakeTables {
  private HandshakeTables() {}

  /** Returns at once. A handshake that comes too early waits for the rest. */
  public static void begin() {
    Thread.ofPlatform().name("handshake tables").daemon().start(HandshakeTables::make);
  }

  private static void make() {
    try {
      var keys = KeyPairGenerator.getInstance("EC");
      keys.initialize(new ECGenParameterSpec("secp256r1"));
      var _ = keys.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK can't do TLS", e);
    }
  }
}
