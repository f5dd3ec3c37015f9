package io.bitcoincontroller.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.bitcoincontroller.sim.jvm.SimulatedJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs some seeds, each time in a JVM of its own: the JDK of the tests has the system's time. More
 * of them, and one at a time: scripts/simulate.sh.
 */
class SimulationTest {
  @TempDir static Path folder;

  record Run(int code, String said) {}

  @BeforeAll
  static void patchTheJdk() throws IOException {
    patch(folder);
  }

  static void patch(Path folder) throws IOException {
    SimulatedJvm.patch(folder);
  }

  static Run run(Path folder, String... arguments) throws IOException, InterruptedException {
    return run(folder, List.of(), arguments);
  }

  private static Run run(Path folder, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    return started(folder, options, "Simulate", arguments);
  }

  /** The lines of {@link Seeds}. */
  static List<String> seeds(Path folder, String... arguments)
      throws IOException, InterruptedException {
    var run = started(folder, List.of(), "Seeds", arguments);
    assertEquals(0, run.code(), run.said());
    return run.said().lines().toList();
  }

  private static Run started(Path folder, List<String> options, String main, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SimulatedJvm.options(folder));
    // for a few seeds: the other compiler takes longer than it saves
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.bitcoincontroller.sim." + main);
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
  void allIsAsItShallBeWhateverWentWrong() throws Exception {
    var run = run(folder, "--seed", "1", "--runs", "60");
    assertEquals(0, run.code(), run.said());
  }

  @Test
  void theSameSeedTellsTheSameStoryOnEveryMachine() throws Exception {
    var here = run(folder, "--seed", "18", "--trace");
    var elsewhere =
        run(
            folder,
            List.of(
                "-Duser.timezone=Asia/Kolkata", "-Duser.language=tr", "-XX:ActiveProcessorCount=1"),
            "--seed",
            "18",
            "--trace");
    assertEquals(story(here), story(elsewhere));
    assertNotEquals("", story(here));
  }

  /** Without the last line, which tells how long it took. */
  private static String story(Run run) {
    return run.said().replaceFirst("[^\n]*\n$", "");
  }
}
