package io.bitcoincontroller.sim;

import java.util.Optional;

/**
 * Runs seeds that a test names, all in one JVM for simulations. An argument is a seed, or {@code
 * whole} and a seed that plays all of its scenario, or a safeguard, a seed and words, such as
 * {@code fence:22:its lease is over}: seeds from that one on are run without it, until one fails
 * with these words. The answer is a line each: the argument, the seed, what came of it with all
 * safeguards, and what came of it without that one.
 */
final class Seeds {
  private static final int MOST = 1000;
  private static final String PASSES = "passes";

  private Seeds() {}

  public static void main(String... arguments) {
    for (var argument : arguments) {
      var parts = argument.split(":", -1);
      switch (parts.length) {
        case 1 -> {
          var seed = Long.parseLong(argument);
          say(argument, seed, of(seed, Optional.empty()), PASSES);
        }
        case 2 -> {
          var seed = Long.parseLong(parts[1]);
          say(argument, seed, said(Scenario.of(seed, Optional.empty())), PASSES);
        }
        default ->
            search(
                argument, Without.of(parts[0]).orElseThrow(), Long.parseLong(parts[1]), parts[2]);
      }
    }
  }

  private static void search(String argument, Without safeguard, long first, String words) {
    for (var seed = first; seed < first + MOST; seed++) {
      var missed = of(seed, Optional.of(safeguard));
      if (missed.contains(words)) {
        say(argument, seed, of(seed, Optional.empty()), missed);
        return;
      }
    }
    say(argument, first + MOST, PASSES, PASSES);
  }

  private static String of(long seed, Optional<Without> without) {
    var scenario = Scenario.of(seed, without);
    return said(scenario.cut(scenario.usual()));
  }

  private static String said(Scenario scenario) {
    return Simulate.violation(scenario).orElse(PASSES);
  }

  private static void say(String argument, long seed, String with, String without) {
    System.out.println(argument + "|" + seed + "|" + with + "|" + without);
  }
}
