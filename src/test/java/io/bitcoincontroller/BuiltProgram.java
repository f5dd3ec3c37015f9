package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The jar that this build has made, as java finds it. A suite starts it some 250 times, so it gets
 * what it has in the image: an ahead-of-time cache, which saves half of a start. The first test
 * that needs the jar makes the cache.
 */
final class BuiltProgram {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path CACHE = TARGET.resolve("tests.aot");
  private static final Duration CACHE_IS_WRITTEN = Duration.ofMinutes(3);

  private BuiltProgram() {}

  /** What follows {@code java}, up to the program's own flags. */
  static synchronized List<String> command() throws IOException, InterruptedException {
    var jar = jar();
    if (!Files.exists(CACHE)
        || Files.getLastModifiedTime(CACHE).compareTo(Files.getLastModifiedTime(jar)) < 0) {
      train(jar);
    }
    return command("-XX:AOTCache=" + CACHE, jar);
  }

  private static Path jar() throws IOException {
    try (var jars = Files.newDirectoryStream(TARGET, "bitcoin-controller-*.jar")) {
      for (var jar : jars) {
        return jar;
      }
    }
    throw new IOException("no jar in " + TARGET + ": mvn package makes it");
  }

  /** The JVM's own log is off: its lines would stand among those that tests read. */
  private static List<String> command(String cache, Path jar) {
    var flags =
        Stream.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-Xlog:disable", cache);
    return Stream.concat(flags, ControllerProgram.jar(jar).stream()).toList();
  }

  private static void train(Path jar) throws IOException, InterruptedException {
    var folder = Files.createTempDirectory(TARGET, "training");
    try (var nodes = new DoubleNetwork();
        var stage = Stage.simulated(folder, nodes);
        var controller =
            ControllerProgram.start(
                command("-XX:AOTCacheOutput=" + CACHE, jar),
                stage.cluster.kubeconfig(),
                folder.resolve("controller.log"))) {
      var network = stage.create("trained", "{nodes: 2}");
      Waiting.until("the controller has been trained", controller::lastWords, network::well);
      controller.signal("TERM");
      assertEquals(OptionalInt.of(0), controller.exitCode(CACHE_IS_WRITTEN), controller::lastWords);
    }
  }
}
