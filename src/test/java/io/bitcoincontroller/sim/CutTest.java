package io.bitcoincontroller.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CutTest {
  private static final Cut WHOLE =
      new Cut(List.of(0, 1, 2, 3, 4, 5, 6, 7), List.of(4, 3), 2, List.of(Part.values()));

  @Test
  void faultsNodesControllersAndPartsThatAreNotNeededAreLeftOut() {
    var least =
        Cut.least(
            WHOLE,
            cut ->
                cut.faults().containsAll(List.of(2, 7))
                    && cut.nodes().get(0) >= 2
                    && cut.parts().contains(Part.ROLL_OUT));
    assertEquals(new Cut(List.of(2, 7), List.of(2, Cut.ABSENT), 1, List.of(Part.ROLL_OUT)), least);
  }

  @Test
  void whatFailsInAnyCaseIsCutToNothing() {
    assertEquals(
        new Cut(List.of(), List.of(Cut.ABSENT, Cut.ABSENT), 1, List.of()),
        Cut.least(WHOLE, _ -> true));
  }

  @Test
  void whatFailsOnlyAsAWholeStays() {
    assertEquals(WHOLE, Cut.least(WHOLE, WHOLE::equals));
  }

  @Test
  void eachCandidateIsSmallerAndNoneComesTwice() {
    var seen = new ArrayList<Cut>();
    for (var cut : WHOLE.smaller()) {
      assertTrue(size(cut) < size(WHOLE), cut.toString());
      assertTrue(!seen.contains(cut), cut.toString());
      seen.add(cut);
    }
  }

  private static int size(Cut cut) {
    var nodes = cut.nodes().stream().mapToInt(n -> n).sum();
    return cut.faults().size() + nodes + cut.controllers() + cut.parts().size();
  }

  @Test
  void optionsSayWhatIsLeft() {
    assertEquals(
        "--faults none --nodes 2,0 --controllers 1 --parts changes,roll-out",
        new Cut(List.of(), List.of(2, 0), 1, List.of(Part.CHANGES, Part.ROLL_OUT)).options());
    assertEquals(
        "--faults 1,3 --nodes -,2 --controllers 2 --parts none",
        new Cut(List.of(1, 3), List.of(Cut.ABSENT, 2), 2, List.of()).options());
    assertEquals(List.of(Cut.ABSENT, 2), Cut.numbers("-,2"));
    assertEquals(List.of(), Cut.numbers("none"));
    assertEquals(List.of(Part.CHANGES, Part.ROLL_OUT), Part.of("changes,roll-out"));
    assertEquals(List.of(), Part.of(Part.options(List.of())));
  }

  @Test
  void aWholeScenarioCutToAllOfItIsItself() {
    for (var seed = 1; seed < 100; seed++) {
      var scenario = Scenario.of(seed, Optional.empty());
      assertEquals(scenario, scenario.cut(scenario.whole()));
    }
  }
}
