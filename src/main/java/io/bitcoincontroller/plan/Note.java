package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Excerpt;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Resource;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An event as a person reads it in {@code kubectl describe}: one for each thing that happened, none
 * for a pass.
 *
 * @param warning a person has to do something
 * @param reason one word in CamelCase
 * @param text a sentence
 */
public record Note(boolean warning, String reason, String text) {
  /** Reasons of states that pass by themselves: only the conditions show them. */
  private static final Set<String> ROUTINE =
      Set.of(
          Condition.WAITING,
          "Linking",
          StatusOf.BEHIND,
          StatusOf.PARTITIONED,
          "NodesNotAnswering",
          "AllNodesReady",
          "OneBestBlock",
          Trouble.PREDECESSOR,
          Trouble.DELETING.reason(),
          Rollout.REASON,
          Held.REASON);

  /** What a pass has created. */
  public static final String CREATED = "Created";

  static final String JOINED = "NodeJoined";
  private static final String MESH_COMPLETE = "MeshComplete";

  /** events.k8s.io takes 1024 bytes, and a letter may have three. */
  private static final int LONGEST_TEXT = 340;

  /** One note of each kind, with the texts of all notes of that kind. */
  public static List<Note> joined(List<Note> notes) {
    var texts = new LinkedHashMap<Note, List<String>>();
    for (var note : notes) {
      var kind = new Note(note.warning(), note.reason(), "");
      texts.computeIfAbsent(kind, _ -> new ArrayList<>()).add(note.text());
    }
    return texts.entrySet().stream()
        .map(e -> new Note(e.getKey().warning(), e.getKey().reason(), join(e.getValue())))
        .toList();
  }

  /**
   * Nodes that joined and made the mesh complete, and what was created: one note reports all.
   * Should its text be too long for an event, what was created has its own.
   */
  public static List<Note> merged(List<Note> notes) {
    var complete = texts(MESH_COMPLETE, notes).findFirst();
    if (complete.isEmpty()) {
      return notes;
    }
    var joined = texts(JOINED, notes).map(who -> who + " joined; ").findFirst().orElse("");
    var created = texts(CREATED, notes).collect(Collectors.joining("; "));
    var text = joined + complete.get();
    var merged = new ArrayList<Note>();
    if (!created.isEmpty() && text.length() + created.length() + 2 > LONGEST_TEXT) {
      merged.add(new Note(false, CREATED, created));
    } else if (!created.isEmpty()) {
      text += "; " + created;
    }
    for (var note : notes) {
      switch (note.reason()) {
        case MESH_COMPLETE -> merged.add(new Note(false, MESH_COMPLETE, text));
        case JOINED, CREATED -> {}
        default -> merged.add(note);
      }
    }
    return List.copyOf(merged);
  }

  private static Stream<String> texts(String reason, List<Note> notes) {
    return notes.stream().filter(note -> note.reason().equals(reason)).map(Note::text);
  }

  private static String join(List<String> texts) {
    return String.join(", ", texts);
  }

  /**
   * The conditions that changed their status or reason.
   *
   * @param before the stored status, or a missing node
   */
  public static List<Note> ofTransitions(JsonNode before, List<Condition> after) {
    var notes = new ArrayList<Note>();
    for (var condition : after) {
      var stored = Status.condition(before, condition.type());
      var same =
          stored.path("reason").asText().equals(condition.reason())
              && stored.path("status").asText().equals(condition.holds() ? "True" : "False");
      if (!same && !ROUTINE.contains(condition.reason())) {
        var note =
            condition.type().equals(Condition.MESHED) && condition.holds()
                ? new Note(false, MESH_COMPLETE, condition.message())
                : new Note(true, condition.reason(), condition.message());
        if (notes.stream().noneMatch(note::equals)) {
          notes.add(note);
        }
      }
    }
    return List.copyOf(notes);
  }

  /**
   * The event, as events.k8s.io/v1 takes it.
   *
   * @param name of the event, see {@link #name}
   * @param instance name of this process
   */
  public ObjectNode event(Meta network, String name, String instance, Instant now) {
    var event = JsonNodeFactory.instance.objectNode();
    event.put("apiVersion", Resource.EVENTS.apiVersion()).put("kind", Resource.EVENTS.kind());
    event.putObject("metadata").put("namespace", network.namespace()).put("name", name);
    event.put("eventTime", microTime(now));
    event.put("reportingController", Names.MANAGED_BY);
    event.put("reportingInstance", instance);
    event.put("action", "Reconcile").put("reason", reason);
    event.put("type", warning ? "Warning" : "Normal");
    event.put("note", Excerpt.beginning(text, LONGEST_TEXT));
    event
        .putObject("regarding")
        .put("apiVersion", BitcoinNetwork.RESOURCE.apiVersion())
        .put("kind", BitcoinNetwork.RESOURCE.kind())
        .put("namespace", network.namespace())
        .put("name", network.name())
        .put("uid", network.uid());
    return event;
  }

  /** A name as client-go makes it: the object's, and the time in nanoseconds. */
  public static String name(Meta network, Instant now) {
    var nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    return network.name() + "." + Long.toHexString(nanos);
  }

  /**
   * The patch that makes a series of an event.
   *
   * @param count how often it has happened; 2 or more
   */
  public static ObjectNode series(int count, Instant now) {
    var patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("series").put("count", count).put("lastObservedTime", microTime(now));
    return patch;
  }

  /** MicroTime takes exactly six digits. */
  private static String microTime(Instant now) {
    return DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
        .withZone(ZoneOffset.UTC)
        .format(now.truncatedTo(ChronoUnit.MICROS));
  }
}
