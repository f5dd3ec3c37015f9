package io.bitcoincontroller.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each safeguard that a simulation can do without is one that it misses: a seed fails without it,
 * for the reason that it is there for, and passes with it. The search begins at a seed of which
 * that is known, and goes on where the controller has changed since.
 */
class WithoutTest {
  private static final String TABLE =
      """
      dirty-set        |  10 | ms after a change
      resync           |   1 | the status of net
      idle-watchdog    |  16 | has been silent for long
      read-your-writes |   3 | writes in vain
      rotation         |   2 | no bitcoind dials
      fence            | 137 | acts although its lease is over
      gated-rollout    |  53 | the last node with the tallest chain goes
      skip-unreadable  |   1 | has an old cache
      post-first       |  10 | has changed what is somebody else's
      onetry           | 203 | is not linked with
      """;

  @TempDir static Path folder;

  /** By the argument. */
  private static List<String> answers = List.of();

  @BeforeAll
  static void runAll() throws Exception {
    SimulationTest.patch(folder);
    var arguments =
        TABLE
            .lines()
            .map(line -> line.split("\\|", -1))
            .map(columns -> argument(columns[0].strip(), columns[1].strip(), columns[2].strip()))
            .toArray(String[]::new);
    answers = SimulationTest.seeds(folder, arguments);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = TABLE)
  void aRunFailsWithoutIt(String safeguard, String seed, String because) {
    var argument = argument(safeguard, seed, because);
    var answer =
        answers.stream()
            .filter(line -> line.startsWith(argument + "|"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no answer: " + answers))
            .split("\\|", 4);
    assertEquals("passes", answer[2], () -> "seed " + answer[1] + " with it");
    assertTrue(answer[3].contains(because), () -> "seed " + answer[1] + ": " + answer[3]);
  }

  private static String argument(String safeguard, String seed, String because) {
    return safeguard + ":" + seed + ":" + because;
  }

  @Test
  void eachSafeguardIsInTheTable() {
    var named =
        TABLE.lines().map(line -> line.split("\\|", 2)[0].strip()).collect(Collectors.toSet());
    var all =
        Arrays.stream(Without.values())
            .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .collect(Collectors.toSet());
    assertEquals(new TreeSet<>(all), new TreeSet<>(named));
  }
}
