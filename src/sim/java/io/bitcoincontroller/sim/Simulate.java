package io.bitcoincontroller.sim;

import io.bitcoincontroller.sim.jvm.SimulatedJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs seeds, in a JVM as {@link SimulatedJvm} makes it. A seed that fails is made smaller, and
 * said with the options that repeat it.
 */
public final class Simulate {
  private Simulate() {}

  /**
   * @param every how far a seed is from the next one
   * @param minutes no seed is begun after so long; 0: no limit
   * @param record takes the recording, of one seed only; empty: nothing is recorded
   * @param cut what is played of a scenario
   */
  private record Options(
      long seed,
      int runs,
      int every,
      int minutes,
      boolean trace,
      Optional<Without> without,
      Function<Scenario, Cut> cut,
      Optional<Path> record) {
    Options {
      if (record.isPresent() && runs != 1) {
        throw new IllegalArgumentException("a recording is of one seed");
      }
    }

    static Options of(List<String> arguments) {
      var minutes = Integer.parseInt(value(arguments, "--minutes").orElse("0"));
      var runs = value(arguments, "--runs").map(Integer::valueOf);
      return new Options(
          Long.parseLong(value(arguments, "--seed").orElse("1")),
          runs.orElse(minutes == 0 ? 1 : Integer.MAX_VALUE),
          Integer.parseInt(value(arguments, "--every").orElse("1")),
          minutes,
          arguments.contains("--trace"),
          value(arguments, "--without").map(Options::safeguard),
          cut(arguments),
          value(arguments, "--record").map(Path::of));
    }

    /** An option that cuts something away keeps all the rest of the scenario. */
    private static Function<Scenario, Cut> cut(List<String> arguments) {
      var options = List.of("--whole", "--faults", "--nodes", "--controllers", "--parts");
      if (Collections.disjoint(arguments, options)) {
        return Scenario::usual;
      }
      var faults = value(arguments, "--faults").map(Cut::numbers);
      var nodes = value(arguments, "--nodes").map(Cut::numbers);
      var controllers = value(arguments, "--controllers").map(Integer::valueOf);
      var parts = value(arguments, "--parts").map(Part::of);
      return scenario ->
          new Cut(
              faults.orElse(scenario.whole().faults()),
              nodes.orElse(scenario.whole().nodes()),
              controllers.orElse(scenario.whole().controllers()),
              parts.orElse(scenario.whole().parts()));
    }

    private static Optional<String> value(List<String> arguments, String option) {
      var at = arguments.indexOf(option);
      return at < 0 ? Optional.empty() : Optional.of(arguments.get(at + 1));
    }

    private static Without safeguard(String name) {
      return Without.of(name)
          .orElseThrow(() -> new IllegalArgumentException("not one of " + Without.options()));
    }
  }

  /** Ends with 1 if a seed failed, and with 2 if it was called wrongly. */
  public static void main(String... arguments) {
    try {
      System.exit(run(Options.of(List.of(arguments))) ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.err.println("the recording can't be written: " + e);
      System.exit(1);
    }
  }

  private static boolean run(Options options) throws IOException {
    var recordings = options.record().isPresent() ? Recordings.on() : Recordings.off();
    var begun = System.nanoTime();
    var limit = Duration.ofMinutes(options.minutes()).toNanos();
    var failed = 0;
    var done = 0;
    var simulated = 0L;
    while (done < options.runs() && (limit == 0 || System.nanoTime() - begun < limit)) {
      var seed = options.seed() + (long) done * options.every();
      var scenario = Scenario.of(seed, options.without());
      var cut = options.cut().apply(scenario);
      var result =
          Simulation.run(
              scenario.cut(cut),
              options.trace() ? Optional.of(System.out::println) : Optional.empty(),
              recordings);
      done++;
      simulated += result.nanos();
      if (result.violation().isPresent()) {
        failed++;
        tell(scenario, cut, result.violation().get(), options);
      }
    }
    if (options.record().isPresent()) {
      recordings.write(options.record().get());
    }
    System.out.printf(
        "%d seeds, %d failed; %d hours simulated in %.0f s, with %d ms of CPU a seed%n",
        done,
        failed,
        Duration.ofNanos(simulated).toHours(),
        (System.nanoTime() - begun) / 1e9,
        cpu().toMillis() / Math.max(done, 1));
    return failed == 0;
  }

  /** Of this process since it began: all its threads, those of the JIT among them. */
  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static void tell(Scenario scenario, Cut played, String violation, Options options) {
    System.out.println("seed " + scenario.seed() + ": " + violation);
    if (!options.trace()) {
      var least = Cut.least(played, cut -> violation(scenario.cut(cut)).isPresent());
      System.out.println(
          "  to repeat it: --seed "
              + scenario.seed()
              + " "
              + least.options()
              + options.without().map(each -> " --without " + each.option()).orElse("")
              + " --trace; the faults left are "
              + scenario.cut(least).faults());
    }
  }

  /** What went wrong; empty if all went well. */
  static Optional<String> violation(Scenario scenario) {
    return Simulation.run(scenario, Optional.empty()).violation();
  }
}
