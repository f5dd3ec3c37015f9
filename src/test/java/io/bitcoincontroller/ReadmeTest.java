package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bitcoincontroller.local.user.Kubectl;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of README and of the pages behind it do what stands there, and their links and file
 * names lead somewhere. Blocks marked {@code console} are run in their order on a local cluster
 * with a running controller: a line that begins with {@code $} is a command, what follows is what
 * it prints.
 *
 * <p>What differs from run to run may differ: numbers, ages, hashes, the width of columns. A line
 * {@code ...} stands for any lines, a line that ends with it for any end.
 */
@Timeout(600)
final class ReadmeTest {
  private static final Path README = Path.of("README.md");

  /** A newcomer reads no more. */
  private static final int LONGEST_README = 150;

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(#[^)]+)?\\)");

  private static final Pattern CODE = Pattern.compile("(?<!`)`([^`\n]+)`");

  private static final Pattern FILE =
      Pattern.compile("[\\w./-]*\\w\\.(sh|yaml|md|java|json|txt|xml)");

  private static final Pattern PATH =
      Pattern.compile("(?<![\\w/.$-])(?:src|scripts|manifests)/[\\w./-]*\\w");

  private static final String ANY = "...";

  /** The first kubectl that can exec on the local cluster. */
  private static final int OLDEST_KUBECTL = 30;

  private static final long LONGEST_SECONDS = 120;

  record Typed(String command, List<String> shown) {}

  /** README first. */
  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<Path>(List.of(README));
    for (var root : List.of("manifests", "scripts", "src")) {
      try (var files = Files.walk(Path.of(root))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  private static List<Typed> typed(List<String> readme) {
    var typed = new ArrayList<Typed>();
    var inside = false;
    for (var line : readme) {
      if (line.startsWith("```")) {
        inside = line.equals("```console");
      } else if (inside && line.startsWith("$ ")) {
        typed.add(new Typed(line.substring(2), new ArrayList<>()));
      } else if (inside) {
        typed.getLast().shown.add(line);
      }
    }
    return typed;
  }

  @Test
  void everyCommandWorksAndPrintsWhatStandsBelowIt(@TempDir Path folder) throws Exception {
    assumeTrue(onPath("jq") && onPath("bash"), "jq or bash is not on PATH: README was not tried");
    var kubectl = Kubectl.find();
    assumeTrue(kubectl.isPresent(), "kubectl is not on PATH: README was not tried");
    try (var stage = new Stage(folder.resolve("stage"))) {
      var version = new Kubectl(kubectl.get(), stage.cluster.kubeconfig(), folder).minorVersion();
      assumeTrue(version >= OLDEST_KUBECTL, "kubectl is too old to exec: README was not tried");
      stage.user.delete("/api/v1/namespaces/default/secrets/bitcoin-default-secret");
      stage.startController();
      for (var page : pages()) {
        for (var typed : typed(Files.readAllLines(page))) {
          var printed = run(typed.command, stage.cluster.kubeconfig(), folder);
          assertTrue(
              alike(typed.shown, printed),
              () -> page + ": $ " + typed.command + "\n" + String.join("\n", printed));
        }
      }
    }
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  private static List<String> run(String command, Path kubeconfig, Path folder)
      throws IOException, InterruptedException {
    var output = Files.createTempFile(folder, "readme", ".out");
    var builder = new ProcessBuilder("bash", "-o", "pipefail", "-c", command);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(new File("/dev/null"));
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", folder.toString());
    var process = builder.start();
    try {
      assertTrue(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS), () -> command + " hangs");
      var lines = Files.readAllLines(output);
      assertEquals(0, process.exitValue(), () -> "$ " + command + "\n" + lines);
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean alike(List<String> shown, List<String> printed) {
    if (shown.isEmpty() || printed.isEmpty()) {
      return shown.isEmpty() ? printed.isEmpty() : shown.equals(List.of(ANY));
    }
    var rest = shown.subList(1, shown.size());
    if (shown.getFirst().equals(ANY)) {
      return alike(rest, printed) || alike(shown, printed.subList(1, printed.size()));
    }
    return alike(shown.getFirst(), printed.getFirst())
        && alike(rest, printed.subList(1, printed.size()));
  }

  private static boolean alike(String shown, String printed) {
    return shown.endsWith(ANY)
        ? fixed(printed).startsWith(fixed(shown.substring(0, shown.length() - ANY.length())))
        : fixed(shown).equals(fixed(printed));
  }

  /** What doesn't differ from run to run. */
  private static String fixed(String line) {
    return line.replaceAll("\\b[0-9a-f]{16,}\\b", "0")
        .replaceAll("\\b(\\d+[smhd])+\\b", "0")
        .replaceAll("\\d+", "0")
        .replaceAll(" +", " ")
        .strip();
  }

  @Test
  void whatIsFixedIsCompared() {
    var shown = List.of("NAME   AGE", "...", "x   5s", "the last is 0123456789abcdef", "end ...");
    assertTrue(
        alike(
            shown,
            List.of("NAME AGE", "1", "2", "x 1m2s", "the last is fedcba9876543210", "end of it")));
    assertTrue(alike(List.of("..."), List.of()));
    assertFalse(alike(shown, List.of("NAME AGE", "x 5s")));
    assertFalse(alike(List.of("True"), List.of("False")));
    assertFalse(alike(List.of(), List.of("a word too much")));
    assertFalse(alike(List.of("a word too much"), List.of()));
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    var dead = new ArrayList<String>();
    for (var page : pages()) {
      var links = LINK.matcher(Files.readString(page));
      while (links.find()) {
        var path = links.group(1);
        var to = path.isEmpty() ? page : page.resolveSibling(path);
        var anchor = links.group(2);
        if (!Files.exists(to) || (anchor != null && !anchors(to).contains(anchor))) {
          dead.add(page + " links to " + path + (anchor == null ? "" : anchor));
        }
      }
    }
    assertEquals(List.of(), dead);
  }

  /** Of the headings, as the usual viewers make them. */
  private static List<String> anchors(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> "#" + line.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
        .toList();
  }

  /** A path from the top, or from the page's folder, or the bare name of some file. */
  @Test
  void fileNamesInThePagesAreThoseOfFiles() throws IOException {
    var names = new HashSet<String>();
    for (var file : files()) {
      names.add(file.getFileName().toString());
    }
    var wrong = new ArrayList<String>();
    for (var page : pages()) {
      var codes = CODE.matcher(Files.readString(page));
      while (codes.find()) {
        for (var word : codes.group(1).split(" ", -1)) {
          if (FILE.matcher(word).matches()
              && !names.contains(word)
              && !Files.exists(Path.of(word))
              && !Files.exists(page.resolveSibling(word))) {
            wrong.add(page + " names " + word);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void pathsInCommentsAndScriptsAreThoseOfFiles() throws IOException {
    var wrong = new ArrayList<String>();
    for (var file : files()) {
      var paths = PATH.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
      while (paths.find()) {
        if (!Files.exists(Path.of(paths.group()))) {
          wrong.add(file + " names " + paths.group());
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** All of the project, but for pictures and what a build makes. */
  private static List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    for (var root :
        List.of("README.md", "pom.xml", "Dockerfile", ".ci", "manifests", "scripts", "src")) {
      try (var all = Files.walk(Path.of(root))) {
        all.filter(Files::isRegularFile)
            .filter(file -> !file.toString().endsWith(".png"))
            .sorted()
            .forEach(files::add);
      }
    }
    return files;
  }

  @Test
  void readmeIsShort() throws IOException {
    assertTrue(Files.readAllLines(README).size() <= LONGEST_README);
  }

  @Test
  void pagesHaveCommands() throws IOException {
    for (var page : List.of(README, Path.of("scripts/README.md"))) {
      var typed = typed(Files.readAllLines(page));
      assertTrue(typed.size() >= 8, () -> page + ": " + typed);
    }
    assertEquals(
        List.of(new Typed("a", List.of("b")), new Typed("c", List.of())),
        typed(List.of("$ no", "```console", "$ a", "b", "$ c", "```", "```yaml", "$ no", "```")));
  }
}
