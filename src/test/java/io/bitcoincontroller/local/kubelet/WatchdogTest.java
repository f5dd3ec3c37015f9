package io.bitcoincontroller.local.kubelet;

import static io.bitcoincontroller.local.kubelet.TestNode.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.local.kubelet.Processes.Surroundings;
import io.bitcoincontroller.observe.LogLines;
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
  /** A grandchild in a session of its own, without a parent; its pid goes into a file. */
  private static final String DAEMON =
      "(setsid sh -c 'echo $$ > \"$0/daemon.new\" && mv \"$0/daemon.new\" \"$0/daemon\" && exec sleep 1000'"
          + " \"$0\" &); ";

  /** Starts a process in the folder given, prints its pid, and waits for its own end. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      var folder = Path.of(args[0]);
      var processes = new Processes(folder, folder, LogLines.onStandardError());
      var sleep = List.of("sh", "-c", DAEMON + "exec sleep 1000", folder.toString());
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
      var file = folder.resolve("daemon");
      await("a daemon", () -> Files.exists(file));
      var daemon = ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
      await("the daemon has become sleep", () -> command(daemon).endsWith("sleep"));
      jvm.destroyForcibly();
      assertEquals(137, jvm.waitFor());
      await("the process is gone", () -> !process.isAlive());
      await("the daemon is gone", () -> !daemon.isAlive());
      await("the folder is gone", () -> !Files.exists(folder));
    } finally {
      jvm.destroyForcibly();
    }
  }

  private static String command(ProcessHandle process) {
    return process.info().command().orElse("");
  }
}
