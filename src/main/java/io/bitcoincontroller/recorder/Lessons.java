package io.bitcoincontroller.recorder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;

/**
 * Recordings of the simulator, with stops at which something is told: the folder {@code lessons}
 * beside this class. The simulator's sources say what happens in them, and write them.
 */
final class Lessons {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Lessons() {}

  /** Name, title and words of each, and the names of its other recordings, as JSON. */
  static String list() {
    return text("list.json");
  }

  /** The names of all recordings. */
  static List<String> names() {
    return parsedList().findValuesAsText("name");
  }

  private static JsonNode parsedList() {
    try {
      return JSON.readTree(list());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the list of lessons in the jar is no JSON", e);
    }
  }

  /** One of them, as the page loads it. */
  static String recording(String name) {
    return text(name + ".jsonl");
  }

  /** All of them in one JSON object, for a page that has no server. */
  static String all() {
    var all = JSON.createObjectNode();
    all.set("list", parsedList());
    var files = all.putObject("files");
    names().forEach(name -> files.put(name, recording(name)));
    return all.toString();
  }

  private static String text(String name) {
    try (var file = Lessons.class.getResourceAsStream("lessons/" + name)) {
      if (file == null) {
        throw new IllegalStateException("the jar has no lesson of this name: " + name);
      }
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("a lesson can't be read from the jar: " + name, e);
    }
  }
}
