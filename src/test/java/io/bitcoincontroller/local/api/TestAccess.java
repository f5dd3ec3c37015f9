package io.bitcoincontroller.local.api;

import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.access.Credential;
import io.bitcoincontroller.tls.Tls;
import java.util.Optional;

/** How tests reach a local server. */
final class TestAccess {
  private TestAccess() {}

  static ClusterAccess to(LocalApiServer server) {
    return new ClusterAccess(
        server.uri(),
        new Tls(server.clientTls(), Optional.empty(), Optional.empty()),
        bearer(server.token()),
        Optional.empty(),
        "default");
  }

  static Credential bearer(String token) {
    return new Credential() {
      @Override
      public Optional<String> authorization() {
        return Optional.of("Bearer " + token);
      }

      @Override
      public void refused(String sent) {}
    };
  }
}
