package io.bitcoincontroller.local.api;

import io.bitcoincontroller.access.ClusterAccess;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The local server keeps the contract. */
final class LocalApiContractTest extends ApiContract {
  @SuppressWarnings("NullAway.Init") // set before any test runs
  private static LocalApiServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new LocalApiServer(LocalApiServer.Options.ordinary());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  ClusterAccess access() {
    return TestAccess.to(server);
  }
}
