package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The newest warning about a StatefulSet, and where it is reported. */
class SetWarningTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private static Optional<String> newest(String events, Instant since) {
    return SetWarning.newest(World.yaml("items: " + events).path("items"), since);
  }

  private static String event(String reason, String time) {
    return "{reason: " + reason + ", message: why, " + time + "}";
  }

  @Test
  void theNewestCountsInWhateverOrderTheyCome() {
    var old = event("Old", "lastTimestamp: '2026-01-31T12:00:06Z'");
    for (var time :
        List.of(
            "lastTimestamp: '2026-01-31T12:00:07Z'",
            "lastTimestamp: null, eventTime: '2026-01-31T12:00:07.000000Z'",
            "series: {lastObservedTime: '2026-01-31T12:00:07.000000Z'}",
            "metadata: {creationTimestamp: '2026-01-31T12:00:07Z'}")) {
      var young = event("Young", time);
      assertEquals(Optional.of("Young: why"), newest("[" + old + ", " + young + "]", NOON));
      assertEquals(Optional.of("Young: why"), newest("[" + young + ", " + old + "]", NOON));
    }
  }

  @Test
  void anOlderOneThanTheLastWholeNetworkHasAnotherCauseButForTheSkewOfTwoClocks() {
    var event = "[" + event("X", "lastTimestamp: '2026-01-31T12:00:00Z'") + "]";
    assertEquals(Optional.of("X: why"), newest(event, NOON.plusSeconds(10)));
    assertEquals(Optional.empty(), newest(event, NOON.plusSeconds(11)));
    assertEquals(Optional.of("X: why"), newest(event, Instant.MIN));
  }

  @Test
  void theFirstWordsOfTheStatefulSetsControllerAreLeftOut() {
    var event = "{reason: X, message: 'create Pod a in StatefulSet b failed error: no room'}";
    assertEquals(Optional.of("X: no room"), newest("[" + event + "]", Instant.MIN));
  }

  @Test
  void theConditionTellsItOfTheFirstPodThatIsMissing() {
    var world = new World("nodes: 3");
    world.pods.keySet().retainAll(List.of(0));
    world.pods.put(0, World.waiting(0, "ContainerCreating"));
    world.views.clear();
    world.refused = Optional.of("FailedCreate: exceeded quota");
    var plan = Plan.of(world.seen());
    assertEquals(
        "waiting for net-sts-0, net-sts-1 (FailedCreate: exceeded quota), net-sts-2",
        ready(plan).message());
    assertEquals(Optional.of(Duration.ofSeconds(5)), plan.lookAgain());
  }

  private static Condition ready(Plan plan) {
    return plan.status().conditions().stream()
        .filter(c -> c.type().equals(Condition.READY))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void podsThatASmallerStatefulSetDoesNotWantAreNotMissing() {
    var world = new World("nodes: 3");
    world.pods.remove(2);
    var set = ((Child.Ours) world.statefulSet).object();
    JsonNode smaller = set.content().deepCopy();
    ((ObjectNode) smaller.path("spec")).put("replicas", 2);
    world.statefulSet = World.stored((ObjectNode) smaller, "uid-sts");
    assertEquals(0, world.seen().missing().size());
  }
}
