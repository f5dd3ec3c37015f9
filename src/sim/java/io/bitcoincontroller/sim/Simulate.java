package io.bitcoincontroller.sim;

import io.bitcoincontroller.sim.jvm.SimulatedJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Runs seeds, in a JVM as {@link SimulatedJvm} makes it. A seed that fails is made smaller, and
 * said with the options that repeat it.
 */
public final class Simulate {
  private Simulate() {}

  /**
   * @param faults numbers of the faults that happen; empty: all
   * @param minutes no seed is begun after so long; 0: no limit
   * @param record takes the recording, of one seed only; empty: nothing is recorded
   */
  private record Options(
      long seed,
      int runs,
      int minutes,
      boolean trace,
      Optional<Path> record,
      Optional<List<Integer>> faults,
      Optional<Without> without) {
    Options {
      if (record.isPresent() && runs != 1) {
        throw new IllegalArgumentException("a recording is of one seed");
      }
    }

    static Options of(List<String> arguments) {
      return new Options(
          Long.parseLong(value(arguments, "--seed").orElse("1")),
          Integer.parseInt(value(arguments, "--runs").orElse("1")),
          Integer.parseInt(value(arguments, "--minutes").orElse("0")),
          arguments.contains("--trace"),
          value(arguments, "--record").map(Path::of),
          value(arguments, "--faults").map(Options::numbers),
          value(arguments, "--without").map(Options::safeguard));
    }

    private static Optional<String> value(List<String> arguments, String option) {
      var at = arguments.indexOf(option);
      return at < 0 ? Optional.empty() : Optional.of(arguments.get(at + 1));
    }

    private static List<Integer> numbers(String text) {
      return text.equals("none")
          ? List.of()
          : Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
    }

    private static Without safeguard(String name) {
      return Without.of(name)
          .orElseThrow(() -> new IllegalArgumentException("not one of " + Without.options()));
    }

    Scenario scenario(long of) {
      var whole = Scenario.of(of, without);
      return faults.map(whole::only).orElse(whole);
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
      var scenario = options.scenario(options.seed() + done);
      var result =
          Simulation.run(
              scenario,
              options.trace() ? Optional.of(System.out::println) : Optional.empty(),
              recordings);
      done++;
      simulated += result.nanos();
      if (result.violation().isPresent()) {
        failed++;
        tell(scenario, result.violation().get(), options);
      }
    }
    if (options.record().isPresent()) {
      recordings.write(options.record().get());
    }
    var seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "%d seeds, %d failed; %d hours simulated in %.0f s%n",
        done, failed, Duration.ofNanos(simulated).toHours(), seconds);
    return failed == 0;
  }

  private static void tell(Scenario scenario, String violation, Options options) {
    System.out.println("seed " + scenario.seed() + ": " + violation);
    if (options.faults().isEmpty() && !options.trace()) {
      var left = smaller(scenario);
      var numbers = left.isEmpty() ? "none" : left.toString().replaceAll("[\\[\\] ]", "");
      System.out.println(
          "  to repeat it: --seed "
              + scenario.seed()
              + " --faults "
              + numbers
              + options.without().map(each -> " --without " + each.option()).orElse("")
              + " --trace; the faults left are "
              + scenario.only(left).faults());
    }
  }

  /** The numbers of few faults with which it still fails: each is left out in its turn. */
  private static List<Integer> smaller(Scenario scenario) {
    var left = new ArrayList<>(IntStream.range(0, scenario.faults().size()).boxed().toList());
    for (var number : List.copyOf(left)) {
      var fewer = new ArrayList<>(left);
      fewer.removeIf(number::equals);
      if (Simulation.run(scenario.only(fewer), Optional.empty()).violation().isPresent()) {
        left = fewer;
      }
    }
    return List.copyOf(left);
  }
}
