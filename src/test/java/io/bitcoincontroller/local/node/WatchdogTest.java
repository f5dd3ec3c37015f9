package io.bitcoincontroller.local.node;

import static io.bitcoincontroller.local.node.TestNode.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.local.node.Processes.Surroundings;
import io.bitcoincontroller.observe.Log;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose JVM is killed leaves nothing behind. */
final class WatchdogTest {
  /** Starts a process in the folder given, prints its pid, and waits for its own end. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      var folder = Path.of(args[0]);
      var processes = new Processes(folder, folder, Log.text());
      var sleep = List.of("sleep", "1000");
      var here = new Surroundings(Map.of(), folder);
      var process = processes.start(sleep, here, Redirect.DISCARD, Redirect.DISCARD);
      System.out.println(process.pid());
      new CountDownLatch(1).await();
    }
  }

  @Test
  void theWatchdogKillsWhatIsLeftAndRemovesTheFolder(@TempDir Path temp) throws Exception {
    var folder = Files.createDirectory(temp.resolve("a cluster"));
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = System.getProperty("java.class.path");
    var jvm =
        new ProcessBuilder(java, "-cp", classPath, Program.class.getName(), folder.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    try (var output =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
      var pid = Long.parseLong(Optional.ofNullable(output.readLine()).orElseThrow());
      var process = ProcessHandle.of(pid).orElseThrow();
      await("the process has become sleep", () -> command(process).endsWith("sleep"));
      assertTrue(Files.exists(folder.resolve("pids").resolve(Long.toString(pid))));
      jvm.destroyForcibly();
      assertEquals(137, jvm.waitFor());
      await("the process is gone", () -> !process.isAlive());
      await("the folder is gone", () -> !Files.exists(folder));
    } finally {
      jvm.destroyForcibly();
    }
  }

  private static String command(ProcessHandle process) {
    return process.info().command().orElse("");
  }
}
