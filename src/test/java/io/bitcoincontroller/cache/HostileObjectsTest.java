package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class HostileObjectsTest {
  private static final Duration BOUND = Duration.ofMinutes(3);

  @Test
  void aHundredThousandObjectsOfAllKindsKeepNoGoodOneFromTheStoreOfASmallProcess()
      throws Exception {
    var seed = Long.getLong("seed", System.nanoTime());
    System.out.println("HostileObjectsTest: -Dseed=" + seed);
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-Xmn4m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                HostileObjects.class.getName(),
                String.valueOf(seed))
            .redirectErrorStream(true)
            .start();
    try (var output = process.getInputStream()) {
      var told = new String(output.readAllBytes(), UTF_8);
      assertTrue(process.waitFor(BOUND), "still running");
      assertEquals(0, process.exitValue(), told);
    } finally {
      process.destroyForcibly();
    }
  }
}
