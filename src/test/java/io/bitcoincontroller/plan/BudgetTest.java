package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network's PodDisruptionBudget: made, mended and taken away; what hinders it is no trouble. */
class BudgetTest {
  private final World world = new World("nodes: 2").meshed();

  private void budget(Child child, String rival) {
    var other = Optional.of(rival).filter(name -> !name.isEmpty());
    world.budget = Optional.of(new Observation.Budget(child, true, other));
  }

  @Test
  void whatHindersItHindersNothingElse() {
    var ready = Plan.of(world.seen()).status().conditions().getFirst();
    for (var child :
        List.of(
            new Child.Foreign("PodDisruptionBudget net-pdb", "nobody"),
            new Child.Unreadable("PodDisruptionBudget net-pdb can't be read"),
            new Child.Leftover("PodDisruptionBudget net-pdb"))) {
      budget(child, "");
      var plan = Plan.of(world.seen());
      assertEquals(ready, plan.status().conditions().getFirst());
      assertEquals(List.of(), plan.writes());
    }
    budget(new Child.Absent(), "theirs");
    assertEquals(List.of(), Plan.of(world.seen()).writes());
    var remark = world.budget.orElseThrow().remark().orElseThrow();
    var status =
        Plan.of(world.seen()).statusAfter(world.seen(), Optional.empty(), Optional.of(remark));
    assertTrue(status.conditions().getFirst().holds());
    assertEquals(ready.reason(), status.conditions().getFirst().reason());
    assertTrue(status.conditions().getFirst().message().contains("theirs selects"));
    budget(new Child.Absent(), "");
    assertEquals(1, Plan.of(world.seen()).writes().size());
  }

  /**
   * policy/v1 says of its selector: patchStrategy=replace. A patch of one key would be all of it.
   */
  @Test
  void itsSelectorIsAppliedAsAWhole() {
    var stored = World.stored(Children.disruptionBudget(world.network, true), "uid-pdb");
    ObjectNode narrowed = stored.object().content().deepCopy();
    narrowed.withObject("/spec/selector/matchLabels").put("tier", "x");
    budget(new Child.Ours(Json.convert(narrowed, StoredObject.class)), "");
    var request = Plan.of(world.seen()).writes().getFirst().request();
    assertEquals("application/apply-patch+yaml", request.contentType());
    assertTrue(request.body().orElseThrow().contains("matchLabels"));
  }

  /** A drain takes one node at a time, of a network of one as well, and any that is not ready. */
  @Test
  void itBlocksNoDrainForGood() {
    for (var spec : List.of("nodes: 1", "nodes: 3")) {
      var network = new World(spec).network;
      var ruled = Children.disruptionBudget(network, true).path("spec").deepCopy();
      assertEquals(1, ruled.path("maxUnavailable").asInt());
      assertFalse(ruled.has("minAvailable"));
      assertEquals("AlwaysAllow", ruled.path("unhealthyPodEvictionPolicy").asText());
      var plain = Children.disruptionBudget(network, false).path("spec");
      assertEquals(((ObjectNode) ruled).without("unhealthyPodEvictionPolicy"), plain);
    }
  }

  @Test
  void aFieldOfTheSpecTakesItAway() {
    var off = new World("nodes: 2, disruptionBudget: false").meshed();
    var ours = World.stored(Children.disruptionBudget(world.network, true), "uid-pdb");
    off.budget = Optional.of(new Observation.Budget(ours, true, Optional.empty()));
    var request = Plan.of(off.seen()).writes().getFirst().request();
    assertEquals("DELETE", request.method());
    assertTrue(request.target().endsWith("/poddisruptionbudgets/net-pdb"), request.target());
    off.budget = Optional.empty();
    assertEquals(List.of(), Plan.of(off.seen()).writes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{selector: {matchLabels: {app: net}}}                                            | true",
        "{selector: {matchLabels: {app: other}}}                                          | false",
        "{selector: {matchLabels: {app: net, tier: x}}}                                   | false",
        "{selector: {}}                                                                   | true",
        "{}                                                                               | false",
        "{selector: {matchExpressions: [{key: app, operator: In, values: [a, net]}]}}     | true",
        "{selector: {matchExpressions: [{key: app, operator: NotIn, values: [a, net]}]}}  | false",
        "{selector: {matchExpressions: [{key: tier, operator: NotIn, values: [x]}]}}      | true",
        "{selector: {matchExpressions: [{key: app, operator: Exists}]}}                   | true",
        "{selector: {matchExpressions: [{key: app, operator: DoesNotExist}]}}             | false"
      })
  void anotherOneIsARivalIfItSelectsThePods(String spec, boolean isRival) throws IOException {
    var list = World.yaml("{items: [{metadata: {name: theirs}, spec: " + spec + "}]}");
    var rivals = Rivals.of(list, Set.of("net", "b"));
    assertEquals(isRival, Optional.of("theirs").equals(Optional.ofNullable(rivals.get("net"))));
  }

  @Test
  void eachNetworkHasItsOwnFirstRivalAndIsItselfNone() throws IOException {
    var list =
        World.yaml(
            """
            items:
            - {metadata: {name: one}, spec: {selector: {matchLabels: {app: a}}}}
            - {metadata: {name: b-pdb}, spec: {selector: {matchLabels: {app: b}}}}
            - metadata: {name: two}
              spec:
                selector:
                  matchLabels: {app.kubernetes.io/name: bitcoind}
                  matchExpressions: [{key: app.kubernetes.io/instance, operator: NotIn, values: [c]}]
            """);
    var rivals = Rivals.of(list, Set.of("a", "b", "c"));
    assertEquals(Map.of("a", "one", "b", "two"), rivals);
  }

  /** A tenant writes the selectors, and any number of them. */
  @Test
  void longSelectorsAndManyNetworksAreNotMultiplied() {
    var networks =
        IntStream.range(0, 5000).mapToObj(i -> "n" + i).collect(Collectors.toUnmodifiableSet());
    var list = JsonNodeFactory.instance.objectNode();
    var selector = list.putArray("items").addObject().putObject("spec").putObject("selector");
    var expressions = selector.putArray("matchExpressions");
    for (var i = 0; i < 200_000; i++) {
      var expression = expressions.addObject().put("key", "app").put("operator", "NotIn");
      expression.putArray("values").add("x" + i);
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertEquals(5000, Rivals.of(list, networks).size()));
  }
}
