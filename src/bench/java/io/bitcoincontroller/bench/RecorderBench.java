package io.bitcoincontroller.bench;

import io.bitcoincontroller.local.user.ControllerProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/**
 * Measures what the flight recorder costs while nobody looks: controllers with and without it, in
 * turn, over the same networks. Each makes its first pass over all, and then has the time of a look
 * at each. One life differs from the next by up to a tenth, so that a few rounds tell nothing.
 */
final class RecorderBench {
  private static final Duration QUIET = Duration.ofSeconds(30);
  private static final Duration BOUND = Duration.ofMinutes(5);
  private static final double MOST = 1.02;

  /**
   * One life of a controller.
   *
   * @param cpu seconds
   * @param memory at most, MiB
   * @param recorded bytes
   */
  private record Life(double cpu, double memory, double recorded) {}

  private RecorderBench() {}

  /** {@code RecorderBench <jar> <file of JVM's flags> <manifests> <networks> <rounds>}. */
  public static void main(String[] args) throws Exception {
    var program = List.of("@" + args[1], "-jar", args[0]);
    var count = Integer.parseInt(args[3]);
    var folder = Files.createTempDirectory("recorder-bench");
    var with = new ArrayList<Life>();
    var without = new ArrayList<Life>();
    try (var networks = new ManyNetworks(folder.resolve("cluster"), Path.of(args[2]));
        var table = new Table("the recorder: %,d x %d pods".formatted(count, ManyNetworks.NODES))) {
      networks.create(count);
      var log = folder.resolve("controller.log");
      var kubeconfig = networks.cluster.kubeconfig();
      try (var wellness = new Wellness(networks);
          var _ = ControllerProgram.start(program, kubeconfig, log)) {
        wellness.await(count);
      }
      for (var round = 0; round < Integer.parseInt(args[4]); round++) {
        // the second of two finds a warmer machine: each is second in turn
        for (var page : round % 2 == 0 ? List.of(true, false) : List.of(false, true)) {
          try (var controller =
              ControllerProgram.start(program, kubeconfig, log, "--page=" + page)) {
            (page ? with : without).add(live(controller, count));
          }
        }
      }
      var cpu = figures(with, Life::cpu);
      table.row("a start and a look at each: CPU seconds", 2, cpu, Goal.none());
      table.row("  without the recorder", 2, figures(without, Life::cpu), Goal.none());
      var ratio = cpu.over(figures(without, Life::cpu));
      table.row("  the ratio, round by round", 3, ratio, new Goal.AtMost(MOST));
      table.row("resident memory at most, MiB", 0, figures(with, Life::memory), Goal.none());
      table.row("  without", 0, figures(without, Life::memory), Goal.none());
      table.row("bytes recorded", 0, figures(with, Life::recorded), new Goal.AtMost(4 << 20));
    }
  }

  private static Figures figures(List<Life> lives, ToDoubleFunction<Life> part) {
    return new Figures(lives.stream().mapToDouble(part).boxed().toList());
  }

  private static Life live(ControllerProgram controller, int count) throws Exception {
    Await.until(
        "a pass over each network",
        BOUND,
        () -> Cost.sum(controller, "controller_runtime_reconcile_total{") >= count);
    LockSupport.parkNanos(QUIET.toNanos());
    return new Life(
        Cost.cpuSeconds(controller),
        Cost.residentMiB(controller),
        Cost.sum(controller, "recorder_bytes"));
  }
}
