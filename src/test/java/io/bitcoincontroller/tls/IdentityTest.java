package io.bitcoincontroller.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class IdentityTest {
  private static PemSource pem(String text) {
    return new PemSource.Given("pem of bob", text);
  }

  @Test
  void aKeyAndACertificateOfTwoPairsAreRefused() throws Exception {
    var rsa = TestCertificates.certificate("client-rsa");
    for (var other : new String[] {"client-ec", "server"}) {
      var key = TestCertificates.key(other);
      var error = assertThrows(IOException.class, () -> Identity.of(pem(rsa), pem(key)));
      assertTrue(("" + error.getMessage()).contains("don't belong together"));
    }
  }

  @Test
  void aCertificateIsCurrentUntilItsLastSecond() throws Exception {
    var identity =
        Identity.of(
            pem(TestCertificates.certificate("client-ec")), pem(TestCertificates.key("client-ec")));
    var end = identity.chain().getFirst().getNotAfter().toInstant();
    identity.requireCurrent(end);
    var late = assertThrows(IOException.class, () -> identity.requireCurrent(end.plusMillis(1)));
    assertEquals(
        "pem of bob: this client certificate ran out at "
            + end
            + ": renew it, then restart the controller, which reads it only at its start",
        late.getMessage());
  }
}
