package io.bitcoincontroller.local.api;

import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.access.Credential;
import java.util.Optional;

/** How tests reach a local server. */
final class TestAccess {
  private TestAccess() {}

  static ClusterAccess to(LocalApiServer server) {
    return new ClusterAccess(
        server.uri(), server.clientTls(), bearer(server.token()), Optional.empty(), "default");
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
