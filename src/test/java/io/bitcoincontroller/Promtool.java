package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Prometheus' own judge of metrics and rules: {@code $PROMTOOL}, or the one on PATH.
 *
 * @param folder for its input and output
 */
record Promtool(Path program, Path folder) {
  private static final long LONGEST_SECONDS = 60;

  /** A run. */
  record Ran(int code, String output) {}

  /** Skips the test if this machine has none. */
  static Promtool need(Path folder) {
    var named = Optional.ofNullable(System.getenv("PROMTOOL")).filter(path -> !path.isEmpty());
    var found =
        named
            .map(Path::of)
            .or(
                () ->
                    Stream.of(
                            System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .map(place -> Path.of(place, "promtool"))
                        .filter(Files::isExecutable)
                        .findFirst());
    assumeTrue(
        found.isPresent(),
        "promtool is not on PATH (scripts/get-promtool.sh fetches it): neither the names of the"
            + " metrics nor the alerts were tried with it");
    return new Promtool(found.get(), folder);
  }

  Ran run(String input, List<String> arguments) throws IOException, InterruptedException {
    var given = Files.writeString(Files.createTempFile(folder, "promtool", ".in"), input);
    var output = Files.createTempFile(folder, "promtool", ".out");
    var command = Stream.concat(Stream.of(program.toString()), arguments.stream()).toList();
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(given.toFile()).redirectOutput(output.toFile());
    var process = builder.start();
    try {
      assertTrue(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS), () -> command + " hangs");
      return new Ran(process.exitValue(), Files.readString(output));
    } finally {
      process.destroyForcibly();
    }
  }
}
