package io.bitcoincontroller.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Measures pieces of work against each other. */
public final class Rounds {
  /** The system counts CPU time in steps of 10 ms; after so long, a step is small. */
  private static final double ENOUGH_NANOS = 500e6;

  private static final int WARM_UPS = 4;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Rounds() {}

  /** Something that can be done again and again. */
  public interface Work {
    /**
     * Does it once.
     *
     * @return how many items that were
     */
    long once() throws Exception;
  }

  /**
   * Does all pieces of work in turn, each for half a second of CPU: a few times to warm up, then
   * once a round. So a disturbance of the machine hits all of them.
   *
   * @return for each piece, nanoseconds of CPU per item, one figure a round
   */
  public static List<Figures> inTurn(int rounds, Work... pieces) throws Exception {
    for (var i = 0; i < WARM_UPS; i++) {
      for (var piece : pieces) {
        nanosPerItem(piece);
      }
    }
    var figures = Stream.of(pieces).map(_ -> new ArrayList<Double>()).toList();
    for (var round = 0; round < rounds; round++) {
      for (var i = 0; i < pieces.length; i++) {
        figures.get(i).add(nanosPerItem(pieces[i]));
      }
    }
    return figures.stream().map(Figures::new).toList();
  }

  private static double nanosPerItem(Work piece) throws Exception {
    // each begins with the garbage of none before it
    System.gc();
    var start = cpuNanos();
    var items = 0L;
    while (cpuNanos() - start < ENOUGH_NANOS) {
      items += piece.once();
    }
    return (double) (cpuNanos() - start) / items;
  }

  /** CPU time that this process has used since its start. */
  public static long cpuNanos() {
    return SYSTEM.getProcessCpuTime();
  }
}
