package io.bitcoincontroller.bench;

import io.bitcoincontroller.local.user.ControllerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The memory and requests of a controller's process, by the system's and by its own account. */
final class Cost {
  private Cost() {}

  static double cpuSeconds(ControllerProgram controller) {
    var info = ProcessHandle.of(controller.pid()).orElseThrow().info();
    return info.totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  /** Its highest resident memory so far. */
  static double residentMiB(ControllerProgram controller) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", "" + controller.pid(), "status"))) {
      var peak = lines.filter(line -> line.startsWith("VmHWM:")).findFirst().orElseThrow();
      return Long.parseLong(peak.replaceAll("[^0-9]", "")) / 1024.0;
    }
  }

  /** The values of its counters with this prefix; none while it does not listen yet. */
  static Map<String, Double> metrics(ControllerProgram controller, String prefix)
      throws InterruptedException {
    var values = new TreeMap<String, Double>();
    try {
      controller
          .get("/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith(prefix))
          .forEach(
              line -> {
                var space = line.lastIndexOf(' ');
                values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
              });
      return values;
    } catch (IOException _) {
      return Map.of();
    }
  }

  static double sum(ControllerProgram controller, String prefix) throws InterruptedException {
    return metrics(controller, prefix).values().stream().mapToDouble(value -> value).sum();
  }
}
