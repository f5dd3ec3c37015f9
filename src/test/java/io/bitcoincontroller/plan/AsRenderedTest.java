package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AsRenderedTest {
  /** What a pass remembers after one that had nothing to write. */
  private static World settled() {
    var world = new World("nodes: 3");
    var plan = Plan.of(world.seen());
    assertEquals(List.of(), plan.writes());
    world.asRendered = plan.asRendered();
    assertNotEquals(Optional.empty(), world.asRendered);
    return world;
  }

  private static void samePlanAsWithout(World world) {
    var with = Plan.of(world.seen());
    world.asRendered = Optional.empty();
    var without = Plan.of(world.seen());
    assertEquals(words(without), words(with));
    assertEquals(without.rollout(), with.rollout());
    assertEquals(without.asRendered(), with.asRendered());
  }

  private static List<String> words(Plan plan) {
    return plan.writes().stream().map(write -> write.request().toString()).toList();
  }

  private static void writesAgain(Consumer<World> change) {
    var world = settled();
    change.accept(world);
    assertNotEquals(List.of(), Plan.of(world.seen()).writes());
    samePlanAsWithout(world);
  }

  @Test
  void whereNothingChangesNothingIsWritten() {
    var world = settled();
    assertEquals(List.of(), Plan.of(world.seen()).writes());
    samePlanAsWithout(world);
  }

  @Test
  void whatThePodsDoIsNoReasonToRenderAgain() {
    var world = settled();
    world.pods.put(1, World.pod(1, "10.0.0.9", false));
    world.views.remove(1);
    assertEquals(world.asRendered, Plan.of(world.seen()).asRendered());
    samePlanAsWithout(world);
  }

  @Test
  void anotherSpecIsWritten() {
    writesAgain(
        world -> {
          ObjectNode metadata = Json.MAPPER.valueToTree(world.network.metadata());
          metadata.put("generation", world.network.metadata().generation() + 1);
          var spec = World.network("nodes: 3, config: [uacomment=1]").spec();
          var status = world.network.status();
          world.network = new BitcoinNetwork(Json.convert(metadata, Meta.class), spec, status);
        });
  }

  @Test
  void otherCredentialsAreWritten() {
    writesAgain(
        world -> world.secret = new SecretState.Usable(new Credentials("user", "another one")));
  }

  @Test
  void aChildThatIsGoneIsWritten() {
    writesAgain(world -> world.service = new Child.Absent());
  }

  @Test
  void aChildThatSomebodyChangedIsWritten() {
    writesAgain(
        world -> {
          var changed = ((Child.Ours) world.statefulSet).object().content().<ObjectNode>deepCopy();
          changed.withObject("/spec").put("replicas", 7);
          world.statefulSet = World.stored(changed, "uid-sts");
        });
  }

  @Test
  void aBudgetThatIsMissingIsWritten() {
    writesAgain(
        world ->
            world.budget =
                Optional.of(new Observation.Budget(new Child.Absent(), true, Optional.empty())));
  }
}
