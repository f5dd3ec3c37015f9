package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.StoredObject;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a write, and which storage is another one. */
class ChildPlanTest {
  private static List<Note> news(World world) {
    return Plan.of(world.seen()).writes().stream().flatMap(w -> w.news().stream()).toList();
  }

  private static World with(String wanted, String stored) {
    var world = new World(wanted);
    world.statefulSet = new World(stored).statefulSet;
    return world;
  }

  @Test
  void whatIsMadeIsToldByKindAndName() {
    var world = new World("nodes: 0");
    world.service = world.statefulSet = new Child.Absent();
    assertEquals(
        List.of(
            new Note(false, "Created", "created Service net-svc"),
            new Note(false, "Created", "created StatefulSet net-sts")),
        news(world));
  }

  @Test
  void aScaleIsToldWithBothSizes() {
    assertEquals(
        List.of(new Note(false, "Scaled", "from 2 to 3 nodes")),
        news(with("nodes: 3", "nodes: 2")));
  }

  @Test
  void whatSomebodyElseChangedIsToldAsPutRight() {
    var world = new World("nodes: 0");
    var service = ((Child.Ours) world.service).object().content().deepCopy();
    ((ObjectNode) service.path("spec")).put("clusterIP", "10.96.0.9");
    world.service = new Child.Ours(Json.convert(service, StoredObject.class));
    assertEquals(
        List.of(new Note(false, "Updated", "made Service net-svc as the spec wants it")),
        news(world));
  }

  private static World withService(Consumer<ObjectNode> edit) {
    var world = new World("nodes: 0");
    ObjectNode service = ((Child.Ours) world.service).object().content().deepCopy();
    edit.accept(service);
    world.service = new Child.Ours(Json.convert(service, StoredObject.class));
    return world;
  }

  @Test
  void whatSomebodyElseAddedToASelectorIsTakenAwayOnceAllElseIsRight() {
    var world = withService(s -> s.withObject("/spec/selector").put("tier", "x"));
    var write = Plan.of(world.seen()).writes().getFirst();
    assertEquals(
        "application/strategic-merge-patch+json PATCH"
            + " {\"spec\":{\"selector\":{\"tier\":null}},\"metadata\":{\"uid\":\"uid-svc\"}}",
        write.request().contentType()
            + " "
            + write.request().method()
            + " "
            + write.request().body().orElseThrow());
    assertEquals(
        List.of(new Note(false, "Updated", "made Service net-svc as the spec wants it")),
        news(world));
    var both =
        withService(
            s -> {
              s.withObject("/spec/selector").put("tier", "x");
              s.withObject("/spec").put("clusterIP", "10.96.0.9");
            });
    assertEquals(
        "application/apply-patch+yaml",
        Plan.of(both.seen()).writes().getFirst().request().contentType());
  }

  /** Or fields that it had at first, and that are not rendered any more, would stay. */
  @Test
  void anObjectThatIsAsCreatedIsMadeReadyForAppliesBeforeTheFirstOne() {
    var world =
        withService(
            s -> {
              s.withObject("/metadata/annotations")
                  .put("bitcoincontroller.christianb93.github.com/as-created", "true");
              s.withObject("/spec").put("clusterIP", "10.96.0.9");
            });
    var write = Plan.of(world.seen()).writes().getFirst();
    assertTrue(write.handsOver());
    assertEquals("GET /api/v1/namespaces/default/services/net-svc", write.request().toString());
    assertEquals(List.of(), news(world));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "storage: {size: 1Gi}                          | storage: {size: 1024Mi}",
        "storage: {size: 1Gi, storageClassName: fast}  | storage: {size: 1Gi, storageClassName: fast}",
        "topology: FullMesh                            | topology: FullMesh"
      })
  void theSameStorageInOtherWordsIsNoChange(String wanted, String stored) {
    var plan = Plan.of(with("nodes: 0, " + wanted, "nodes: 0, " + stored).seen());
    assertFalse(
        plan.status().conditions().stream().anyMatch(c -> c.reason().equals("StorageImmutable")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "storage: {size: 2Gi}                          | storage: {size: 1Gi}",
        "storage: {size: 1Gi, storageClassName: fast}  | storage: {size: 1Gi}",
        "storage: {size: 1Gi}                          | topology: FullMesh",
        "topology: FullMesh                            | storage: {size: 1Gi}"
      })
  void storageOfAnotherSizeOrClassOrNoneIsAChange(String wanted, String stored) {
    var plan = Plan.of(with("nodes: 0, " + wanted, "nodes: 0, " + stored).seen());
    assertEquals("StorageImmutable", plan.status().conditions().getFirst().reason());
  }
}
