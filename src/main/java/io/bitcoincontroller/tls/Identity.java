package io.bitcoincontroller.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A client certificate with its key, read once in a process's life.
 *
 * @param origin of the certificate, at the head of messages
 * @param chain the certificate itself first
 */
public record Identity(String origin, PrivateKey key, List<X509Certificate> chain) {
  /**
   * Reads both, and checks that they are a pair: somebody may be replacing one after the other just
   * now.
   *
   * @throws IOException with a message for the user
   */
  public static Identity of(PemSource certificate, PemSource key) throws IOException {
    var identity =
        new Identity(certificate.origin(), Pem.privateKey(key), Pem.certificates(certificate));
    if (!identity.isPair()) {
      throw new IOException(
          certificate.origin() + " and " + key.origin() + " don't belong together: give a pair");
    }
    return identity;
  }

  private boolean isPair() {
    var probe = new byte[] {1, 2, 3};
    try {
      var signature = Signature.getInstance(algorithm());
      signature.initSign(key);
      signature.update(probe);
      var signed = signature.sign();
      signature.initVerify(chain.getFirst().getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // keys of two algorithms
    }
  }

  private String algorithm() {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "EdDSA";
    };
  }

  /**
   * Checks that the certificate has not run out. An API server would answer 401 and not say why.
   *
   * @throws IOException if it has; the message tells the user to renew it and to restart us
   */
  public void requireCurrent(Instant now) throws IOException {
    var end = chain.getFirst().getNotAfter().toInstant();
    if (now.isAfter(end)) {
      throw new IOException(
          origin
              + ": this client certificate ran out at "
              + end
              + ": renew it, then restart the controller, which reads it only at its start");
    }
  }

  /** The certificate's subject only. */
  @Override
  public String toString() {
    return "Identity[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
