package io.bitcoincontroller.local.kubelet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Metadata;
import java.time.Instant;

/** What a container is doing: Kubernetes' three states under its names. */
sealed interface ContainerState {
  /**
   * @param reason ContainerCreating, CrashLoopBackOff, CreateContainerConfigError, …
   */
  record Waiting(String reason, String message) implements ContainerState {}

  record Running(Instant startedAt) implements ContainerState {}

  /**
   * @param exitCode 128 + n after signal n
   */
  record Terminated(
      int exitCode, String reason, String message, Instant startedAt, Instant finishedAt)
      implements ContainerState {}

  default ObjectNode toJson() {
    var json = JsonNodeFactory.instance.objectNode();
    switch (this) {
      case Waiting(var reason, var message) -> {
        var waiting = json.putObject("waiting").put("reason", reason);
        if (!message.isEmpty()) {
          waiting.put("message", message);
        }
      }
      case Running(var startedAt) ->
          json.putObject("running").put("startedAt", Metadata.timestamp(startedAt));
      case Terminated(var exitCode, var reason, var message, var startedAt, var finishedAt) -> {
        var terminated = json.putObject("terminated").put("exitCode", exitCode);
        terminated.put("reason", reason);
        if (!message.isEmpty()) {
          terminated.put("message", message);
        }
        terminated.put("startedAt", Metadata.timestamp(startedAt));
        terminated.put("finishedAt", Metadata.timestamp(finishedAt));
      }
    }
    return json;
  }
}
