package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds what a reader may rely on in every file: where arrows point, and who speaks to the outside.
 */
class TidyTest {
  private static final Path MAIN = Path.of("src/main/java/io/bitcoincontroller");

  /** A package imports only packages of a lower number; Main, which has none, wires them all. */
  private static final Map<String, Integer> LEVELS =
      Map.ofEntries(
          Map.entry("timing", 0),
          Map.entry("observe", 0),
          Map.entry("mesh", 0),
          Map.entry("yaml", 0),
          Map.entry("tls", 1),
          Map.entry("access", 2),
          Map.entry("kube", 3),
          Map.entry("bitcoind", 1),
          Map.entry("workqueue", 1),
          Map.entry("api", 4),
          Map.entry("cache", 4),
          Map.entry("controller", 4),
          Map.entry("leader", 4),
          Map.entry("desired", 5),
          Map.entry("network", 6));

  /** Levels alone would allow these, but they have nothing to do with each other. */
  private static final Map<String, Set<String>> STRANGERS =
      Map.of(
          "tls", Set.of("timing", "observe", "mesh", "yaml"),
          "access", Set.of("mesh", "observe"),
          "kube", Set.of("mesh", "observe", "tls", "workqueue", "bitcoind"),
          "bitcoind", Set.of("mesh", "observe"));

  private static final Pattern IMPORT =
      Pattern.compile("io\\.bitcoincontroller\\.([a-z]+)\\.[A-Z]");

  private static List<Path> sources(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static String packageOf(Path file) {
    var relative = MAIN.relativize(file);
    return relative.getNameCount() == 1 ? "" : relative.getName(0).toString();
  }

  @Test
  void everyPackageHasAPlaceAndSaysWhatItIs() throws IOException {
    var packages = new TreeSet<String>();
    for (var file : sources(MAIN)) {
      packages.add(packageOf(file));
    }
    packages.remove("");
    assertEquals(new TreeSet<>(LEVELS.keySet()), packages);
    for (var name : packages) {
      assertTrue(Files.exists(MAIN.resolve(name).resolve("package-info.java")), name);
    }
  }

  @Test
  void arrowsPointToLowerPackagesOnly() throws IOException {
    var wrong = new ArrayList<String>();
    for (var file : sources(MAIN)) {
      var from = packageOf(file);
      if (from.isEmpty() || file.endsWith("package-info.java")) {
        continue;
      }
      var uses = IMPORT.matcher(Files.readString(file));
      while (uses.find()) {
        var to = uses.group(1);
        var allowed =
            to.equals(from)
                || (LEVELS.getOrDefault(to, 99) < LEVELS.getOrDefault(from, -1)
                    && !STRANGERS.getOrDefault(from, Set.of()).contains(to));
        if (!allowed) {
          wrong.add(file + " uses " + to);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void onlyTwoClassesSpeakHttpToTheOutside() throws IOException {
    var speakers = new ArrayList<String>();
    for (var file : sources(MAIN)) {
      if (Files.readString(file).contains("java.net.http.HttpClient;")) {
        speakers.add(MAIN.relativize(file).toString());
      }
    }
    assertEquals(List.of("bitcoind/BitcoindClient.java", "kube/ApiServer.java"), speakers);
  }

  @Test
  void onlyMainEndsTheProcessOrASecondSignal() throws IOException {
    for (var file : sources(MAIN)) {
      var text = Files.readString(file);
      assertTrue(
          Set.of("Main.java", "Signals.java").contains(String.valueOf(file.getFileName()))
              || !(text.contains("System.exit") || text.contains(".halt(")),
          file.toString());
    }
  }

  @Test
  void testsDontSleep() throws IOException {
    for (var file : sources(Path.of("src/test/java"))) {
      var text = Files.readString(file);
      assertTrue(
          file.endsWith("TidyTest.java")
              || !file.getFileName().toString().endsWith("Test.java")
              || !text.contains("Thread.sleep"),
          file + " sleeps: move the clock, or wait for a condition");
    }
  }
}
