package io.bitcoincontroller.local.kubelet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class ProcessesTest {
  private static final int ROUNDS = 20;
  private static final int AT_ONCE = 16;
  private static final int KILLED = 128 + 9;

  /** The JDK learns of a process's end in two places, one after the other. */
  @Test
  void theExitValueOfAProcessThatWasEndedIsKnownAtOnce() throws Exception {
    for (var round = 0; round < ROUNDS; round++) {
      try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
        var exitValues = new ArrayList<Future<Integer>>();
        for (var process = 0; process < AT_ONCE; process++) {
          exitValues.add(each.submit(ProcessesTest::exitValueOfAnEndedProcess));
        }
        for (var exitValue : exitValues) {
          assertEquals(KILLED, exitValue.get());
        }
      }
    }
  }

  private static int exitValueOfAnEndedProcess() throws Exception {
    var process = new ProcessBuilder("sleep", "60").start();
    try {
      Processes.end(process, Duration.ZERO);
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
