package io.bitcoincontroller.sim;

import io.bitcoincontroller.sim.world.Fault;
import io.bitcoincontroller.sim.world.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What a seed stands for: who is there, and what goes wrong when.
 *
 * @param networks how many nodes each of them begins with
 * @param controllers 1, or 2 of which one leads
 * @param streamsLists whether the API server is one of Kubernetes 1.32 or later
 * @param chaos how long things go wrong
 * @param faults in their order; the numbers of those that are left when a run is made smaller are
 *     those of the whole list
 */
record Scenario(
    long seed,
    List<Integer> networks,
    int controllers,
    boolean streamsLists,
    Duration chaos,
    List<Fault> faults,
    Optional<Without> without) {
  private static final int MOST_FAULTS = 14;

  static Scenario of(long seed, Optional<Without> without) {
    var random = new SplittableRandom(seed);
    if (random.nextInt(50) == 0) {
      return large(seed, random, without);
    }
    var chaos = Duration.ofSeconds(random.nextInt(15, 90));
    var networks = IntStream.range(0, random.nextInt(1, 3)).map(_ -> random.nextInt(5)).boxed();
    var faults = new ArrayList<Fault>();
    var count = random.nextInt(MOST_FAULTS + 1);
    for (var i = 0; i < count; i++) {
      faults.add(Fault.random(random, chaos));
    }
    faults.add(Fault.random(Kind.MINED, random, Duration.ofSeconds(15)));
    faults.sort(Comparator.comparingLong(Fault::at));
    return new Scenario(
        seed,
        networks.toList(),
        random.nextInt(1, 3),
        random.nextBoolean(),
        chaos,
        List.copyOf(faults),
        without);
  }

  /** More nodes than a bitcoind dials, and nothing goes wrong. */
  private static Scenario large(long seed, SplittableRandom random, Optional<Without> without) {
    return new Scenario(
        seed,
        List.of(random.nextInt(10, 14)),
        1,
        random.nextBoolean(),
        Duration.ofSeconds(10),
        List.of(),
        without);
  }

  Scenario with(List<Fault> others) {
    return new Scenario(
        seed, networks, controllers, streamsLists, chaos, List.copyOf(others), without);
  }

  /** Of the faults only those of these numbers. */
  Scenario only(List<Integer> numbers) {
    return with(numbers.stream().map(faults::get).toList());
  }
}
