package io.bitcoincontroller.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class PemTest {
  private static PemSource pem(String text) {
    return new PemSource.Given("key of bob", text);
  }

  private static String refusal(String key) {
    return "" + assertThrows(IOException.class, () -> Pem.privateKey(pem(key))).getMessage();
  }

  @Test
  void theThreeFormatsOfOneKeyAreOneKey() throws Exception {
    var rsa = Pem.privateKey(pem(TestCertificates.key("client-rsa")));
    assertEquals(rsa, Pem.privateKey(pem(TestCertificates.pkcs1("client-rsa"))));
    var ec = (ECPrivateKey) Pem.privateKey(pem(TestCertificates.key("client-ec")));
    var sec1 = (ECPrivateKey) Pem.privateKey(pem(TestCertificates.sec1("client-ec", true)));
    assertEquals(ec.getS(), sec1.getS());
  }

  @Test
  void otherBlocksAndTextAroundTheKeyArePassedOver() throws Exception {
    var text =
        "Bag Attributes\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
            + TestCertificates.certificate("client-ec").replace("\n", "\r\n")
            + TestCertificates.sec1("client-ec", true);
    assertEquals("EC", Pem.privateKey(pem(text)).getAlgorithm());
    assertEquals(1, Pem.certificates(pem(text)).size());
  }

  @Test
  void allCertificatesOfAChainAreReadInTheirOrder() throws Exception {
    var chain = TestCertificates.certificate("client-ec") + TestCertificates.certificate("ca");
    var names =
        Pem.certificates(pem(chain)).stream()
            .map(c -> c.getSubjectX500Principal().getName())
            .toList();
    assertEquals(List.of("CN=client-ec", "CN=ca"), names);
  }

  @Test
  void whatIsNoKeySaysWhatItIsAndWhatToDo() throws Exception {
    assertEquals(
        "key of bob holds no private key: it must have a line -----BEGIN PRIVATE KEY-----",
        refusal("x"));
    var key = TestCertificates.key("client-rsa");
    assertTrue(
        refusal(key.replace("PRIVATE", "ENCRYPTED PRIVATE")).contains("is an encrypted key"));
    assertTrue(
        refusal(
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----")
            .contains("openssl pkcs8 -topk8"));
    assertTrue(
        refusal(TestCertificates.sec1("client-ec", false)).contains("does not name its curve"));
    assertTrue(refusal(key.replaceFirst("\n", "\n%")).contains("not base64"));
    assertTrue(
        refusal("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")
            .contains("is no RSA, EC or Ed25519 key"));
    for (var der : new String[] {"", "MA==", "MIQ=", "MAOgAA==", "MAKgAA=="}) {
      assertTrue(
          refusal("-----BEGIN EC PRIVATE KEY-----\n" + der + "\n-----END EC PRIVATE KEY-----")
              .contains("does not name its curve"),
          der);
    }
    var broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    assertThrows(IOException.class, () -> Pem.certificates(pem(broken)));
  }

  @Test
  void ofASystemsCertificatesThoseThatCanBeReadAreTaken() throws Exception {
    var odd = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    var text = odd + TestCertificates.certificate("ca") + odd;
    assertEquals(1, Pem.readableCertificates(pem(text)).size());
    assertThrows(IOException.class, () -> Pem.certificates(pem(text)));
    var none = assertThrows(IOException.class, () -> Pem.readableCertificates(pem(odd + odd)));
    assertTrue(none.toString().contains("that can't be read"), none::toString);
  }
}
