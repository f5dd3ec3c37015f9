package io.bitcoincontroller.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Certificates and private keys in PEM (RFC 7468), in every form that kubectl takes. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private static final String TO_PKCS8 =
      "convert it with `openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW`";

  private Pem() {}

  /**
   * All certificates of a text, in its order; at least one.
   *
   * @throws IOException with a message for the user
   */
  static List<X509Certificate> certificates(PemSource pem) throws IOException {
    var found = new ArrayList<X509Certificate>();
    for (var block : certificateBlocks(pem)) {
      found.add(certificate(decode(pem, block), pem));
    }
    if (pem.text().split("-----BEGIN CERTIFICATE-----", -1).length > found.size() + 1) {
      throw broken(pem, "ends within a certificate: it may be half written, else copy it anew");
    }
    return List.copyOf(found);
  }

  /**
   * The certificates that this JDK can read; the others are passed over. A system has more than a
   * hundred, and one may be of an unknown kind. Go does the same.
   *
   * @throws IOException with a message for the user, if there is none
   */
  static List<X509Certificate> readableCertificates(PemSource pem) throws IOException {
    var found = new ArrayList<X509Certificate>();
    var failed = new IOException();
    for (var block : certificateBlocks(pem)) {
      try {
        found.add(certificate(decode(pem, block), pem));
      } catch (IOException e) {
        failed = e;
      }
    }
    if (found.isEmpty()) {
      throw failed;
    }
    return List.copyOf(found);
  }

  /** At least one. */
  private static List<String> certificateBlocks(PemSource pem) throws IOException {
    var found =
        BLOCK
            .matcher(pem.text())
            .results()
            .filter(block -> block.group(1).equals("CERTIFICATE"))
            .map(block -> block.group(2))
            .toList();
    if (found.isEmpty()) {
      throw broken(pem, "holds no certificate: it must have a line -----BEGIN CERTIFICATE-----");
    }
    return found;
  }

  private static X509Certificate certificate(byte[] der, PemSource pem) throws IOException {
    try {
      var certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
      return (X509Certificate) certificate;
    } catch (CertificateException e) {
      throw broken(pem, "holds a certificate that can't be read: make or copy it anew");
    }
  }

  /**
   * The first private key of a text: PKCS#8, PKCS#1 (RSA) or SEC1 (EC).
   *
   * @throws IOException with a message for the user; it holds nothing of the key
   */
  static PrivateKey privateKey(PemSource pem) throws IOException {
    var blocks = BLOCK.matcher(pem.text());
    while (blocks.find()) {
      var label = blocks.group(1);
      var body = blocks.group(2);
      if (label.equals("ENCRYPTED PRIVATE KEY") || body.contains("Proc-Type:")) {
        throw broken(pem, "is an encrypted key, which Kubernetes clients don't read: " + TO_PKCS8);
      }
      switch (label) {
        case "PRIVATE KEY" -> {
          return key(decode(pem, body), pem);
        }
        case "RSA PRIVATE KEY" -> {
          return key(Der.pkcs8OfPkcs1(decode(pem, body)), pem);
        }
        case "EC PRIVATE KEY" -> {
          return key(pkcs8OfSec1(decode(pem, body), pem), pem);
        }
        default -> {} // EC PARAMETERS, or the certificate in the same file
      }
    }
    throw broken(pem, "holds no private key: it must have a line -----BEGIN PRIVATE KEY-----");
  }

  private static byte[] pkcs8OfSec1(byte[] der, PemSource pem) throws IOException {
    try {
      return Der.pkcs8OfSec1(der);
    } catch (IllegalArgumentException e) {
      throw broken(pem, "is a key that does not name its curve: " + TO_PKCS8);
    }
  }

  private static PrivateKey key(byte[] pkcs8, PemSource pem) throws IOException {
    for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        // not of this algorithm: the next one is tried, and after the last one the user hears of it
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK has no " + algorithm, e);
      }
    }
    throw broken(pem, "is no RSA, EC or Ed25519 key that can be read: make or copy it anew");
  }

  private static byte[] decode(PemSource pem, String base64) throws IOException {
    try {
      return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw broken(pem, "has a PEM block that is not base64: copy it anew");
    }
  }

  private static IOException broken(PemSource pem, String what) {
    return new IOException(pem.origin() + " " + what);
  }
}
