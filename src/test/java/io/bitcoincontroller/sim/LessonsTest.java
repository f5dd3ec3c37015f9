package io.bitcoincontroller.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lessons show what the controller does today. */
class LessonsTest {
  private static final Path COMMITTED =
      Path.of("src/main/resources/io/bitcoincontroller/recorder/lessons");

  private static final Path SOURCES = Path.of("src/main/java/io/bitcoincontroller");

  /** That a stop may open; LessonsInBrowserTest looks at what the page shows then. */
  private static final Set<String> QUESTIONS = Set.of("now", "nothing", "sides");

  /** In bytes: a lesson is short. */
  private static final int LARGEST = 48_000;

  private static Map<String, String> files(Path folder) throws IOException {
    var texts = new TreeMap<String, String>();
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        texts.put(String.valueOf(file.getFileName()), Files.readString(file));
      }
    }
    return texts;
  }

  @Test
  void playedAgainTheyAreTheSame(@TempDir Path folder) throws Exception {
    SimulationTest.patch(folder.resolve("patch"));
    var fresh = folder.resolve("lessons");
    var run =
        SimulationTest.java(
            folder.resolve("patch"),
            List.of(),
            "io.bitcoincontroller.sim.lessons.WriteLessons",
            fresh.toString());
    assertEquals(0, run.code(), run.said());
    var expected = files(fresh);
    var committed = files(COMMITTED);
    var advice =
        ": the controller does something else than the lessons show; run scripts/lessons.sh"
            + " --write";
    assertEquals(expected.keySet(), committed.keySet(), advice);
    expected.forEach((name, text) -> assertEquals(text, committed.get(name), name + advice));
  }

  @Test
  void eachStopNamesAnEntryAndASource() throws IOException {
    var wrong = new ArrayList<String>();
    for (var file : files(COMMITTED).entrySet()) {
      if (file.getKey().endsWith(".jsonl")) {
        wrong.addAll(mistakes(file.getKey(), file.getValue()));
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static List<String> mistakes(String name, String text) throws IOException {
    var wrong = new ArrayList<String>();
    JsonNode before = Json.MAPPER.nullNode();
    var observed = new HashSet<Integer>();
    for (var line : text.lines().toList()) {
      var entry = Json.MAPPER.readTree(line);
      if (!entry.path("kind").asText().equals("stop")) {
        before = entry;
        entry.path("nodes").forEach(node -> observed.add(node.path("ordinal").asInt()));
        continue;
      }
      if (entry.path("seq").asLong() != before.path("seq").asLong()) {
        wrong.add(name + " has a stop that does not follow its entry: " + line);
      }
      if (!Files.exists(SOURCES.resolve(entry.path("source").asText()))) {
        wrong.add(name + " names a source that is not there: " + line);
      }
      if (entry.path("shows").isEmpty() || !QUESTIONS.contains(entry.path("opens").asText())) {
        wrong.add(name + " has a stop that does not say what the page shows: " + line);
      }
      if (!observed.containsAll(ordinals(entry.path("between")))) {
        wrong.add(name + " tells of nodes that were not observed yet: " + line);
      }
    }
    if (text.length() > LARGEST) {
      wrong.add(name + " has " + text.length() + " bytes");
    }
    return wrong;
  }

  private static List<Integer> ordinals(JsonNode nodes) {
    var ordinals = new ArrayList<Integer>();
    nodes.forEach(node -> ordinals.add(node.asInt()));
    return ordinals;
  }

  @Test
  void eachLessonIsListedWithItsOtherRecordings() throws IOException {
    var list = Json.MAPPER.readTree(Files.readString(COMMITTED.resolve("list.json")));
    assertEquals(12, list.size());
    var names = list.findValuesAsText("name");
    var lessons = files(COMMITTED).keySet().stream().filter(name -> name.endsWith(".jsonl"));
    assertEquals(lessons.toList(), names.stream().map(name -> name + ".jsonl").sorted().toList());
    assertTrue(names.stream().filter(name -> name.endsWith(".without")).count() >= 5);
  }
}
