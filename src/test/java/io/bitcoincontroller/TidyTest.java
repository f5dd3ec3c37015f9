package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.local.LocalCluster;
import java.io.IOException;
import java.net.URISyntaxException;
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
  private static final Path SIM = Path.of("src/sim/java/io/bitcoincontroller/sim");
  private static final Path LOCAL = Path.of("src/local/java/io/bitcoincontroller/local");

  /** A package imports only packages of a lower number; Main, which has none, wires them all. */
  private static final Map<String, Integer> LEVELS =
      Map.ofEntries(
          Map.entry("timing", 0),
          Map.entry("observe", 0),
          Map.entry("mesh", 0),
          Map.entry("yaml", 0),
          Map.entry("blocks", 0),
          Map.entry("tls", 1),
          Map.entry("access", 2),
          Map.entry("kube", 3),
          Map.entry("bitcoind", 1),
          Map.entry("recorder", 1),
          Map.entry("workqueue", 2),
          Map.entry("api", 4),
          Map.entry("cache", 4),
          Map.entry("controller", 4),
          Map.entry("leader", 4),
          Map.entry("desired", 5),
          Map.entry("plan", 6),
          Map.entry("nodes", 7),
          Map.entry("network", 8));

  /** Levels alone would allow these, but they have nothing to do with each other. */
  private static final Map<String, Set<String>> STRANGERS =
      Map.of(
          "tls", Set.of("timing", "observe", "mesh", "yaml"),
          "access", Set.of("mesh", "observe"),
          "kube", Set.of("mesh", "observe", "tls", "workqueue", "bitcoind"),
          "bitcoind", Set.of("mesh", "observe"),
          "plan", Set.of("cache", "controller", "leader", "observe", "workqueue", "access", "tls"),
          "nodes", Set.of("cache", "leader", "workqueue", "access", "tls"));

  private static final Pattern IMPORT =
      Pattern.compile("io\\.bitcoincontroller\\.([a-z]+)\\.[A-Z]");

  /** The same for the small Kubernetes; the empty name is {@code local} itself. */
  private static final Map<String, Integer> LOCAL_LEVELS =
      Map.ofEntries(
          Map.entry("http", 0),
          Map.entry("api.schema", 0),
          Map.entry("api.fields", 1),
          Map.entry("api", 2),
          Map.entry("loop", 3),
          Map.entry("controllers", 4),
          Map.entry("kubelet", 4),
          Map.entry("doubles", 5),
          Map.entry("streams", 5),
          Map.entry("", 6),
          Map.entry("user", 7),
          Map.entry("demo", 8),
          Map.entry("image", 8),
          Map.entry("realcluster", 8));

  private static final Pattern LOCAL_IMPORT =
      Pattern.compile("io\\.bitcoincontroller\\.local\\.((?:[a-z]+\\.)*)[A-Z]");

  /** No part of the product. */
  private static final Pattern FOR_TESTS =
      Pattern.compile("io\\.bitcoincontroller\\.(local|sim|bench)\\b|org\\.(junit|mockito)\\b");

  /** The same for the simulator; the empty name is {@code sim} itself. */
  private static final Map<String, Integer> SIM_LEVELS =
      Map.of("jvm", 0, "world", 1, "", 2, "lessons", 3);

  private static final Pattern SIM_IMPORT =
      Pattern.compile("io\\.bitcoincontroller\\.sim\\.((?:[a-z]+\\.)*)[A-Z]");

  private static List<Path> sources(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static String packageOf(Path root, Path file) {
    var folder = root.relativize(file).getParent();
    return folder == null ? "" : folder.toString().replace('/', '.');
  }

  @Test
  void everyPackageHasAPlaceAndSaysWhatItIs() throws IOException {
    hasAPlaceAndSaysWhatItIs(MAIN, LEVELS.keySet());
    var withoutRoot = new TreeSet<>(LOCAL_LEVELS.keySet());
    withoutRoot.remove("");
    hasAPlaceAndSaysWhatItIs(LOCAL, withoutRoot);
  }

  private static void hasAPlaceAndSaysWhatItIs(Path root, Set<String> places) throws IOException {
    var packages = new TreeSet<String>();
    for (var file : sources(root)) {
      packages.add(packageOf(root, file));
    }
    for (var name : packages) {
      var folder = root.resolve(name.replace('.', '/'));
      assertTrue(Files.exists(folder.resolve("package-info.java")), name);
    }
    packages.remove("");
    assertEquals(new TreeSet<>(places), packages);
  }

  @Test
  void arrowsPointToLowerPackagesOnly() throws IOException {
    var wrong = new ArrayList<String>();
    for (var file : sources(MAIN)) {
      var from = packageOf(MAIN, file);
      if (!from.isEmpty()) {
        wrong.addAll(wrongArrows(file, from, IMPORT, LEVELS));
      }
    }
    for (var file : sources(LOCAL)) {
      wrong.addAll(wrongArrows(file, packageOf(LOCAL, file), LOCAL_IMPORT, LOCAL_LEVELS));
    }
    for (var file : sources(SIM)) {
      wrong.addAll(wrongArrows(file, packageOf(SIM, file), SIM_IMPORT, SIM_LEVELS));
    }
    assertEquals(List.of(), wrong);
  }

  /** Values in, value out: nothing that a pass decides depends on what changes meanwhile. */
  @Test
  void plansAreMadeOfValues() throws IOException {
    var live =
        Pattern.compile(
            "io\\.bitcoincontroller\\.(cache|observe|controller)\\."
                + "|java\\.util\\.concurrent|java\\.util\\.function\\.(\\w*Supplier|Function|Predicate);"
                + "|\\b(ApiSender|Ticker|InterruptedException|synchronized)\\b"
                + "|\\b(nanoTime|currentTimeMillis|Instant\\.now|SecureRandom)\\b");
    var wrong = new ArrayList<String>();
    for (var file : sources(MAIN.resolve("plan"))) {
      var uses = live.matcher(Files.readString(file));
      while (uses.find() && !file.endsWith("package-info.java")) {
        wrong.add(file + " uses " + uses.group());
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static List<String> wrongArrows(
      Path file, String from, Pattern imports, Map<String, Integer> levels) throws IOException {
    var wrong = new ArrayList<String>();
    if (file.endsWith("package-info.java")) {
      return wrong;
    }
    var uses = imports.matcher(Files.readString(file));
    while (uses.find()) {
      var to = uses.group(1).replaceFirst("\\.$", "");
      var allowed =
          to.equals(from)
              || (levels.getOrDefault(to, 99) < levels.getOrDefault(from, -1)
                  && !STRANGERS.getOrDefault(from, Set.of()).contains(to));
      if (!allowed) {
        wrong.add(file + " uses " + to);
      }
    }
    return wrong;
  }

  @Test
  void mainKnowsNothingOfTheSmallKubernetesNorOfTests() throws IOException {
    for (var file : sources(MAIN)) {
      assertFalse(FOR_TESTS.matcher(Files.readString(file)).find(), file.toString());
    }
  }

  /** What the compiler makes of main is all that the jar and the image hold. */
  @Test
  void theSmallKubernetesIsCompiledWithTheTests() throws Exception {
    var product = placeOf(Main.class);
    assertEquals(placeOf(TidyTest.class), placeOf(LocalCluster.class));
    assertNotEquals(product, placeOf(LocalCluster.class));
    assertFalse(Files.exists(product.resolve("io/bitcoincontroller/local")));
    assertFalse(Files.exists(product.resolve("io/bitcoincontroller/bench")));
    assertFalse(Files.exists(product.resolve("io/bitcoincontroller/sim")));
  }

  private static Path placeOf(Class<?> one) throws URISyntaxException {
    return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @Test
  void noTestStandsOutsideTheTestTree() throws IOException {
    for (var root : List.of("src/local/java", "src/sim/java", "src/bench/java")) {
      for (var file : sources(Path.of(root))) {
        assertFalse(file.getFileName().toString().endsWith("Test.java"), file.toString());
        var text = Files.readString(file);
        assertFalse(text.contains("org.junit") || text.contains("org.mockito"), file.toString());
      }
    }
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
    for (var file : sources(Path.of("src"))) {
      var text = Files.readString(file);
      assertTrue(
          file.endsWith("TidyTest.java")
              || !file.getFileName().toString().endsWith("Test.java")
              || !text.contains("Thread.sleep"),
          file + " sleeps: move the clock, or wait for a condition");
    }
  }
}
