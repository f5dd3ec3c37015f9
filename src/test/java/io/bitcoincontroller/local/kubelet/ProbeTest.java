package io.bitcoincontroller.local.kubelet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.local.kubelet.Probe.Streak;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProbeTest {
  @Test
  void theDefaultsAreThoseOfKubernetes() throws Exception {
    var probe = Probe.of(Json.MAPPER.readTree("{\"exec\":{\"command\":[\"true\"]}}")).orElseThrow();
    var second = Duration.ofSeconds(1);
    var expected = new Probe(List.of("true"), Duration.ZERO, second.multipliedBy(10), second, 1, 3);
    assertEquals(expected, probe);
    assertEquals(Optional.empty(), Probe.of(MissingNode.getInstance()));
  }

  @Test
  void aVerdictNeedsItsThresholdOfEqualResults() {
    var second = Duration.ofSeconds(1);
    var probe = new Probe(List.of("true"), Duration.ZERO, second, second, 1, 3);
    var twoFailures = Streak.NONE.next(false).next(false);
    assertEquals(Optional.empty(), twoFailures.verdict(probe));
    assertEquals(Optional.of(false), twoFailures.next(false).verdict(probe));
    assertEquals(Optional.of(true), twoFailures.next(true).verdict(probe));
    assertEquals(Optional.empty(), twoFailures.next(true).next(false).verdict(probe));
  }
}
