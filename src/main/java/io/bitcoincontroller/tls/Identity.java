package io.bitcoincontroller.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A client certificate with its key.
 *
 * @param chain the certificate itself first
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
  /**
   * Reads both and sees that they belong together: where they are replaced one after the other, a
   * reader may see the new one beside the old one, and must not use that.
   *
   * @throws IOException with a message for the user
   */
  public static Identity of(Material certificate, Material key) throws IOException {
    var identity = new Identity(Pem.privateKey(key), Pem.certificates(certificate));
    if (!identity.belongTogether()) {
      throw new IOException(
          certificate.origin() + " and " + key.origin() + " don't belong together: give a pair");
    }
    return identity;
  }

  private boolean belongTogether() {
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

  /** The certificate's subject only. */
  @Override
  public String toString() {
    return "Identity[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
