package io.bitcoincontroller.recorder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recordings of the simulator, with stops at which something is told: the folder {@code lessons}
 * beside this class. The simulator's sources say what happens in them, and write them.
 */
final class Lessons {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** No dot but one, and no slash: nothing else in the jar has such a name. */
  private static final Pattern PATH =
      Pattern.compile("/lessons/([0-9]{2}-[a-z0-9-]+(?:\\.[a-z]+)?)");

  private Lessons() {}

  /** Name, title and words of each, and the names of its other recordings, as JSON. */
  static String list() {
    return text("list.json").orElseThrow(() -> new IllegalStateException("the jar has no lessons"));
  }

  /** The recording that a path names; empty if there is none. */
  static Optional<String> at(String path) {
    var named = PATH.matcher(path);
    return named.matches() ? text(named.group(1) + ".jsonl") : Optional.empty();
  }

  /** All of them in one JSON object, for a page that has no server. */
  static String all() throws IOException {
    var all = JSON.createObjectNode();
    var list = JSON.readTree(list());
    var files = all.putObject("files");
    for (var name : list.findValuesAsText("name")) {
      files.put(name, at("/lessons/" + name).orElseThrow());
    }
    all.set("list", list);
    return all.toString();
  }

  private static Optional<String> text(String name) {
    try (var file = Lessons.class.getResourceAsStream("lessons/" + name)) {
      return file == null ? Optional.empty() : Optional.of(new String(file.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("a lesson can't be read from the jar: " + name, e);
    }
  }
}
