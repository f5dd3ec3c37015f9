package io.bitcoincontroller.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each safeguard that a simulation can do without is one that it misses. With all of them the same
 * seeds pass, as {@link SimulationTest} shows.
 */
class WithoutTest {
  @TempDir static Path folder;

  @BeforeAll
  static void patchTheJdk() throws Exception {
    SimulationTest.patch(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dirty-set        | 11 | ms after a change
          resync           |  1 | the status of net0 is wrong
          read-your-writes |  5 | writes in vain
          rotation         |  2 | no bitcoind dials
          fence            |  6 | acts although its lease is over
          gated-rollout    |  3 | the last node with the tallest chain goes
          skip-unreadable  | 11 | not as it shall be
          post-first       |  3 | has changed what is somebody else's
          onetry           |  2 | is not linked with
          """)
  void aRunFailsWithoutIt(String safeguard, String seed, String because) throws Exception {
    var run = SimulationTest.run(folder, "--seed", seed, "--trace", "--without", safeguard);
    assertEquals(1, run.code(), run.said());
    assertTrue(run.said().contains(because), run.said());
  }
}
