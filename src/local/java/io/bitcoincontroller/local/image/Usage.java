package io.bitcoincontroller.local.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The memory and CPU time of a process, by Linux. */
record Usage(ProcessHandle process) {
  /** In {@code /proc/PID/smaps_rollup} and {@code status}, kB are KiB. */
  private static final long KIB = 1024;

  /** VmRSS: all its pages in memory, those of files that others use too included. */
  long residentBytes() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB;
      }
    }
    throw new IOException("process " + process.pid() + " has no memory: it has ended");
  }

  /** User and system time of all its threads, in steps of 10 ms. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
