package io.bitcoincontroller.local.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LocalApiServerTest {
  @Test
  void itTellsItsVersionToThoseWithTheToken() throws Exception {
    try (var server = new LocalApiServer(LocalApiServer.Options.ordinary())) {
      assertEquals("127.0.0.1", server.uri().getHost());
    }
  }
}
