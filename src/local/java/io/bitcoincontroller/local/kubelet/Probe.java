package io.bitcoincontroller.local.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An exec probe with Kubernetes' defaults.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes">Configure
 *     probes</a>
 */
record Probe(
    List<String> command,
    Duration initialDelay,
    Duration period,
    Duration timeout,
    int successThreshold,
    int failureThreshold) {

  static Optional<Probe> of(JsonNode probe) {
    if (probe.isMissingNode() || probe.isNull()) {
      return Optional.empty();
    }
    return Optional.of(
        new Probe(
            PodSpec.elements(probe.path("exec").path("command")).stream()
                .map(JsonNode::asText)
                .toList(),
            Duration.ofSeconds(probe.path("initialDelaySeconds").asLong(0)),
            Duration.ofSeconds(Math.max(1, probe.path("periodSeconds").asLong(10))),
            Duration.ofSeconds(Math.max(1, probe.path("timeoutSeconds").asLong(1))),
            Math.max(1, probe.path("successThreshold").asInt(1)),
            Math.max(1, probe.path("failureThreshold").asInt(3))));
  }

  /** Equal results in a row. */
  record Streak(boolean success, int length) {
    static final Streak NONE = new Streak(false, 0);

    Streak next(boolean result) {
      return new Streak(result, result == success ? length + 1 : 1);
    }

    /** What the results amount to; empty while too few of them agree to change anything. */
    Optional<Boolean> verdict(Probe probe) {
      var threshold = success ? probe.successThreshold() : probe.failureThreshold();
      return length >= threshold ? Optional.of(success) : Optional.empty();
    }
  }
}
