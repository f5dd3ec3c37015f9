package io.bitcoincontroller.local.api;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Objects with all of their fields: our client's answers lack those that nobody reads. */
final class Unabridged {
  private Unabridged() {}

  static JsonNode get(ApiServer client, String path, Duration deadline)
      throws IOException, InterruptedException {
    var opening = client.open(new ApiRequest("GET", path, "", Optional.empty()), deadline);
    try (var body = assertInstanceOf(ApiServer.Opening.Streaming.class, opening).body()) {
      return Json.MAPPER.readTree(body);
    }
  }
}
