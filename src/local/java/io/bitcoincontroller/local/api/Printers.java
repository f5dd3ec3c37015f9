package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** What {@code kubectl get} prints of Kubernetes' own kinds, in a real server's columns. Pure. */
final class Printers {
  /** Only with {@code -o wide}. */
  private static final int WIDE = 1;

  private static final Printer AGE =
      column("Age", o -> age(o.path("metadata").path("creationTimestamp").asText()));

  private Printers() {}

  /**
   * A column.
   *
   * @param priority above 0 only with {@code -o wide}
   */
  record Printer(String name, int priority, Function<ObjectNode, String> text) {}

  /** The columns beside the name; none for a kind whose {@link Served#columns} say it all. */
  static List<Printer> of(Kind kind) {
    return switch (kind.kind()) {
      case "Pod" -> pod();
      case "StatefulSet" ->
          List.of(
              column("Ready", Printers::readyReplicas),
              AGE,
              wide("Containers", o -> containers(o, "name")),
              wide("Images", o -> containers(o, "image")));
      case "Deployment" ->
          List.of(
              column("Ready", Printers::readyReplicas),
              column("Up-to-date", o -> count(o, "updatedReplicas")),
              column("Available", o -> count(o, "availableReplicas")),
              AGE,
              wide("Containers", o -> containers(o, "name")),
              wide("Images", o -> containers(o, "image")),
              wide("Selector", o -> labels(o.path("spec").path("selector").path("matchLabels"))));
      case "Service" -> service();
      case "ConfigMap" -> List.of(column("Data", Printers::keys), AGE);
      case "Secret" ->
          List.of(
              column("Type", o -> o.path("type").asText()), column("Data", Printers::keys), AGE);
      case "ServiceAccount" -> List.of(column("Secrets", o -> "" + o.path("secrets").size()), AGE);
      case "Event" -> event();
      case "CustomResourceDefinition" ->
          List.of(column("Created At", o -> o.path("metadata").path("creationTimestamp").asText()));
      default -> List.of();
    };
  }

  private static Printer column(String name, Function<ObjectNode, String> text) {
    return new Printer(name, 0, text);
  }

  private static Printer wide(String name, Function<ObjectNode, String> text) {
    return new Printer(name, WIDE, text);
  }

  private static List<Printer> pod() {
    return List.of(
        column("Ready", Printers::readyContainers),
        column("Status", Printers::podStatus),
        column("Restarts", o -> "" + sum(o, container -> container.path("restartCount").asInt())),
        AGE,
        wide("IP", o -> orNone(o.path("status").path("podIP").asText())),
        wide("Node", o -> orNone(o.path("spec").path("nodeName").asText())),
        wide("Nominated Node", _ -> "<none>"),
        wide("Readiness Gates", _ -> "<none>"));
  }

  private static List<Printer> service() {
    return List.of(
        column("Type", o -> o.path("spec").path("type").asText()),
        column("Cluster-IP", o -> orNone(o.path("spec").path("clusterIP").asText())),
        column("External-IP", _ -> "<none>"),
        column("Port(s)", Printers::ports),
        AGE,
        wide("Selector", o -> labels(o.path("spec").path("selector"))));
  }

  private static List<Printer> event() {
    return List.of(
        column("Last Seen", Printers::lastSeen),
        column("Type", o -> o.path("type").asText()),
        column("Reason", o -> o.path("reason").asText()),
        column("Object", o -> involved(o, "involvedObject", "regarding")),
        column("Message", o -> o.path(o.has("message") ? "message" : "note").asText()));
  }

  private static String lastSeen(ObjectNode event) {
    for (var field : List.of("lastTimestamp", "eventTime", "firstTimestamp")) {
      if (!event.path(field).asText("").isEmpty()) {
        return age(event.path(field).asText());
      }
    }
    return "<unknown>";
  }

  private static String involved(ObjectNode event, String field, String newField) {
    var object = event.path(event.has(field) ? field : newField);
    return object.path("kind").asText().toLowerCase(Locale.ROOT)
        + "/"
        + object.path("name").asText();
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "<none>" : text;
  }

  private static String labels(JsonNode labels) {
    return orNone(
        labels.properties().stream()
            .map(e -> e.getKey() + "=" + e.getValue().asText())
            .collect(Collectors.joining(",")));
  }

  private static String ports(ObjectNode service) {
    var ports = new ArrayList<String>();
    for (var port : service.path("spec").path("ports")) {
      ports.add(port.path("port").asText() + "/" + port.path("protocol").asText("TCP"));
    }
    return orNone(String.join(",", ports));
  }

  private static String keys(ObjectNode object) {
    return "" + (object.path("data").size() + object.path("binaryData").size());
  }

  private static String readyReplicas(ObjectNode workload) {
    return count(workload, "readyReplicas") + "/" + workload.path("spec").path("replicas").asInt();
  }

  private static String count(ObjectNode workload, String field) {
    return "" + workload.path("status").path(field).asInt();
  }

  private static String containers(ObjectNode workload, String field) {
    var texts = new ArrayList<String>();
    for (var container : workload.at("/spec/template/spec/containers")) {
      texts.add(container.path(field).asText());
    }
    return String.join(",", texts);
  }

  private static int sum(ObjectNode pod, ToIntFunction<JsonNode> part) {
    var sum = 0;
    for (var container : pod.path("status").path("containerStatuses")) {
      sum += part.applyAsInt(container);
    }
    return sum;
  }

  private static String readyContainers(ObjectNode pod) {
    return sum(pod, container -> container.path("ready").asBoolean() ? 1 : 0)
        + "/"
        + pod.path("spec").path("containers").size();
  }

  /** What keeps the pod, in a word. */
  private static String podStatus(ObjectNode pod) {
    if (pod.path("metadata").has("deletionTimestamp")) {
      return "Terminating";
    }
    for (var container : pod.path("status").path("containerStatuses")) {
      for (var state : List.of("waiting", "terminated")) {
        var reason = container.path("state").path(state).path("reason").asText();
        if (!reason.isEmpty()) {
          return reason;
        }
      }
    }
    var reason = pod.path("status").path("reason").asText();
    return reason.isEmpty() ? pod.path("status").path("phase").asText("Unknown") : reason;
  }

  /** {@code 45s}, {@code 3m10s}, {@code 2h}, {@code 5d}. */
  static String age(String timestamp) {
    long seconds;
    try {
      seconds = Math.max(0, Duration.between(Instant.parse(timestamp), Instant.now()).toSeconds());
    } catch (DateTimeParseException e) {
      return "<unknown>";
    }
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 600) {
      return seconds / 60 + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
    }
    if (seconds < 3 * 3600) {
      return seconds / 60 + "m";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86400 + "d";
  }
}
