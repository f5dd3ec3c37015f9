package io.bitcoincontroller.local.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The part of a Pod's {@code spec} that the kubelet carries out. */
record PodSpec(
    List<ContainerSpec> containers,
    List<Volume> volumes,
    RestartPolicy restartPolicy,
    Duration terminationGrace) {

  enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    boolean restarts(int exitCode) {
      return this == ALWAYS || (this == ON_FAILURE && exitCode != 0);
    }
  }

  record Volume(String name, Source source) {}

  /** Where the content of a volume comes from. */
  sealed interface Source {}

  /** A fresh folder that lives as long as the pod. */
  record EmptyDir() implements Source {}

  /** A folder that outlives the pod: that of a PersistentVolumeClaim. */
  record Claim(String claimName) implements Source {}

  /**
   * Files from a ConfigMap or a Secret.
   *
   * @param items which keys under which relative paths; empty: every key under its own name
   */
  record Keys(boolean secret, String name, List<Item> items, boolean optional) implements Source {
    String kind() {
      return secret ? "secret" : "configmap";
    }
  }

  /**
   * Files from fields of the pod itself.
   *
   * @param items which fields under which relative paths
   */
  record Fields(List<Item> items) implements Source {}

  record Item(String key, String path) {}

  static PodSpec of(JsonNode spec) {
    var policy =
        switch (spec.path("restartPolicy").asText()) {
          case "Never" -> RestartPolicy.NEVER;
          case "OnFailure" -> RestartPolicy.ON_FAILURE;
          default -> RestartPolicy.ALWAYS;
        };
    return new PodSpec(
        elements(spec.path("containers")).stream().map(ContainerSpec::of).toList(),
        elements(spec.path("volumes")).stream().map(PodSpec::volume).toList(),
        policy,
        Duration.ofSeconds(spec.path("terminationGracePeriodSeconds").asLong(30)));
  }

  Optional<Source> source(String volume) {
    return volumes.stream().filter(v -> v.name().equals(volume)).map(Volume::source).findFirst();
  }

  /** What of this spec the local cluster can't do, in words for the one who wrote it. */
  static Optional<String> refusal(JsonNode spec) {
    for (var field : List.of("initContainers", "readinessGates", "ephemeralContainers")) {
      if (!spec.path(field).isEmpty()) {
        return Optional.of("the local cluster does not do spec." + field);
      }
    }
    if (spec.path("containers").isEmpty()) {
      return Optional.of("spec.containers is empty");
    }
    for (var volume : spec.path("volumes")) {
      if (!VOLUME_KINDS.stream().anyMatch(volume::has)) {
        return Optional.of(
            "volume " + volume.path("name") + " is of none of the kinds " + VOLUME_KINDS);
      }
    }
    return elements(spec.path("containers")).stream()
        .flatMap(container -> ContainerSpec.refusal(container).stream())
        .findFirst();
  }

  private static final Set<String> VOLUME_KINDS =
      Set.of("emptyDir", "configMap", "downwardAPI", "secret", "persistentVolumeClaim");

  private static Volume volume(JsonNode volume) {
    var name = volume.path("name").asText();
    if (volume.has("configMap")) {
      return new Volume(name, keys(false, "name", volume.path("configMap")));
    }
    if (volume.has("downwardAPI")) {
      var items =
          elements(volume.at("/downwardAPI/items")).stream()
              .map(
                  item ->
                      new Item(
                          item.at("/fieldRef/fieldPath").asText(), item.path("path").asText()));
      return new Volume(name, new Fields(items.toList()));
    }
    if (volume.has("secret")) {
      return new Volume(name, keys(true, "secretName", volume.path("secret")));
    }
    if (volume.has("persistentVolumeClaim")) {
      var claim = volume.path("persistentVolumeClaim").path("claimName").asText();
      return new Volume(name, new Claim(claim));
    }
    return new Volume(name, new EmptyDir());
  }

  private static Keys keys(boolean secret, String nameField, JsonNode source) {
    var items =
        elements(source.path("items")).stream()
            .map(item -> new Item(item.path("key").asText(), item.path("path").asText()))
            .toList();
    return new Keys(
        secret, source.path(nameField).asText(), items, source.path("optional").asBoolean());
  }

  static List<JsonNode> elements(JsonNode array) {
    var elements = new ArrayList<JsonNode>();
    array.forEach(elements::add);
    return elements;
  }
}
