package io.bitcoincontroller.sim.lessons;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The lines of a lesson: a recording that begins where the story does, with its stops. */
final class LessonFile {
  /** So much of what comes after the last stop is kept. */
  private static final int AFTERWARDS = 30;

  private final ObjectNode start;

  /** Those of the story, in their order. */
  private final List<ObjectNode> entries = new ArrayList<>();

  /** The entries that have the texts of those that are left out. */
  private final Map<Long, Long> toldBy = new HashMap<>();

  /**
   * @param lines as the recorder gave them
   * @param fromMicros when the story begins
   * @param firstCause ids of causes are counted from this one on: they are the process's
   */
  LessonFile(List<String> lines, long fromMicros, long firstCause) throws IOException {
    start = (ObjectNode) Json.MAPPER.readTree(lines.getFirst());
    var all = new ArrayList<ObjectNode>();
    for (var line : lines.subList(1, lines.size())) {
      all.add((ObjectNode) Json.MAPPER.readTree(line));
    }
    var begin = beginning(all, fromMicros);
    SortedMap<Long, ObjectNode> before = new TreeMap<>();
    all.subList(0, begin).forEach(entry -> before.put(entry.path("seq").asLong(), entry));
    for (var entry : all.subList(begin, all.size())) {
      renumber(entry, firstCause);
      entries.add(later(whole(entry, before)));
    }
    start.remove("bytes");
    start.put("dropped", entries.getFirst().path("seq").asLong() - 1);
  }

  /**
   * Where the last pass before the story began: so the page has the network as it was, and knows
   * when the next look is due. If there was none, all is kept.
   */
  private static int beginning(List<ObjectNode> all, long fromMicros) {
    var begin = 0;
    for (var at = 0; at < all.size() && all.get(at).path("t").asLong() < fromMicros; at++) {
      if (all.get(at).path("kind").asText().equals("pass")) {
        begin = at;
      }
    }
    return begin;
  }

  /** Simulated time stands still while code runs: a microsecond for each entry shows the order. */
  private ObjectNode later(ObjectNode entry) {
    var before = entries.isEmpty() ? -1 : entries.getLast().path("t").asLong();
    return entry.put("t", Math.max(entry.path("t").asLong(), before + 1));
  }

  private static void renumber(ObjectNode entry, long first) {
    if (entry.has("id")) {
      entry.put("id", entry.path("id").asLong() - first);
    }
    for (var field : List.of("causes", "delays")) {
      for (var cause : entry.path(field)) {
        renumber((ObjectNode) cause, first);
      }
    }
  }

  /** An entry that only names one that is left out gets its text, the first time. */
  private ObjectNode whole(ObjectNode entry, SortedMap<Long, ObjectNode> before) {
    var number = entry.path("same").asLong();
    var same = before.get(number);
    if (same == null) {
      return entry;
    }
    var told = toldBy.putIfAbsent(number, entry.path("seq").asLong());
    if (told != null) {
      return entry.put("same", told);
    }
    var whole = same.deepCopy();
    whole.setAll(entry);
    whole.remove("same");
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
    line.put("opens", stop.opens());
    stop.between().forEach(line.withArray("between")::add);
    stop.shows().forEach(line.withArray("shows")::add);
    return line.toString();
  }
}
