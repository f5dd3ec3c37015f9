package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tour's doors are there, in the order of calls, and none is too large to be read at once. */
class TourTest {
  private static final Path ROOT = Path.of("src/main/java/io/bitcoincontroller");
  private static final int MOST_FILES = 10;
  private static final int LONGEST_FILE = 310;

  private static final Pattern DOOR =
      Pattern.compile("(?m)^\\d+\\. \\*\\*\\[(\\w+)\\.(\\w+)]\\(([^)]+)\\)");

  /** A method of a class, and the text that the tour has about it. */
  private record Door(String type, String method, Path file, String text) {
    String source() throws IOException {
      return Files.readString(file);
    }

    boolean declares(String name) throws IOException {
      return Pattern.compile("(?m)^  [\\w<].*\\b" + name + "\\(").matcher(source()).find();
    }
  }

  private static List<Door> doors() throws IOException {
    var page = Files.readString(ROOT.resolve("README.md"));
    var found = DOOR.matcher(page).results().toList();
    var doors = new ArrayList<Door>();
    for (var i = 0; i < found.size(); i++) {
      var end =
          i + 1 < found.size()
              ? found.get(i + 1).start()
              : page.indexOf("\n\n", found.get(i).end());
      var door = found.get(i);
      var text = page.substring(door.end(), end);
      doors.add(new Door(door.group(1), door.group(2), ROOT.resolve(door.group(3)), text));
    }
    return doors;
  }

  @Test
  void itsDoorsAreThereAndShort() throws IOException {
    var doors = doors();
    assertTrue(doors.size() >= 5 && doors.size() <= MOST_FILES, doors::toString);
    for (var door : doors) {
      assertEquals(door.type + ".java", String.valueOf(door.file.getFileName()));
      assertTrue(door.declares(door.method), door::toString);
      assertTrue(door.source().lines().count() <= LONGEST_FILE, door::toString);
    }
  }

  /**
   * Each door is called in a room where the tour has been, or by the class that wires; or it takes
   * by a call that the tour names.
   */
  @Test
  void itsOrderIsTheOrderOfCalls() throws IOException {
    var doors = doors();
    Set<Path> been = new LinkedHashSet<>(List.of(ROOT.resolve("ControllerProcess.java")));
    for (var i = 0; i < doors.size(); i++) {
      var door = doors.get(i);
      addRoom(door.file.resolveSibling("."), been);
      if (i > 0) {
        assertTrue(isCalled(door, been) || takes(door, doors.get(i - 1)), door::toString);
      }
    }
  }

  private static void addRoom(Path folder, Set<Path> been) throws IOException {
    try (var files = Files.list(folder)) {
      files.filter(file -> file.toString().endsWith(".java")).forEach(been::add);
    }
  }

  private static boolean isCalled(Door door, Set<Path> been) throws IOException {
    var call = Pattern.compile("\\w(\\.|::)" + door.method + "\\b");
    for (var file : been) {
      if (call.matcher(Files.readString(file)).find()) {
        return true;
      }
    }
    return false;
  }

  private static boolean takes(Door door, Door before) throws IOException {
    var call = Pattern.compile("`(\\w+\\.(\\w+)\\()\\)`").matcher(door.text);
    return call.find() && door.source().contains(call.group(1)) && before.declares(call.group(2));
  }

  @Test
  void itEndsAtTheLineThatCallsAddnode() throws IOException {
    var last = doors().getLast();
    assertTrue(last.text.contains("`RpcRequest.addNode(address)`"), last::toString);
    assertTrue(last.source().contains("RpcRequest.addNode(address)"));
  }
}
