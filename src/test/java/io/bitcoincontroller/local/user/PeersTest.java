package io.bitcoincontroller.local.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.bitcoincontroller.kube.Json;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeersTest {
  @Test
  void onlyLiveConnectionsCountAndOnlyThoseItDialledShowAnAddress() throws JsonProcessingException {
    var view =
        Peers.of(
            "my-network-sts-0",
            "127.0.0.2",
            Json.MAPPER.readTree(
                """
                [{"addednode": "127.0.0.3:18444", "connected": true},
                 {"addednode": "127.0.0.4", "connected": false}]
                """),
            Json.MAPPER.readTree(
                """
                [{"addr": "127.0.0.3:18444", "inbound": false, "version": 70016},
                 {"addr": "127.0.0.4:18444", "inbound": false, "version": 0},
                 {"addr": "127.0.0.1:50312", "inbound": true, "version": 70016}]
                """));
    assertEquals(
        new Peers(
            "my-network-sts-0",
            "127.0.0.2",
            Set.of("127.0.0.3", "127.0.0.4"),
            Set.of("127.0.0.3"),
            2),
        view);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:18444, 10.0.0.1",
    "10.0.0.1, 10.0.0.1",
    "[fd00::1]:18444, fd00::1",
    "fd00::1, fd00::1",
    "[fd00::1, '[fd00::1'"
  })
  void anAddressIsReadWithoutItsPort(String address, String host) {
    assertEquals(host, Peers.host(address));
  }
}
