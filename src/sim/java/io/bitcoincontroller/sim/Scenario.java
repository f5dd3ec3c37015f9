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
 * What a seed stands for: who is there, and what goes wrong when. Most are small: more of them run
 * in the same time, and what goes wrong seldom needs a large one.
 *
 * @param networks how many nodes each of them begins with; {@link Cut#ABSENT} if it is not made
 * @param controllers 1, or 2 of which one leads
 * @param streamsLists whether the API server is one of Kubernetes 1.32 or later
 * @param skewed whether the clocks of the controllers differ by more than clocks do
 * @param chaos how long things go wrong
 * @param faults in their order
 * @param parts what comes after recovery
 */
record Scenario(
    long seed,
    List<Integer> networks,
    int controllers,
    boolean streamsLists,
    boolean skewed,
    Duration chaos,
    List<Fault> faults,
    List<Part> parts,
    Optional<Without> without) {
  private static final int MOST_FAULTS = 11;

  private static final int ONE_WHOLE_IN = 16;

  static Scenario of(long seed, Optional<Without> without) {
    var random = new SplittableRandom(seed);
    if (random.nextInt(100) == 0) {
      return large(seed, random, without);
    }
    var chaos = Duration.ofSeconds(random.nextInt(10, 60));
    var count = random.nextInt(3) == 0 ? 2 : 1;
    return new Scenario(
        seed,
        IntStream.range(0, count).map(_ -> random.nextInt(5)).boxed().toList(),
        random.nextInt(1, 3),
        random.nextBoolean(),
        random.nextInt(4) == 0,
        chaos,
        faults(random, chaos),
        parts(random),
        without);
  }

  private static List<Fault> faults(SplittableRandom random, Duration chaos) {
    var faults = new ArrayList<Fault>();
    var count = random.nextInt(MOST_FAULTS + 1);
    for (var i = 0; i < count; i++) {
      faults.add(Fault.random(random, chaos));
    }
    faults.add(Fault.random(Kind.MINED, random, Duration.ofSeconds(10)));
    faults.sort(Comparator.comparingLong(Fault::at));
    return oneBackup(faults);
  }

  /**
   * One at most, and no controller that is away then or later: else a new history could overtake
   * the lost one unseen. The package {@code cache} tells of that limit.
   */
  private static List<Fault> oneBackup(List<Fault> faults) {
    var backups = faults.stream().filter(fault -> fault.kind() == Kind.BACKUP_RESTORED).toList();
    if (backups.isEmpty()) {
      return List.copyOf(faults);
    }
    var backup = backups.getFirst();
    return faults.stream()
        .filter(
            fault ->
                switch (fault.kind()) {
                  case BACKUP_RESTORED -> fault.equals(backup);
                  case CONTROLLER_PAUSED -> fault.at() + fault.lasts() < backup.at();
                  default -> true;
                })
        .toList();
  }

  /** The last ones take the most work. */
  private static List<Part> parts(SplittableRandom random) {
    var parts = new ArrayList<>(List.of(Part.QUIET));
    if (random.nextInt(3) == 0) {
      parts.add(Part.CHANGES);
    }
    if (random.nextInt(5) == 0) {
      parts.add(Part.ROLL_OUT);
    }
    return List.copyOf(parts);
  }

  /**
   * More nodes than a bitcoind dials, or so many that of two nodes neither is among the first eight
   * that the other one lists; and nothing goes wrong.
   */
  private static Scenario large(long seed, SplittableRandom random, Optional<Without> without) {
    return new Scenario(
        seed,
        List.of(random.nextInt(4) == 0 ? 18 : random.nextInt(10, 14)),
        1,
        random.nextBoolean(),
        false,
        Duration.ofSeconds(10),
        List.of(),
        List.of(Part.QUIET),
        without);
  }

  /**
   * What a seed plays unless it is told otherwise, drawn by a chance of its own. A few play all of
   * it. The others have one network, and one part, drawn anew, or none; but all of the faults: most
   * of what is found is found by them, and they cost little.
   */
  Cut usual() {
    var random = new SplittableRandom(~seed);
    if (faults.isEmpty() || random.nextInt(ONE_WHOLE_IN) == 0) {
      return whole();
    }
    var kept = random.nextInt(networks.size());
    var most = random.nextInt(4) == 0 ? 3 : 2;
    return new Cut(
        whole().faults(),
        IntStream.range(0, networks.size())
            .map(each -> each == kept ? Math.min(networks.get(each), most) : Cut.ABSENT)
            .boxed()
            .toList(),
        random.nextBoolean() ? controllers : 1,
        switch (random.nextInt(8)) {
          case 0 -> List.of(Part.QUIET);
          case 1, 2 -> List.of(Part.CHANGES);
          case 3 -> List.of(Part.ROLL_OUT);
          default -> List.of();
        });
  }

  /** Nothing is left out. */
  Cut whole() {
    return new Cut(
        IntStream.range(0, faults.size()).boxed().toList(), networks, controllers, parts);
  }

  /** The numbers of the faults are those of the whole scenario. */
  Scenario cut(Cut to) {
    return new Scenario(
        seed,
        to.nodes(),
        to.controllers(),
        streamsLists,
        skewed,
        chaos,
        to.faults().stream().map(faults::get).toList(),
        to.parts(),
        without);
  }
}
