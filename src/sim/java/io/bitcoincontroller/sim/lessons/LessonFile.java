package io.bitcoincontroller.sim.lessons;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The lines of a lesson: a recording that begins where the story does, with its stops. */
final class LessonFile {
  /** So much of what comes after the last stop is kept. */
  private static final int AFTERWARDS = 30;

  private final ObjectNode start;

  /** Those of the story, in their order. */
  private final List<ObjectNode> entries = new ArrayList<>();

  /**
   * @param lines as the recorder gave them
   * @param fromMicros what was before is left out
   * @param firstCause ids of causes are counted from this one on: they are the process's
   */
  LessonFile(List<String> lines, long fromMicros, long firstCause) throws IOException {
    start = (ObjectNode) Json.MAPPER.readTree(lines.getFirst());
    Map<Long, ObjectNode> before = new HashMap<>();
    for (var line : lines.subList(1, lines.size())) {
      var entry = (ObjectNode) Json.MAPPER.readTree(line);
      if (entry.path("t").asLong() < fromMicros) {
        before.put(entry.path("seq").asLong(), entry);
      } else {
        renumber(entry, firstCause);
        entries.add(whole(entry, before));
      }
    }
    start.remove("bytes");
    start.put("dropped", before.size());
  }

  private static void renumber(ObjectNode entry, long first) {
    if (entry.has("id")) {
      entry.put("id", entry.path("id").asLong() - first);
    }
    for (var cause : entry.path("causes")) {
      renumber((ObjectNode) cause, first);
    }
  }

  /** An entry that only names one that is left out gets its text. */
  private static ObjectNode whole(ObjectNode entry, Map<Long, ObjectNode> before) {
    var number = entry.path("same").asLong();
    var same = before.get(number);
    if (same == null) {
      return entry;
    }
    var whole = same.deepCopy();
    whole.setAll(entry);
    whole.remove("same");
    before.put(number, whole.deepCopy().put("same", entry.path("seq").asLong()));
    return whole;
  }

  List<ObjectNode> entries() {
    return entries;
  }

  /** With a title, and with stops at these entries. */
  List<String> lines(String title, String words, SortedMap<Integer, Stop> stops) {
    var end = Math.min(entries.size(), stops.lastKey() + AFTERWARDS);
    var lines = new ArrayList<String>();
    start.put("mono", entries.get(end - 1).path("t").asLong());
    start.put("title", title).put("words", words);
    lines.add(start.toString());
    for (var at = 0; at < end; at++) {
      var entry = entries.get(at);
      lines.add(entry.toString());
      var stop = stops.get(at);
      if (stop != null) {
        lines.add(line(stop, entry));
      }
    }
    return lines;
  }

  private static String line(Stop stop, ObjectNode entry) {
    var line = Json.MAPPER.createObjectNode().put("kind", "stop");
    line.put("seq", entry.path("seq").asLong()).put("t", entry.path("t").asLong());
    line.put("title", stop.title()).put("words", stop.words()).put("source", stop.source());
    return line.toString();
  }
}
