package io.bitcoincontroller.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.mesh.PeerChange.Add;
import io.bitcoincontroller.mesh.PeerChange.Remove;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListStepTest {
  private static final List<PeerChange> FIVE =
      List.of(
          new Remove("gone"),
          new Add("10.0.0.1"),
          new Add("10.0.0.2"),
          new Add("10.0.0.3"),
          new Add("10.0.0.4"));

  private static PeerAddress pod(int ordinal) {
    return PeerAddress.ofPod("10.0.0." + ordinal);
  }

  private static ListStep step(Set<PeerAddress> connected, int room) {
    return ListStep.of(FIVE, connected, Map.of(pod(2), 2), room);
  }

  @Test
  void whatTheNodeDialsItselfIsDialledFirst() {
    var step = step(Set.of(pod(1), pod(3), pod(4)), 0);
    assertEquals(FIVE, step.changes());
    assertEquals(List.of(2), step.dials());
    assertTrue(step.complete());
  }

  @Test
  void whatIsConnectedIsNotDialled() {
    assertEquals(List.of(), step(Set.of(pod(1), pod(2), pod(3), pod(4)), 0).dials());
  }

  @Test
  void ofTheRestOnlyAFewAreListedAndTheFirstOnesFirst() {
    var step = step(Set.of(), 2);
    assertEquals(List.of(FIVE.get(0), FIVE.get(1), FIVE.get(2), FIVE.get(3)), step.changes());
    assertFalse(step.complete());
    assertTrue(step(Set.of(), 3).complete());
  }

  @Test
  void aListWithTooManyAlreadyGetsNoneMoreAndLosesWhatItIsToLose() {
    var step = step(Set.of(pod(1)), -4);
    assertEquals(List.of(FIVE.get(0), FIVE.get(1), FIVE.get(2)), step.changes());
  }
}
