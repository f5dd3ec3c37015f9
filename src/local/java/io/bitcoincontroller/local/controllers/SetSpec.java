package io.bitcoincontroller.local.controllers;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a StatefulSet's {@code spec} says about its pods, but for the template.
 *
 * @param ordered OrderedReady: one pod at a time, each ready before the next
 * @param rolling RollingUpdate; else OnDelete
 * @param partition ordinals below it keep the current revision
 */
public record SetSpec(int replicas, boolean ordered, boolean rolling, int partition) {
  static SetSpec of(JsonNode spec) {
    var strategy = spec.path("updateStrategy");
    return new SetSpec(
        spec.path("replicas").asInt(1),
        !spec.path("podManagementPolicy").asText().equals("Parallel"),
        !strategy.path("type").asText().equals("OnDelete"),
        strategy.path("rollingUpdate").path("partition").asInt(0));
  }
}
