package io.bitcoincontroller.sim;

import java.util.Optional;

/** Runs seeds. */
public final class Simulate {
  private Simulate() {}

  public static void main(String... arguments) {
    var first = Long.parseLong(arguments[0]);
    var runs = Integer.parseInt(arguments[1]);
    var trace = arguments.length > 2 && arguments[2].equals("trace");
    var without = arguments.length > 3 ? Without.of(arguments[3]) : Optional.<Without>empty();
    var begun = System.nanoTime();
    var failed = 0;
    var steps = 0L;
    var simulated = 0L;
    for (var seed = first; seed < first + runs; seed++) {
      var scenario = Scenario.of(seed, without);
      var result =
          Simulation.run(scenario, trace ? Optional.of(System.out::println) : Optional.empty());
      steps += result.steps();
      simulated += result.nanos();
      if (result.violation().isPresent()) {
        failed++;
        System.out.println("seed " + seed + ": " + result.violation().get() + " " + scenario.faults());
      }
    }
    System.out.println(
        runs + " runs, " + failed + " failed, " + steps + " steps, "
            + simulated / 1_000_000_000L / 60 + " min simulated, "
            + (System.nanoTime() - begun) / 1_000_000 + " ms");
  }
}
