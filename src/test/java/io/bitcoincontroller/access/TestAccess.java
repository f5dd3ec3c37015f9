package io.bitcoincontroller.access;

import io.bitcoincontroller.tls.PemSource;
import io.bitcoincontroller.tls.ServerTrust;
import io.bitcoincontroller.tls.TestCertificates;
import io.bitcoincontroller.tls.TestServer;
import io.bitcoincontroller.tls.Tls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** Access to a {@link TestServer}, for tests of those who use this package. */
public final class TestAccess {
  private TestAccess() {}

  public static ClusterAccess to(TestServer server, Credential credential)
      throws IOException, GeneralSecurityException {
    var ca = new PemSource.Given("ca", TestCertificates.certificate("ca"));
    return new ClusterAccess(
        URI.create("https://127.0.0.1:" + server.port() + "/prefix"),
        Tls.of(ServerTrust.in(ca, _ -> {}), Optional.empty(), Optional.empty()),
        credential,
        Optional.empty(),
        "default");
  }

  /** Read again when it was refused; its age does not matter. */
  public static Credential tokenFile(Path file) {
    return new TokenFile("token", file, () -> 0, _ -> {});
  }

  public static Credential bearer(String token) {
    return FixedCredential.bearer(token);
  }
}
