package io.bitcoincontroller.local.node;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

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
          json.putObject("running").put("startedAt", timestamp(startedAt));
      case Terminated(var exitCode, var reason, var message, var startedAt, var finishedAt) -> {
        var terminated = json.putObject("terminated").put("exitCode", exitCode);
        terminated.put("reason", reason);
        if (!message.isEmpty()) {
          terminated.put("message", message);
        }
        terminated.put("startedAt", timestamp(startedAt));
        terminated.put("finishedAt", timestamp(finishedAt));
      }
    }
    return json;
  }

  /** As {@code metav1.Time} is written: whole seconds, UTC. */
  static String timestamp(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
