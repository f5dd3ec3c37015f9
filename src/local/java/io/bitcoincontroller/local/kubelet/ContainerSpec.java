package io.bitcoincontroller.local.kubelet;

import static io.bitcoincontroller.local.kubelet.PodSpec.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The part of a container's spec that the kubelet carries out.
 *
 * @param endsInLog the end of its log is its last message, where it ends with an error
 */
record ContainerSpec(
    String name,
    String image,
    List<String> command,
    List<Variable> env,
    List<Integer> ports,
    List<Mount> mounts,
    Optional<Probe> startup,
    Optional<Probe> readiness,
    Optional<Probe> liveness,
    boolean endsInLog) {

  /** One environment variable and where its value is to be found. */
  sealed interface Variable {
    String name();
  }

  record Literal(String name, String value) implements Variable {}

  record FieldRef(String name, String path) implements Variable {}

  record KeyRef(String name, boolean secret, String object, String key, boolean optional)
      implements Variable {}

  /**
   * @param path absolute, in the container
   * @param subPath the one file or folder of the volume to mount; empty for the whole volume
   */
  record Mount(String volume, String path, String subPath) {}

  static ContainerSpec of(JsonNode container) {
    var command = Stream.concat(words(container.path("command")), words(container.path("args")));
    return new ContainerSpec(
        container.path("name").asText(),
        container.path("image").asText(),
        command.toList(),
        elements(container.path("env")).stream().map(ContainerSpec::variable).toList(),
        elements(container.path("ports")).stream()
            .map(port -> port.path("containerPort").asInt())
            .toList(),
        elements(container.path("volumeMounts")).stream().map(ContainerSpec::mount).toList(),
        Probe.of(container.path("startupProbe")),
        Probe.of(container.path("readinessProbe")),
        Probe.of(container.path("livenessProbe")),
        container.path("terminationMessagePolicy").asText().equals("FallbackToLogsOnError"));
  }

  private static Stream<String> words(JsonNode array) {
    return elements(array).stream().map(JsonNode::asText);
  }

  private static Mount mount(JsonNode mount) {
    return new Mount(
        mount.path("name").asText(),
        mount.path("mountPath").asText().replaceFirst("(?<=.)/+$", ""),
        mount.path("subPath").asText());
  }

  private static Variable variable(JsonNode variable) {
    var name = variable.path("name").asText();
    var from = variable.path("valueFrom");
    if (from.has("fieldRef")) {
      return new FieldRef(name, from.path("fieldRef").path("fieldPath").asText());
    }
    for (var secret : List.of(true, false)) {
      var ref = from.path(secret ? "secretKeyRef" : "configMapKeyRef");
      if (!ref.isMissingNode()) {
        var object = ref.path("name").asText();
        var key = ref.path("key").asText();
        return new KeyRef(name, secret, object, key, ref.path("optional").asBoolean());
      }
    }
    return new Literal(name, variable.path("value").asText());
  }

  /** What of this container the local cluster can't do; see {@link PodSpec#refusal}. */
  static Optional<String> refusal(JsonNode container) {
    var name = container.path("name").asText();
    if (container.path("command").isEmpty()) {
      return Optional.of(
          "container " + name + " has no command, and the local cluster has no images to ask");
    }
    for (var field : List.of("lifecycle", "envFrom")) {
      if (!container.path(field).isEmpty()) {
        return Optional.of("container " + name + ": the local cluster does not do " + field);
      }
    }
    for (var field : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      var probe = container.path(field);
      if (!probe.isMissingNode() && probe.path("exec").path("command").isEmpty()) {
        return Optional.of(
            "container " + name + ": the local cluster does " + field + " by exec only");
      }
    }
    for (var variable : container.path("env")) {
      var from = variable.path("valueFrom");
      if (from.has("resourceFieldRef")) {
        return Optional.of("container " + name + ": the local cluster has no resourceFieldRef");
      }
    }
    return Optional.empty();
  }
}
