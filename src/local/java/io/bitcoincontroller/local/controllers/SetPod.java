package io.bitcoincontroller.local.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Pod;

/** One pod of a StatefulSet, as far as the set is concerned. */
public record SetPod(
    int ordinal, String revision, boolean terminating, boolean ready, boolean ended) {
  static final String REVISION_LABEL = "controller-revision-hash";

  static SetPod of(int ordinal, JsonNode object) {
    var pod = Json.convert(object, Pod.class);
    var phase = pod.status().phase();
    return new SetPod(
        ordinal,
        object.path("metadata").path("labels").path(REVISION_LABEL).asText(),
        pod.metadata().deleting(),
        phase.equals("Running")
            && pod.status().conditions().stream()
                .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True")),
        phase.equals("Failed") || phase.equals("Succeeded"));
  }

  /** Ready and meant to stay. */
  boolean healthy() {
    return ready && !terminating;
  }
}
