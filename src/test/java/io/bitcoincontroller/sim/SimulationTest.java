package io.bitcoincontroller.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.sim.jvm.SimulatedJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs some seeds, each time in a JVM of its own: the JDK of the tests has the system's time. More
 * of them, and one at a time: scripts/simulate.sh.
 */
class SimulationTest {
  private static final int SEEDS = 100;

  /** Seeds that failed once, and what they showed. */
  private static final String FOUND =
      """
      whole:4  | a watch that is half open does not hear that the server was put back from a backup
      whole:32 | a server that is away for less than a back-off is put back, and nobody notices
      whole:44 | a Secret is read every five minutes: until then the conditions know no better
      whole:878 | a pod whose address is younger than the backup that is put back has it still
      whole:3585 | a cache that missed a deletion shows two pods at one address, and one is the right one
      whole:3028 | a new history overtakes the watch of Services, and another watch notices it
      whole:109098 | a list of one store notices a backup that was put back, and the others hear of it
      whole:3743 | a backup without the generated Secret: people delete pods that refuse the new password
      1009922 | a backup shows pods as starting that nobody starts any more
      1027808 | a node lists its peers already, and starts anew before its list is read
      1037733 | a watch broke, and another store found the server away: no version is believed
      1107559 | the same, of a store that was listed just before
      1115222 | the same, where a network has its old version again
      1132473 | the same once more
      1228189 | a backup is put back, and an address must not be given to two pods
      1261979 | the same
      1233553 | a password changes unseen, then the template: the oldest pods keep one that nobody knows
      1605453 | people mine where two chains are of one height, and that pod goes with its blocks
      1749723 | a new history overtakes all watches, and only a request shows that a network is gone
      """;

  @TempDir static Path folder;

  record Run(int code, String said) {}

  private static List<String> answers = List.of();

  @BeforeAll
  static void runAll() throws Exception {
    patch(folder);
    var named = FOUND.lines().map(line -> line.split("\\|", 2)[0].strip());
    var first = LongStream.rangeClosed(1, SEEDS).mapToObj(Long::toString);
    answers = seeds(folder, Stream.concat(first, named).toArray(String[]::new));
  }

  static void patch(Path folder) throws IOException {
    SimulatedJvm.patch(folder);
  }

  static Run run(Path folder, String... arguments) throws IOException, InterruptedException {
    return run(folder, List.of(), arguments);
  }

  private static Run run(Path folder, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    return java(folder, options, "io.bitcoincontroller.sim.Simulate", arguments);
  }

  /** The lines of {@link Seeds}. */
  static List<String> seeds(Path folder, String... arguments)
      throws IOException, InterruptedException {
    var run = java(folder, List.of(), "io.bitcoincontroller.sim.Seeds", arguments);
    assertEquals(0, run.code(), run.said());
    return run.said().lines().toList();
  }

  /** Runs a class in a JVM for simulations. */
  static Run java(Path folder, List<String> options, String type, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SimulatedJvm.options(folder));
    // for a few seeds: the other compiler takes longer than it saves
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(type);
    command.addAll(Arrays.asList(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Run(process.waitFor(), said);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void allIsAsItShallBeWhateverWentWrong() {
    assertEquals(List.of(), answers.stream().filter(line -> !line.contains("|passes|")).toList());
    assertTrue(answers.size() > SEEDS, answers.toString());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = FOUND)
  void aSeedThatShowedSomethingPasses(String seed, String what) {
    var number = seed.replace("whole:", "");
    assertTrue(answers.contains(seed + "|" + number + "|passes|passes"), what);
  }

  /** Neither the machine nor the seeds before it in the same process are part of it. */
  @Test
  void theSameSeedTellsTheSameStoryOnEveryMachine() throws Exception {
    var here = run(folder, "--seed", "18", "--trace");
    var elsewhere =
        run(
            folder,
            List.of(
                "-Duser.timezone=Asia/Kolkata", "-Duser.language=tr", "-XX:ActiveProcessorCount=1"),
            "--seed",
            "17",
            "--runs",
            "2",
            "--trace");
    assertNotEquals("", story(here));
    assertTrue(
        story(elsewhere).endsWith(story(here)),
        () -> "here:\n" + here.said() + "\nelsewhere:\n" + elsewhere.said());
  }

  @Test
  void theSameSeedIsRecordedAsTheSameBytes(@TempDir Path recordings) throws Exception {
    var once = recordings.resolve("once.ndjson");
    var again = recordings.resolve("again.ndjson");
    for (var file : List.of(once, again)) {
      var run = run(folder, "--seed", "18", "--record", file.toString());
      assertEquals(0, run.code(), run.said());
    }
    var lines = Files.readAllLines(once);
    assertTrue(lines.getFirst().startsWith("{\"kind\":\"start\",\"format\":2,"), lines.getFirst());
    assertTrue(lines.stream().anyMatch(line -> line.contains("\"kind\":\"observed\"")), "a pass");
    assertEquals(-1, Files.mismatch(once, again));
  }

  /** Without the last line, which tells how long it took. */
  private static String story(Run run) {
    return run.said().replaceFirst("[^\n]*\n$", "");
  }
}
