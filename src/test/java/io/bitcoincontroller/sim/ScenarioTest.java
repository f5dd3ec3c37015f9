package io.bitcoincontroller.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.sim.world.Fault;
import io.bitcoincontroller.sim.world.Fault.Kind;
import io.bitcoincontroller.sim.world.Weather.Trouble;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small seeds are cheap, but none of what can happen may become rare by it. */
class ScenarioTest {
  private static final List<Scenario> PLAYED =
      LongStream.rangeClosed(1, 2000)
          .mapToObj(seed -> Scenario.of(seed, Optional.empty()))
          .map(scenario -> scenario.cut(scenario.usual()))
          .toList();

  private static double percent(Predicate<Scenario> which) {
    return 100.0 * PLAYED.stream().filter(which).count() / PLAYED.size();
  }

  private static void atLeast(double least, Predicate<Scenario> which) {
    var percent = percent(which);
    assertTrue(percent >= least, () -> percent + " per cent of the seeds");
  }

  private static boolean has(Scenario scenario, Predicate<Fault> fault) {
    return scenario.faults().stream().anyMatch(fault);
  }

  @ParameterizedTest
  @EnumSource
  void eachFaultIsInSomeSeeds(Kind kind) {
    atLeast(8, scenario -> has(scenario, fault -> fault.kind() == kind));
  }

  @ParameterizedTest
  @EnumSource
  void eachTroubleIsInSomeSeeds(Trouble trouble) {
    atLeast(
        8,
        scenario ->
            has(scenario, fault -> fault.kind() == Kind.WEATHER && fault.trouble() == trouble));
  }

  @ParameterizedTest
  @EnumSource
  void eachPartIsInSomeSeeds(Part part) {
    atLeast(10, scenario -> scenario.parts().contains(part));
  }

  @Test
  void someSeedsHaveTwoControllers() {
    atLeast(20, scenario -> scenario.controllers() == 2);
  }

  @Test
  void someSeedsHaveTwoNetworks() {
    atLeast(1, scenario -> made(scenario) == 2);
  }

  /** The Secret of the second network is its user's, and that of the first one is generated. */
  @Test
  void bothNetworksAreInManySeeds() {
    atLeast(60, scenario -> made(scenario, 0));
    atLeast(15, scenario -> made(scenario, 1));
  }

  @Test
  void someSeedsHaveThreeNodesOrMore() {
    atLeast(10, scenario -> scenario.networks().stream().anyMatch(nodes -> nodes >= 3));
  }

  @Test
  void someSeedsHaveMoreNodesThanABitcoindDials() {
    atLeast(0.5, scenario -> scenario.networks().getFirst() > 8);
  }

  @Test
  void someSeedsArePlayedAsAWhole() {
    atLeast(5, scenario -> scenario.equals(Scenario.of(scenario.seed(), Optional.empty())));
  }

  @Test
  void theCutOfASeedIsTheSameEachTime() {
    for (var played : PLAYED) {
      var whole = Scenario.of(played.seed(), Optional.empty());
      assertEquals(played, whole.cut(whole.usual()));
    }
  }

  private static long made(Scenario scenario) {
    return scenario.networks().stream().filter(nodes -> nodes != Cut.ABSENT).count();
  }

  private static boolean made(Scenario scenario, int network) {
    var networks = scenario.networks();
    return network < networks.size() && networks.get(network) != Cut.ABSENT;
  }
}
