package io.bitcoincontroller.local.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Metadata;
import io.bitcoincontroller.local.kubelet.ContainerState.Running;
import io.bitcoincontroller.local.kubelet.ContainerState.Terminated;
import io.bitcoincontroller.local.kubelet.ContainerState.Waiting;
import io.bitcoincontroller.local.kubelet.PodSpec.RestartPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The {@code status} of a Pod as a function of its containers'.
 *
 * @param address empty until the pod has one
 * @param startedAt when the kubelet first saw the pod
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/">Pod
 *     lifecycle</a>
 */
record PodStatus(
    String uid,
    RestartPolicy restartPolicy,
    Optional<String> address,
    Instant startedAt,
    List<ContainerStatus> containers) {

  /** Every pod is on the one machine there is. */
  private static final String HOST_IP = "127.0.0.1";

  /**
   * @param before the status as stored: a condition keeps its transition time while it keeps its
   *     value
   */
  ObjectNode toJson(JsonNode before, Instant now) {
    var status = JsonNodeFactory.instance.objectNode();
    status.put("phase", phase()).put("hostIP", HOST_IP).put("qosClass", "BestEffort");
    status.putArray("hostIPs").addObject().put("ip", HOST_IP);
    address.ifPresent(
        ip -> {
          status.put("podIP", ip);
          status.putArray("podIPs").addObject().put("ip", ip);
        });
    status.put("startTime", Metadata.timestamp(startedAt));
    var conditions = new Conditions(status.putArray("conditions"), before, now);
    conditions.add("PodScheduled", true, "", "");
    conditions.add("Initialized", true, "", "");
    var unready =
        containers.stream()
            .filter(container -> !container.ready())
            .map(ContainerStatus::name)
            .collect(Collectors.joining(" "));
    var message = "containers with unready status: [" + unready + "]";
    conditions.add("ContainersReady", unready.isEmpty(), "ContainersNotReady", message);
    conditions.add("Ready", unready.isEmpty(), "ContainersNotReady", message);
    var entries = status.putArray("containerStatuses");
    containers.forEach(container -> entries.add(container.toJson(uid)));
    return status;
  }

  String phase() {
    if (containers.stream().anyMatch(PodStatus::neverRan)) {
      return "Pending";
    }
    var ended =
        containers.stream().map(ContainerStatus::state).filter(Terminated.class::isInstance);
    var exitCodes = ended.map(state -> ((Terminated) state).exitCode()).toList();
    if (exitCodes.size() < containers.size()
        || exitCodes.stream().anyMatch(restartPolicy::restarts)) {
      return "Running";
    }
    return exitCodes.stream().allMatch(code -> code == 0) ? "Succeeded" : "Failed";
  }

  private static boolean neverRan(ContainerStatus container) {
    return switch (container.state()) {
      case Waiting _ -> container.last().isEmpty();
      case Running _, Terminated _ -> false;
    };
  }

  private record Conditions(ArrayNode list, JsonNode before, Instant now) {
    void add(String type, boolean value, String falseReason, String falseMessage) {
      var status = value ? "True" : "False";
      var condition = list.addObject().put("type", type).put("status", status);
      condition.putNull("lastProbeTime");
      condition.put(
          "lastTransitionTime",
          PodSpec.elements(before.path("conditions")).stream()
              .filter(old -> old.path("type").asText().equals(type))
              .filter(old -> old.path("status").asText().equals(status))
              .map(old -> old.path("lastTransitionTime").asText())
              .findFirst()
              .orElseGet(() -> Metadata.timestamp(now)));
      if (!value) {
        condition.put("reason", falseReason).put("message", falseMessage);
      }
    }
  }
}
